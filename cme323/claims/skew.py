"""Part B, skew: one reducer gets all records of a frequent key, unless it is salted.

The load of a reducer is the number of values that groupByKey brings to its partition:
all pairs move. (reduceByKey is not hurt: its combiner leaves one record of a key in
each partition, see B11.)
"""

from collections import Counter
from operator import add

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope, Within
from cme323.datasets import zipf_words
from cme323.engine import Context, portable_hash
from cme323.measure import run
from cme323.parallel.salted import (
    hot_load,
    most_of_a_key,
    salted_aggregate,
    salted_aggregate_cost,
    salted_groups,
)

SURI = (
    "Suri, Vassilvitskii, Counting triangles and the curse of the last reducer, "
    "WWW 2011"
)
SOURCES = 4  # partitions that the pairs come from
SEEDS = range(40)
HOT = -1  # the frequent key, where we make one


def zipf(n, exponent=2.0):
    """n pairs, the keys of which have Zipf frequencies."""
    return [(word, 1) for word in zipf_words(n, 500, exponent)]


def one_hot(n, hot, seed=0):
    """n pairs in random order: `hot` of one key, the others of keys drawn at random."""
    rng = np.random.default_rng(seed)
    keys = np.concatenate([np.full(hot, HOT), rng.integers(2**40, size=n - hot)])
    return [(key, 1) for key in rng.permutation(keys).tolist()]


def most_frequent(pairs):
    """(key, how many pairs have it) of the most frequent key: the latter is N p_max."""
    return Counter(key for key, _ in pairs).most_common(1)[0]


def hottest(pairs):
    """N p_max."""
    return most_frequent(pairs)[1]


def plain_groups(sc, pairs, partitions):
    """What groupByKey brings together."""
    return sc.parallelize(pairs, SOURCES).groupByKey(partitions, portable_hash)


def shards_of(sc, pairs, shards, partitions):
    """What the first round of a salted aggregate brings together."""
    return salted_groups(sc.parallelize(pairs, SOURCES), shards, partitions)


def loads(groups):
    """How many values each reducer got."""
    return groups.mapPartitions(lambda part: [sum(len(vs) for _, vs in part)]).collect()


def fullest(pairs, partitions):
    """The load of the fullest reducer."""
    return max(loads(plain_groups(Context(), pairs, partitions)))


def others(pairs, partitions):
    """The loads of all reducers but the fullest, together."""
    return sum(sorted(loads(plain_groups(Context(), pairs, partitions)))[:-1])


def fullest_salted(pairs, shards, partitions):
    """The load of the fullest reducer after salting."""
    return max(loads(shards_of(Context(), pairs, shards, partitions)))


def most_of_a_shard(sc, pairs, shards, partitions):
    """The most records of the most frequent key that a reducer gets after salting."""
    key, _ = most_frequent(pairs)
    groups = shards_of(sc, pairs, shards, partitions)
    return max(loads(groups.filter(lambda group: group[0][0] == key)))


def mean_with_a_shard(pairs, shards, partitions):
    """The mean load of the reducers that got records of HOT after salting."""

    def load_if_hot(groups):
        sizes = [(key, len(values)) for (key, _), values in groups]
        return [sum(n for _, n in sizes)] if HOT in dict(sizes) else []

    groups = shards_of(Context(), pairs, shards, partitions)
    return groups.mapPartitions(load_if_hot).mean()


def aggregate_cost(pairs, shards, partitions):
    """What a salted sum costs."""
    rdd = Context(partitions).parallelize(pairs, SOURCES)
    summed = salted_aggregate(rdd, sum, add, shards, partitions)
    return run(lambda sc: summed.count(), rdd.ctx).cost


def wrong_sums(sc, pairs, shards):
    """How many keys of a salted sum have another result than in a loop."""
    rdd = sc.parallelize(pairs, SOURCES)
    sums = salted_aggregate(rdd, sum, add, shards).collectAsMap()
    expected = Counter(key for key, _ in pairs)
    return sum(sums.get(key) != expected[key] for key in expected.keys() | sums.keys())


REDUCERS = tuple(2**k for k in range(2, 9))
SHARDS = tuple(2**k for k in range(6))
TAILS = ((1000, 300, 4), (1000, 300, 16), (2000, 400, 16))
SALTED = ((1000, 500, 4, 15), (1000, 300, 8, 15), (1000, 300, 8, 30))
PRICES = tuple((n, g, p) for n in (500, 4000) for g in (1, 4, 32) for p in (4, 16))

