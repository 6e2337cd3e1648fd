"""Sample sort: a random sample of the records tells where to cut them into buckets.

    draw aP - 1 records  ->  each a-th is a splitter  ->  shuffle  ->  sort each bucket

The sample has aP gaps, before, between and after its records, and each other record
is as likely to fall into one as into any other. A bucket is a of them: it gets n/P
records on average, with a relative deviation of about 1/sqrt(a). One round.

Left out: a key function. Source: Frazer, McKellar, Samplesort, Journal of the ACM 17
(1970); the sort of MapReduce and Spark.
"""

from bisect import bisect_left
from math import sqrt

from cme323.cost import Cost
from cme323.errors import BadInput


def sample_sort(records, samples=32, buckets=None, seed=0):
    """An RDD of the same records in order, bucket after bucket.

    records: an RDD; samples: how many to draw for each bucket; buckets: by default as
    many as partitions. NB: as in Spark's sorts, the sampling runs at once.

    >>> from cme323 import Context
    >>> sample_sort(Context(partitions=2).parallelize([3, 1, 4, 1, 5, 9])).collect()
    [1, 1, 3, 4, 5, 9]
    """
    if buckets is None:
        buckets = max(records.getNumPartitions(), 1)
    if min(samples, buckets) < 1:
        raise BadInput(
            "expected at least 1 sample for each of at least 1 bucket, but got "
            f"samples={samples} and buckets={buckets}"
        )
    sample = sorted(records.takeSample(False, samples * buckets - 1, seed))
    cuts = splitters(sample, buckets)
    placed = records.map(lambda record: (bisect_left(cuts, record), record))
    moved = placed.partitionBy(buckets, lambda bucket: bucket)
    return moved.values().mapPartitions(sorted)


def splitters(sample, buckets):
    """Those of a sorted sample that leave equally many of its gaps to each bucket.

    >>> splitters([10, 20, 30, 40, 50], buckets=3)
    [20, 40]
    """
    gaps = len(sample) + 1
    ranks = (gaps * bucket // buckets for bucket in range(1, buckets))
    return [sample[rank - 1] for rank in ranks if rank]


def sample_sort_cost(n):
    """Predicted cost on n records: each is written to the one shuffle.

    Sampling moves nothing, but reads the records twice: to count, and to draw.
    """
    return Cost(rounds=1, records=n)


def relative_deviation(n, samples, buckets):
    """Of the load of a bucket, if no two of the n records are equal.

        sqrt((1 - aP/(n + 1)) * (P - 1)/(aP + 1)),  about 1/sqrt(a)

    A bucket gets its share of the n - s = n + 1 - aP records outside the sample, by
    Polya's urn: variance (n - s)(n + 1)(P - 1) / (P^2 (aP + 1)), mean (n + 1)/P.
    """
    gaps = samples * buckets
    return sqrt((1 - gaps / (n + 1)) * (buckets - 1) / (gaps + 1))
