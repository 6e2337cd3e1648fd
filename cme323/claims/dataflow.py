"""Part B, the dataflow machine: laziness, combiners, partitioners.

Everything is counted by a Context's own counters. "Moved" means written to a
shuffle, as Spark counts: a record that happens to stay in its partition too.
"""

from functools import reduce
from operator import add

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Within
from cme323.datasets import zipf_words
from cme323.engine import Context
from cme323.measure import run

SPARK_PAPER = "Zaharia et al., Resilient Distributed Datasets, NSDI 2012"
STEPS = (0, 1, 2, 4, 8, 16)
PARTITIONS = 4


def increment(x):
    return x + 1


def mapped(sc, steps):
    """A chain of `steps` narrow transformations."""
    return reduce(lambda rdd, _: rdd.map(increment), range(steps), sc.range(100))


def reshuffled(sc, shuffles):
    """A chain of `shuffles` wide transformations, each by other keys."""
    pairs = sc.range(100).map(lambda x: (x, 1))
    for divisor in range(2, 2 + shuffles):
        pairs = pairs.map(lambda kv, d=divisor: (kv[0] // d, kv[1])).reduceByKey(add)
    return pairs


def stages_of(rdd):
    """How many stages it takes to count `rdd`."""
    rdd.count()
    return len(rdd.ctx.jobs[-1].stages)


def records_read(steps):
    """How often a chain of maps reads a record of its source, if collected once."""
    sc = Context(PARTITIONS)
    seen = sc.accumulator(0)

    def read(x):
        seen.add(1)
        return x

    source = sc.range(100).map(read)
    chain = reduce(lambda rdd, _: rdd.map(increment), range(steps), source)
    before = seen.value
    chain.collect()
    return seen.value - before


def tasks_before_an_action(steps):
    sc = Context(PARTITIONS)
    reshuffled(sc, steps)
    return sc.cost.tasks


B10 = Claim(
    id="B10",
    title="Laziness and pipelining",
    statement=(
        "$k$ narrow transformations run as one stage, in one pass over the data; a "
        "chain with $w$ wide ones runs as $1 + w$ stages. Before an action, nothing "
        "runs."
    ),
    source=SPARK_PAPER,
    experiments=(
        Experiment(
            "k maps are 1 stage",
            "stages",
            "k",
            STEPS,
            predict=lambda k: 1,
            run=lambda k: stages_of(mapped(Context(PARTITIONS), k)),
            verdict=Equal(),
        ),
        Experiment(
            "k maps read each of 100 records once",
            "records read",
            "k",
            STEPS,
            predict=lambda k: 100,
            run=records_read,
            verdict=Equal(),
        ),
        Experiment(
            "w shuffles make 1 + w stages",
            "stages",
            "w",
            STEPS,
            predict=lambda w: 1 + w,
            run=lambda w: stages_of(reshuffled(Context(PARTITIONS), w)),
            verdict=Equal(),
        ),
        Experiment(
            "0 tasks before an action",
            "tasks",
            "w",
            STEPS,
            predict=lambda w: 0,
            run=tasks_before_an_action,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "every transformation is a stage of its own: 1 + k",
            "stages",
            "k",
            STEPS,
            predict=lambda k: 1 + k,
            run=lambda k: stages_of(mapped(Context(PARTITIONS), k)),
            verdict=Equal(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, w shuffles take w rounds",
            "rounds",
            "w",
            (0, 1, 2, 4),
            predict=lambda w: w,
            run=lambda w: run(lambda sc: reshuffled(sc, w).count(), sc).cost.rounds,
            verdict=Equal(),
        ),
    ),
)


def moved(method, keys, partitions):
    """Records that reduceByKey or groupByKey moves."""
    pairs = Context(partitions).parallelize([(key, 1) for key in keys])
    return run(lambda sc: method(pairs).count(), pairs.ctx).cost.records


def by_reduce(pairs):
    return pairs.reduceByKey(add)


def by_group(pairs):
    return pairs.groupByKey().mapValues(sum)


def expected_combined(records, keys, partitions):
    """Uniform keys: each of P*K (partition, key) slots is hit at least once or not."""
    share = records // partitions
    return partitions * keys * (1 - (1 - 1 / keys) ** share)


def combined_over_seeds(records, keys, partitions):
    return [
        moved(by_reduce, zipf_words(records, keys, 0, seed), partitions)
        for seed in range(40)
    ]


def spark_bytes(sc, method, keys):
    pairs = sc.parallelize([(key, 1) for key in keys])
    return run(lambda sc: method(pairs).count(), sc).cost.bytes


SIZES = ((1000, 10, 2), (1000, 500, 4), (4000, 50, 8), (16000, 50, 8), (16000, 9000, 4))
ZIPF_SIZES = tuple((*size, s) for size in SIZES for s in (0.0, 1.0, 1.5))

B11 = Claim(
    id="B11",
    title="The combiner",
    statement=(
        "Of $N$ pairs with $K$ keys in $P$ partitions, groupByKey moves $N$ records "
        "and reduceByKey at most $\\min(N, PK)$; if keys are uniform, it moves "
        "$PK\\,(1 - (1 - 1/K)^{N/P})$ on average."
    ),
    source="Dean, Ghemawat, MapReduce, OSDI 2004, section 4.3; expectation derived",
    experiments=(
        Experiment(
            "groupByKey moves N",
            "records moved",
            "N, K, P, Zipf s",
            ZIPF_SIZES,
            predict=lambda n, k, p, s: n,
            run=lambda n, k, p, s: moved(by_group, zipf_words(n, k, s), p),
            verdict=Equal(),
        ),
        Experiment(
            "reduceByKey moves at most min(N, PK)",
            "records moved",
            "N, K, P, Zipf s",
            ZIPF_SIZES,
            predict=lambda n, k, p, s: min(n, p * k),
            run=lambda n, k, p, s: moved(by_reduce, zipf_words(n, k, s), p),
            verdict=AtMost(),
        ),
        Experiment(
            "uniform keys: PK(1 - (1 - 1/K)^(N/P)) on average",
            "records moved",
            "N, K, P",
            ((400, 50, 4), (400, 200, 4), (1600, 200, 8)),
            predict=expected_combined,
            run=combined_over_seeds,
            verdict=Within(),
        ),
    ),
    controls=(
        Experiment(
            "reduceByKey moves at most K, one record a key",
            "records moved",
            "N, K, P, Zipf s",
            ZIPF_SIZES,
            predict=lambda n, k, p, s: k,
            run=lambda n, k, p, s: moved(by_reduce, zipf_words(n, k, s), p),
            verdict=AtMost(),
        ),
        Experiment(
            "uniform keys: K(1 - (1 - 1/K)^N) on average, whatever P",
            "records moved",
            "N, K, P",
            ((400, 200, 4),),
            predict=lambda n, k, p: k * (1 - (1 - 1 / k) ** n),
            run=combined_over_seeds,
            verdict=Within(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, reduceByKey moves no more bytes than groupByKey",
            "bytes moved",
            "N, K",
            ((1000, 10), (4000, 50)),
            predict=lambda n, k: spark_bytes(sc, by_group, zipf_words(n, k)),
            run=lambda n, k: spark_bytes(sc, by_reduce, zipf_words(n, k)),
            verdict=AtMost(),
        ),
    ),
)


def pairs_of(sc, size, partitions=None):
    """`size` pairs; if `partitions` is given, already in the places of their keys."""
    pairs = sc.parallelize([(7 * i, i) for i in range(size)])
    if partitions is None:
        return pairs
    placed = pairs.partitionBy(partitions).cache()
    placed.count()
    return placed


def join_cost(sc, left, right, left_partitions, right_partitions):
    """What a join moves, once both sides are where they are."""
    a = pairs_of(sc, left, left_partitions)
    b = pairs_of(sc, right, right_partitions)
    return run(lambda sc: a.join(b, left_partitions).count(), sc).cost


def joined(left, right, left_partitions, right_partitions):
    sc = Context(PARTITIONS)
    return join_cost(sc, left, right, left_partitions, right_partitions).records


JOINS = ((100, 100, 2), (500, 100, 4), (100, 500, 4), (2000, 2000, 8))

B13 = Claim(
    id="B13",
    title="Co-partitioned joins",
    statement=(
        "A join of two RDDs with the same partitioner moves $0$ records; if only one "
        "side has it, only the other moves."
    ),
    source=SPARK_PAPER + ", section 3.2.2",
    experiments=(
        Experiment(
            "both partitioned alike: 0 records",
            "records moved",
            "left, right, P",
            JOINS,
            predict=lambda left, right, p: 0,
            run=lambda left, right, p: joined(left, right, p, p),
            verdict=Equal(),
        ),
        Experiment(
            "left partitioned: the records of the right",
            "records moved",
            "left, right, P",
            JOINS,
            predict=lambda left, right, p: right,
            run=lambda left, right, p: joined(left, right, p, None),
            verdict=Equal(),
        ),
        Experiment(
            "neither partitioned: the records of both",
            "records moved",
            "left, right",
            tuple(size[:2] for size in JOINS),
            predict=add,
            run=lambda left, right: joined(left, right, None, None),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "as many partitions on both sides is enough: 0 records",
            "records moved",
            "left, right",
            ((100, 100), (500, 100)),
            predict=lambda left, right: 0,
            run=lambda left, right: joined(left, right, None, None),
            verdict=Equal(),
        ),
        Experiment(
            "partitioned into other numbers of partitions: still 0 records",
            "records moved",
            "left, right, P",
            JOINS,
            predict=lambda left, right, p: 0,
            run=lambda left, right, p: joined(left, right, p, p + 1),
            verdict=Equal(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, both partitioned alike: 0 bytes",
            "bytes moved",
            "left, right, P",
            ((100, 100, 2), (2000, 2000, 8)),
            predict=lambda left, right, p: 0,
            run=lambda left, right, p: join_cost(sc, left, right, p, p).bytes,
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (B10, B11, B13)