B17 = Claim(
    id="B17",
    title="Skew and salting",
    statement=(
        "If the most frequent of $N$ keys has a share $p_{\\max}$, a hash partitioner "
        "gives one reducer at least $N p_{\\max}$ records, whatever $P$, and "
        "$N p_{\\max} + N(1 - p_{\\max})/P$ on average if the other keys are many. "
        "Salted with $g \\le P$ shards, that is $N p_{\\max}/g + N(1 - p_{\\max})/P$; "
        "the price is a second round of at most $\\min(g, P)$ records for each key."
    ),
    source=SURI + "; the loads derived",
    experiments=(
        Experiment(
            "the other reducers together get at most N(1 - p_max)",
            "records",
            "Zipf s, P",
            tuple((s, p) for s in (1.0, 1.5, 2.0) for p in (2, 8, 32)),
            predict=lambda s, p: 2000 - hottest(zipf(2000, s)),
            run=lambda s, p: others(zipf(2000, s), p),
            verdict=AtMost(),
        ),
        Experiment(
            "Zipf keys: the load N p_max is flat in P",
            "records of the fullest reducer",
            "P",
            REDUCERS,
            predict=lambda p: hottest(zipf(2000)),
            run=lambda p: fullest(zipf(2000), p),
            verdict=Slope(0, 0.05),
        ),
        Experiment(
            "one frequent key: N p_max + N(1 - p_max)/P on average",
            "records of the fullest reducer",
            "N, N p_max, P",
            TAILS,
            predict=lambda n, hot, p: hot_load(n, hot, 1, p),
            run=lambda n, hot, p: [fullest(one_hot(n, hot, seed), p) for seed in SEEDS],
            verdict=Within(precision=0.02),
        ),
        Experiment(
            "salted: at most N p_max/g of it, and one more for each of 4 sources",
            "records of a shard",
            "g",
            SHARDS,
            predict=lambda g: most_of_a_key(hottest(zipf(4000)), g, SOURCES),
            run=lambda g: most_of_a_shard(Context(), zipf(4000), g, 64),
            verdict=AtMost(),
        ),
        Experiment(
            "salted: 95% of one key, load as g^-1",
            "records of the fullest reducer",
            "g",
            SHARDS,
            predict=lambda g: hot_load(4000, 3800, g, 64),
            run=lambda g: fullest_salted(one_hot(4000, 3800), g, 64),
            verdict=Slope(-1, 0.05),
        ),
        Experiment(
            "salted: N p_max/g + N(1 - p_max)/P on average",
            "records of a reducer with a shard",
            "N, N p_max, g, P",
            SALTED,
            predict=hot_load,
            run=lambda n, hot, g, p: [
                mean_with_a_shard(one_hot(n, hot, seed), g, p) for seed in SEEDS
            ],
            verdict=Within(precision=0.02),
        ),
        Experiment(
            "at most N + K min(g, P) records in both rounds",
            "records written",
            "N, g, P",
            PRICES,
            predict=lambda n, g, p: (
                salted_aggregate_cost(n, len(dict(zipf(n))), g, p).records
            ),
            run=lambda n, g, p: aggregate_cost(zipf(n), g, p).records,
            verdict=AtMost(),
        ),
        Experiment(
            "2 rounds",
            "rounds",
            "N, g, P",
            PRICES[:3],
            predict=lambda n, g, p: 2,
            run=lambda n, g, p: aggregate_cost(zipf(n), g, p).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "no sum is wrong",
            "wrong sums",
            "g",
            SHARDS,
            predict=lambda g: 0,
            run=lambda g: wrong_sums(Context(), zipf(1000), g),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "more reducers help: the load falls as 1/P",
            "records of the fullest reducer",
            "P",
            REDUCERS,
            predict=lambda p: 2000 / p,
            run=lambda p: fullest(zipf(2000), p),
            verdict=Slope(-1, 0.05),
        ),
        Experiment(
            "a hash evens out: at most 2N/P",
            "records of the fullest reducer",
            "P",
            REDUCERS,
            predict=lambda p: 2 * 2000 / p,
            run=lambda p: fullest(zipf(2000), p),
            verdict=AtMost(),
        ),
        Experiment(
            "more shards always help: 10% of one key, load as g^-1",
            "records of the fullest reducer",
            "g",
            SHARDS,
            predict=lambda g: 4000 / g,
            run=lambda g: fullest_salted(one_hot(4000, 400), g, 64),
            verdict=Slope(-1, 0.05),
        ),
        Experiment(
            "salting is free: at most N records in both rounds",
            "records written",
            "N, g, P",
            PRICES,
            predict=lambda n, g, p: n,
            run=lambda n, g, p: aggregate_cost(zipf(n), g, p).records,
            verdict=AtMost(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, the fullest reducer is as full",
            "records of the fullest reducer",
            "N, P",
            ((1000, 4), (1000, 16)),
            predict=lambda n, p: fullest(zipf(n), p),
            run=lambda n, p: max(loads(plain_groups(sc, zipf(n), p))),
            verdict=Equal(),
        ),
        Experiment(
            "on Spark, salted: at most N p_max/g of a key, and one for each source",
            "records of a shard",
            "N, g, P",
            ((1000, 4, 16), (1000, 16, 16)),
            predict=lambda n, g, p: most_of_a_key(hottest(zipf(n)), g, SOURCES),
            run=lambda n, g, p: most_of_a_shard(sc, zipf(n), g, p),
            verdict=AtMost(),
        ),
        Experiment(
            "on Spark, no sum is wrong",
            "wrong sums",
            "g",
            (4,),
            predict=lambda g: 0,
            run=lambda g: wrong_sums(sc, zipf(1000), g),
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (B17,)
