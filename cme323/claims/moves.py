"""Which records change partition, and how many come to each: counted exactly.

A machine counts what is written to a shuffle, and a record that comes back to the
partition it left is written too. To tell them apart, records travel as

    (key, the number of the partition that they left)
"""


def tagged(pairs):
    """(key, number of its partition) for each pair."""
    return pairs.mapPartitionsWithIndex(lambda i, part: ((key, i) for key, _ in part))


def strayed(arrived):
    """How many tagged records are not in the partition that they left."""
    return arrived.mapPartitionsWithIndex(
        lambda i, part: [sum(left != i for _, left in part)]
    ).sum()


def loads(rdd):
    """How many records are in each partition."""
    return rdd.mapPartitions(lambda part: [sum(1 for _ in part)]).collect()
