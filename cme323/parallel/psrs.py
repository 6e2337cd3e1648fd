"""Parallel sorting by regular sampling (PSRS): even buckets without any luck.

    sort each partition  ->  P regular samples of each  ->  each P-th of all is a pivot
    ->  shuffle  ->  merge what came

The samples of a partition stand a block of n/P^2 records apart, so P samples cannot
hide more than 2P blocks: a bucket gets at most 2n/P records, whatever their order,
unless many are equal. One round.

Source: Shi, Schaeffer, Parallel sorting by regular sampling, Journal of Parallel and
Distributed Computing 14 (1992).
"""

from bisect import bisect_left

from cme323.cost import Cost


def psrs(records):
    """An RDD of the same records in order, in as many buckets as it had partitions.

    NB: the sorted partitions are cached, and the sampling runs at once.

    >>> from cme323 import Context
    >>> psrs(Context(partitions=2).parallelize([3, 1, 4, 1, 5, 9])).glom().collect()
    [[1, 1, 3], [4, 5, 9]]
    """
    size = max(records.getNumPartitions(), 1)
    runs = records.mapPartitions(sorted).cache()
    sample = runs.mapPartitions(lambda run: regular_sample(list(run), size)).collect()
    pivots = sorted(sample)[size + size // 2 - 1 :: size][: size - 1]
    placed = runs.map(lambda record: (bisect_left(pivots, record), record))
    moved = placed.partitionBy(size, lambda bucket: bucket)
    # Python's sort finds the P sorted runs and merges them: n/P * log P steps.
    return moved.values().mapPartitions(sorted)


def regular_sample(run, size):
    """The first record of each of `size` blocks of a sorted list.

    >>> regular_sample([10, 20, 30, 40, 50, 60], size=3)
    [10, 30, 50]
    """
    return [run[len(run) * block // size] for block in range(size if run else 0)]


def psrs_cost(n):
    """Predicted cost on n records: each is written to the one shuffle.

    P^2 samples go to the driver.
    """
    return Cost(rounds=1, records=n)


def largest_bucket(n, partitions, copies=1):
    """The most records a bucket can get, if no `copies` + 1 of them are equal.

    With h = n/P^2, rounded up. Between two pivots are at most P - 1 samples, which
    head blocks of h; each partition adds the tail of a block, h - 1; and there are
    the copies of the upper pivot:

        (P - 1)h + P(h - 1) + copies  =  2n/P - n/P^2 - P + copies

    The first bucket has P + floor(P/2) - 1 blocks and no tails, which is less from
    h = 2 on.
    """
    block = -(-n // partitions**2)
    first = (partitions + partitions // 2 - 1) * block
    between = (partitions - 1) * block + partitions * (block - 1)
    return min(n, max(first, between) + copies)
