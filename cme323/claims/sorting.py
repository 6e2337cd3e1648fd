"""Part B, even buckets: by a random sample (B15) and by a regular one (B16).

The load of a bucket is the number of records in a partition of the sorted RDD.
"""

from itertools import zip_longest
from math import sqrt

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.moves import loads
from cme323.claims.verdicts import AtMost, Equal, Slope, Within
from cme323.datasets import zipf_words
from cme323.engine import Context
from cme323.measure import run
from cme323.parallel.psrs import largest_bucket, psrs
from cme323.parallel.sample_sort import relative_deviation, sample_sort

FRAZER = "Frazer, McKellar, Samplesort, Journal of the ACM 17, 1970"
SHI = (
    "Shi, Schaeffer, Parallel sorting by regular sampling, Journal of Parallel and "
    "Distributed Computing 14, 1992"
)
PARTITIONS = 4
BUCKETS = 8


def seeds(number):
    """Seeds whose samples are independent.

    Partition i of a sample draws from seed ^ i, as in Spark: with seeds 0, 1, 2, ...
    two samples would share their draws, only for other partitions.
    """
    return range(0, 1024 * number, 1024)


def bucket_loads(n, samples, buckets, seed):
    """Of a sample sort of n distinct records."""
    records = Context(PARTITIONS).range(n)
    return loads(sample_sort(records, samples, buckets, seed))


def square_deviations(n, samples, buckets, number):
    """How far loads are from n/P, relative and squared, on average: for each seed."""
    mean = (n + 1) / buckets  # less 1 in the last bucket, which ends at no splitter
    expected = np.array([mean] * (buckets - 1) + [mean - 1])
    return [
        float(np.mean((bucket_loads(n, samples, buckets, seed) - expected) ** 2))
        / mean**2
        for seed in seeds(number)
    ]


def deviation(n, samples, buckets, number):
    """The relative standard deviation of the load of a bucket, over seeds."""
    return sqrt(np.mean(square_deviations(n, samples, buckets, number)))


def out_of_place(sort, records):
    """In how many places the sorted RDD differs from Python's sorted list."""
    ordered = sort(Context(PARTITIONS).parallelize(records)).collect()
    return sum(a != b for a, b in zip_longest(ordered, sorted(records)))


def written(sort, records):
    """How many records a sort writes to its shuffles."""
    pairs = Context(PARTITIONS).parallelize(records)
    return run(lambda sc: sort(pairs).count(), pairs.ctx).cost.records


def shuffled(n, seed=0):
    """0, ..., n - 1 in a random order."""
    return np.random.default_rng(seed).permutation(n).tolist()


SAMPLES = tuple(2**k for k in range(6))
LENGTHS = (0, 5, 100, 1000)

B15 = Claim(
    id="B15",
    title="Sample sort",
    statement=(
        "With $a$ samples for each of $P$ buckets, a bucket gets $n/P$ records on "
        "average, with a relative deviation of "
        "$\\sqrt{(1 - aP/(n+1))(P-1)/(aP+1)}$, about $1/\\sqrt{a}$. All $n$ records "
        "are written to one shuffle."
    ),
    source=FRAZER + "; the deviation is derived, by order statistics",
    experiments=(
        Experiment(
            "no record is out of place",
            "records out of place",
            "n",
            LENGTHS,
            predict=lambda n: 0,
            run=lambda n: out_of_place(sample_sort, shuffled(n)),
            verdict=Equal(),
        ),
        Experiment(
            "n records are written",
            "records written",
            "n",
            LENGTHS,
            predict=lambda n: n,
            run=lambda n: written(sample_sort, shuffled(n)),
            verdict=Equal(),
        ),
        Experiment(
            "the first bucket gets (n + 1)/P on average",
            "records in the first bucket",
            "n, a, P",
            ((1023, 32, 8),),
            predict=lambda n, a, p: (n + 1) / p,
            run=lambda n, a, p: [bucket_loads(n, a, p, seed)[0] for seed in seeds(100)],
            verdict=Within(),
        ),
        Experiment(
            "the deviation shrinks as a^(-1/2)",
            "relative deviation",
            "a",
            SAMPLES,
            predict=lambda a: relative_deviation(4095, a, BUCKETS),
            run=lambda a: deviation(4095, a, BUCKETS, 30),
            verdict=Slope(-0.5, 0.05),
        ),
        Experiment(
            "its square is (1 - aP/(n + 1))(P - 1)/(aP + 1)",
            "squared relative deviation",
            "n, a, P",
            ((1023, 4, 64),),
            predict=lambda n, a, p: relative_deviation(n, a, p) ** 2,
            run=lambda n, a, p: square_deviations(n, a, p, 170),
            verdict=Within(),
        ),
    ),
    controls=(
        Experiment(
            "the deviation shrinks as 1/a",
            "relative deviation",
            "a",
            SAMPLES,
            predict=lambda a: 1 / a,
            run=lambda a: deviation(1023, a, BUCKETS, 10),
            verdict=Slope(-1, 0.05),
        ),
        Experiment(
            "all aP samples help each bucket: its square is 1/(aP)",
            "squared relative deviation",
            "n, a, P",
            ((1023, 4, 32),),
            predict=lambda n, a, p: 1 / (a * p),
            run=lambda n, a, p: square_deviations(n, a, p, 40),
            verdict=Within(precision=1),
        ),
        Experiment(
            "one sample a bucket keeps all of them below 2n/P",
            "records in the largest bucket",
            "n, a, P",
            ((1023, 1, 8),),
            predict=lambda n, a, p: 2 * n / p,
            run=lambda n, a, p: max(
                max(bucket_loads(n, a, p, seed)) for seed in seeds(5)
            ),
            verdict=AtMost(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, the same seed gives the same largest bucket",
            "records in the largest bucket",
            "n, a, P, seed",
            ((1023, 4, 8, 1), (1023, 16, 8, 2)),
            predict=lambda n, a, p, seed: max(bucket_loads(n, a, p, seed)),
            run=lambda n, a, p, seed: max(
                loads(sample_sort(sc.parallelize(range(n), PARTITIONS), a, p, seed))
            ),
            verdict=Equal(),
        ),
    ),
)


def adversary(P, block):
    """Distinct records, in P sorted partitions, that fill the second bucket of PSRS.

    Its two pivots are P samples apart. Here each partition has one of these samples,
    and hides the blocks before and after it in the bucket too. P must be at least 3.
    """
    return [
        (_bucket(partition, rank, P, block), partition, rank)
        for partition in range(P)
        for rank in range(P * block)
    ]


def _bucket(partition, rank, P, block):
    """0 up to the first pivot, 1 before the second, 2 from there on."""
    low = 2 if partition < P // 2 else 1  # samples up to the first pivot
    if rank <= (low - 1) * block:
        return 0
    # The sample of the last partition is the second pivot.
    end = low if partition == P - 1 else low + 1
    return 1 if rank < end * block else 2


INPUTS = {
    "random": shuffled,
    "sorted": lambda n: list(range(n)),
    "reversed": lambda n: list(range(n, 0, -1)),
    "up and down": lambda n: [*range(0, n, 2), *range(n - 1, 0, -2)],
    "dealt in turn": lambda n: [i for first in range(8) for i in range(first, n, 8)],
    "Zipf words": lambda n: zipf_words(n, 50, 1.5),
    "all equal": lambda n: [7] * n,
}
DISTINCT, EQUAL = tuple(INPUTS)[:5], tuple(INPUTS)[5:]


def copies(records):
    """How often the most frequent record occurs."""
    return max(map(records.count, set(records)))


def largest(records, partitions):
    """The largest bucket of PSRS."""
    return max(loads(psrs(Context(partitions).parallelize(records))))


SIZES = ((256, 4), (1024, 8), (2048, 16), (4096, 8))
TIGHT = ((3, 4), (4, 4), (4, 25), (8, 16), (16, 8))

B16 = Claim(
    id="B16",
    title="Regular sampling",
    statement=(
        "Parallel sorting by regular sampling never fills a bucket with more than "
        "$2n/P - n/P^2 - P + d \\le 2n/P$ of $n$ distinct records, where $d = 1$, and "
        "there is an input that attains it. If up to $d$ records are equal, the "
        "first bound still holds. (For $n$ a multiple of $P^2$, at least $2P^2$.)"
    ),
    source=SHI + "; the bound with $d$ derived",
    experiments=(
        Experiment(
            "no record is out of place",
            "records out of place",
            "input, n",
            tuple((name, n) for name in INPUTS for n in (100, 1000)),
            predict=lambda name, n: 0,
            run=lambda name, n: out_of_place(psrs, INPUTS[name](n)),
            verdict=Equal(),
        ),
        Experiment(
            "n records are written",
            "records written",
            "n",
            LENGTHS,
            predict=lambda n: n,
            run=lambda n: written(psrs, shuffled(n)),
            verdict=Equal(),
        ),
        Experiment(
            "distinct records: at most 2n/P",
            "records in the largest bucket",
            "input, n, P",
            tuple((name, *size) for name in DISTINCT for size in SIZES),
            predict=lambda name, n, p: 2 * n / p,
            run=lambda name, n, p: largest(INPUTS[name](n), p),
            verdict=AtMost(),
        ),
        Experiment(
            "20 random orders: at most 2n/P",
            "records in the largest bucket",
            "n, P, seed",
            tuple((512, 8, seed) for seed in range(20)),
            predict=lambda n, p, seed: 2 * n / p,
            run=lambda n, p, seed: largest(shuffled(n, seed), p),
            verdict=AtMost(),
        ),
        Experiment(
            "an adversary attains 2n/P - n/P^2 - P + 1",
            "records in the largest bucket",
            "P, n/P^2",
            TIGHT,
            predict=lambda p, block: 2 * p * block - block - p + 1,
            run=lambda p, block: largest(adversary(p, block), p),
            verdict=Equal(),
        ),
        Experiment(
            "d equal records: at most 2n/P - n/P^2 - P + d",
            "records in the largest bucket",
            "input, n, P",
            tuple((name, *size) for name in EQUAL for size in SIZES),
            predict=lambda name, n, p: largest_bucket(n, p, copies(INPUTS[name](n))),
            run=lambda name, n, p: largest(INPUTS[name](n), p),
            verdict=AtMost(),
        ),
    ),
    controls=(
        Experiment(
            "many equal records: still at most 2n/P",
            "records in the largest bucket",
            "input, n, P",
            tuple((name, *size) for name in EQUAL for size in SIZES),
            predict=lambda name, n, p: 2 * n / p,
            run=lambda name, n, p: largest(INPUTS[name](n), p),
            verdict=AtMost(),
        ),
        Experiment(
            "distinct records: at most 1.5 n/P, as the first bucket",
            "records in the largest bucket",
            "P, n/P^2",
            TIGHT,
            predict=lambda p, block: 1.5 * p * block,
            run=lambda p, block: largest(adversary(p, block), p),
            verdict=AtMost(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, the adversary attains the same bound",
            "records in the largest bucket",
            "P, n/P^2",
            ((4, 25), (8, 16)),
            predict=lambda p, block: 2 * p * block - block - p + 1,
            run=lambda p, block: max(
                loads(psrs(sc.parallelize(adversary(p, block), p)))
            ),
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (B15, B16)
