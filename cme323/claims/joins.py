"""Part B, records that have to meet: joins (B12), set operations and sorts (B14).

"Written" is what a machine counts at a shuffle. "Change partition" is what would
travel between machines: of records that go anywhere by chance, 1 - 1/P of those
written.
"""

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.moves import strayed, tagged
from cme323.claims.verdicts import AtMost, Crossover, Equal, Within
from cme323.datasets import zipf_words
from cme323.engine import Context
from cme323.measure import run
from cme323.parallel.broadcast_join import broadcast_join, replicated_join

BLANAS = (
    "Blanas et al., A comparison of join algorithms for log processing in MapReduce, "
    "SIGMOD 2010"
)
SPARK_PAPER = "Zaharia et al., Resilient Distributed Datasets, NSDI 2012"
PARTITIONS = 4
SEEDS = range(40)


def shuffle_join(large, small):
    """RDD.join, into as many partitions as the large side has."""
    return large.join(small, large.getNumPartitions())


JOINS = {
    "shuffle": shuffle_join,
    "replicated": replicated_join,
    "broadcast": broadcast_join,
}


def sides(sc, large, small):
    """R and S, in which every 5th key of R and every 7th of S has a partner."""
    r, s = range(0, 7 * large, 7), range(0, 5 * small, 5)
    return sc.parallelize([(k, "r") for k in r]), sc.parallelize([(k, "s") for k in s])


def partners(large, small):
    """How many keys they have in common: the multiples of 35 in both."""
    return len(range(0, min(7 * large, 5 * small), 35))


def joined(sc, join, large, small):
    """How many pairs a join finds."""
    return join(*sides(sc, large, small)).count()


def join_cost(sc, join, large, small):
    """What a join costs."""
    return run(joined, sc, join, large, small).cost


def written(join, large, small, partitions):
    """Records that a join writes to its shuffles."""
    return join_cost(Context(partitions), join, large, small).records


class Overhearing(Context):
    """A Context that counts the records of the tables that it broadcasts.

    received: by the driver, which made the table, and by each task that asks for it.
    """

    def __init__(self, partitions):
        super().__init__(partitions)
        self.received = self.accumulator(0)

    def broadcast(self, value):
        self.received.add(size_of(value))
        return Overheard(super().broadcast(value), self.received)


class Overheard:
    """A Broadcast that counts its records whenever it is asked for its value."""

    def __init__(self, sent, received):
        self.sent, self.received = sent, received

    @property
    def value(self):
        self.received.add(size_of(self.sent.value))
        return self.sent.value


def size_of(table):
    """The records of {key: [values]}."""
    return sum(map(len, table.values()))


def received(large, small, partitions):
    """Records that the driver and the tasks of a broadcast join receive."""
    sc = Overhearing(partitions)
    joined(sc, broadcast_join, large, small)
    return sc.received.value


def changed_by_shuffle(large, small, partitions, seed):
    """Records that change partition when both sides, with random keys, meet.

    By cogroup, because that keeps the records that have no partner.
    """
    sc = Context(partitions)
    keys = np.random.default_rng(seed).integers(2**40, size=large + small).tolist()
    r, s = sc.parallelize(keys[:large]), sc.parallelize(keys[large:])
    r, s = (tagged(side.map(lambda key: (key, None))) for side in (r, s))
    met = r.cogroup(s, partitions)
    return strayed(met.flatMapValues(lambda both: [*both[0], *both[1]]))


def changed_by_replication(small, partitions):
    """Copies of S that come to a partition which did not hold the record.

    All keys are equal, and R is one record a partition, so each copy is joined once.
    """
    sc = Context(partitions)
    everywhere = sc.parallelize([("any", None)] * partitions)
    s = tagged(sc.parallelize([("any", None)] * small))
    return strayed(replicated_join(everywhere, s).mapValues(lambda met: met[1]))


def lead_of_replication(large, small, partitions):
    """By how many records written the shuffle join is dearer."""
    replicated = written(replicated_join, large, small, partitions)
    return written(shuffle_join, large, small, partitions) - replicated


def lead_of_replication_by_change(large, small, partitions):
    """By how many records that change partition the shuffle join is dearer."""
    replicated = changed_by_replication(small, partitions)
    return changed_by_shuffle(large, small, partitions, seed=0) - replicated


def lead_of_the_driver(large, small, partitions):
    """By how many records a shuffle join is dearer than a broadcast by the driver."""
    shuffled = written(shuffle_join, large, small, partitions)
    return shuffled - received(large, small, partitions)


SIZES = ((1000, 50, 2), (1000, 50, 8), (500, 400, 4), (2000, 300, 16))
NEAR = tuple((600, s, 4) for s in range(100, 275, 25))  # R/P = 150, R/(P - 1) = 200
RANDOM = ((500, 100, 2), (500, 300, 4), (700, 100, 8))

B12 = Claim(
    id="B12",
    title="Broadcast against shuffle joins",
    statement=(
        "A join of $R$ records with $S$ by shuffle writes $R + S$, of which "
        "$(1 - 1/P)(R + S)$ change partition on average. Replicating the $S$ to all "
        "$P$ partitions writes $PS$, and the $S$ that were there already stay: "
        "$(P - 1)S$ change. By either count replication wins if and only if "
        "$S < R/(P - 1)$. A broadcast by the driver writes none to a shuffle; the "
        "driver receives $S$ and the tasks $PS$, so it wins if $S < R/P$."
    ),
    source=BLANAS + "; counts derived",
    experiments=(
        Experiment(
            "the shuffle writes R + S",
            "records written",
            "R, S, P",
            SIZES,
            predict=lambda r, s, p: r + s,
            run=lambda r, s, p: written(shuffle_join, r, s, p),
            verdict=Equal(),
        ),
        Experiment(
            "random keys: (1 - 1/P)(R + S) change partition on average",
            "records that change partition",
            "R, S, P",
            RANDOM,
            predict=lambda r, s, p: (1 - 1 / p) * (r + s),
            run=lambda r, s, p: [changed_by_shuffle(r, s, p, seed) for seed in SEEDS],
            verdict=Within(precision=0.02),
        ),
        Experiment(
            "replication writes PS",
            "records written",
            "R, S, P",
            SIZES,
            predict=lambda r, s, p: p * s,
            run=lambda r, s, p: written(replicated_join, r, s, p),
            verdict=Equal(),
        ),
        Experiment(
            "of which (P - 1)S change partition",
            "records that change partition",
            "S, P",
            tuple(size[1:] for size in SIZES),
            predict=lambda s, p: (p - 1) * s,
            run=changed_by_replication,
            verdict=Equal(),
        ),
        Experiment(
            "a broadcast: S to the driver, PS to the tasks",
            "records received",
            "R, S, P",
            SIZES,
            predict=lambda r, s, p: s + p * s,
            run=received,
            verdict=Equal(),
        ),
        Experiment(
            "and 0 to a shuffle",
            "records written",
            "R, S, P",
            SIZES,
            predict=lambda r, s, p: 0,
            run=lambda r, s, p: written(broadcast_join, r, s, p),
            verdict=Equal(),
        ),
        Experiment(
            "replication writes less below S = R/(P - 1)",
            "lead in records written",
            "R, S, P",
            NEAR,
            predict=lambda r, s, p: r - (p - 1) * s,
            run=lead_of_replication,
            verdict=Crossover(),
        ),
        Experiment(
            "fewer change partition below S = R/(P - 1)",
            "lead in records that change partition",
            "R, S, P",
            NEAR,
            predict=lambda r, s, p: (1 - 1 / p) * (r - (p - 1) * s),
            run=lead_of_replication_by_change,
            verdict=Crossover(),
        ),
        Experiment(
            "through the driver, below S = R/P",
            "lead in records",
            "R, S, P",
            NEAR,
            predict=lambda r, s, p: r - p * s,
            run=lead_of_the_driver,
            verdict=Crossover(),
        ),
        Experiment(
            "all three find the same pairs",
            "pairs found",
            "R, S, join",
            tuple((*size[:2], name) for size in SIZES for name in JOINS),
            predict=lambda r, s, name: partners(r, s),
            run=lambda r, s, name: joined(Context(PARTITIONS), JOINS[name], r, s),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "replication writes S, whatever P",
            "records written",
            "R, S, P",
            SIZES,
            predict=lambda r, s, p: s,
            run=lambda r, s, p: written(replicated_join, r, s, p),
            verdict=Equal(),
        ),
        Experiment(
            "all records that a shuffle writes change partition",
            "records that change partition",
            "R, S, P",
            RANDOM[:1],
            predict=lambda r, s, p: r + s,
            run=lambda r, s, p: [changed_by_shuffle(r, s, p, seed) for seed in SEEDS],
            verdict=Within(),
        ),
        Experiment(
            "replication wins as long as S is the smaller side",
            "lead in records written",
            "R, S, P",
            tuple((600, s, 4) for s in range(100, 900, 100)),
            predict=lambda r, s, p: r - s,
            run=lead_of_replication,
            verdict=Crossover(),
        ),
        Experiment(
            "the detour by the driver is free: below S = R/(P - 1)",
            "lead in records",
            "R, S, P",
            NEAR,
            predict=lambda r, s, p: r - (p - 1) * s,
            run=lead_of_the_driver,
            verdict=Crossover(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, all three find the same pairs",
            "pairs found",
            "R, S, join",
            tuple((500, 400, name) for name in JOINS),
            predict=lambda r, s, name: partners(r, s),
            run=lambda r, s, name: joined(sc, JOINS[name], r, s),
            verdict=Equal(),
        ),
        Experiment(
            "on Spark, a broadcast join takes 0 rounds",
            "rounds",
            "R, S",
            ((500, 400),),
            predict=lambda r, s: 0,
            run=lambda r, s: join_cost(sc, broadcast_join, r, s).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "on Spark, replication moves fewer bytes than a shuffle if S < R/(5P)",
            "bytes moved",
            "R, S",
            ((4000, 200),),
            predict=lambda r, s: join_cost(sc, shuffle_join, r, s).bytes,
            run=lambda r, s: join_cost(sc, replicated_join, r, s).bytes,
            verdict=AtMost(),
        ),
        Experiment(
            "on Spark, a shuffle moves fewer bytes than replication if S = R",
            "bytes moved",
            "R, S",
            ((2000, 2000),),
            predict=lambda r, s: join_cost(sc, replicated_join, r, s).bytes,
            run=lambda r, s: join_cost(sc, shuffle_join, r, s).bytes,
            verdict=AtMost(),
        ),
    ),
)


def operation_cost(name, sc, left, right=()):
    """What a union, a distinct, an intersection or a sort costs."""
    a, b = sc.parallelize(left), sc.parallelize(right)
    does = {
        "union": lambda: a.union(b),
        "distinct": lambda: a.distinct(),
        "intersection": lambda: a.intersection(b),
        "sort": lambda: a.sortBy(lambda x: x),
    }
    return run(lambda sc: does[name]().count(), sc).cost


def written_by(name, partitions, left, right=()):
    return operation_cost(name, Context(partitions), left, right).records


def evens_and_threes(left, right):
    """Two sets without repeats that have some records in common."""
    return range(0, 2 * left, 2), range(0, 3 * right, 3)


def words(n, keys, zipf):
    """Two lists of n words with repeats, of at most `keys` each."""
    return zipf_words(n, keys, zipf, seed=1), zipf_words(n, keys, zipf, seed=2)


def records_read(sc, n):
    """How many records of its source a sort reads."""
    read = sc.accumulator(0)

    def note(x):
        read.add(1)
        return x

    sc.range(n).map(note).sortBy(lambda x: -x).count()
    return read.value


def changed_by_sort(keys, partitions):
    """Records that change partition when they are sorted by key."""
    pairs = Context(partitions).parallelize([(key, None) for key in keys])
    return strayed(tagged(pairs).sortByKey(numPartitions=partitions))


def changed_by_sort_over_seeds(n, partitions):
    """The same for 40 random orders."""
    orders = (np.random.default_rng(seed).permutation(n).tolist() for seed in SEEDS)
    return [changed_by_sort(keys, partitions) for keys in orders]


SETS = ((100, 100, 2), (500, 100, 4), (2000, 2000, 8))
WORDS = tuple(
    (n, k, p, zipf)
    for n, k, p in ((1000, 10, 2), (1000, 500, 4), (4000, 50, 8))
    for zipf in (0.0, 1.0, 1.5)
)
ORDERS = ((400, 2), (400, 4), (800, 8))
ROUNDS = (("union", 0), ("distinct", 1), ("intersection", 1), ("sort", 1))

B14 = Claim(
    id="B14",
    title="Set operations and sorting",
    statement=(
        "A union moves $0$ records. Distinct and intersection shuffle once, after "
        "each partition has dropped its repeats: of $N$ records with $K$ values in "
        "$P$ partitions at most $\\min(N, PK)$ are written on each side, and all if "
        "there is no repeat. A sort reads its input twice, to sample and to shuffle, "
        "and writes $N$ records. If their order is random, $(1 - 1/P)N$ of them "
        "change partition on average."
    ),
    source=SPARK_PAPER + ", table 2; counts derived",
    experiments=(
        Experiment(
            "a union writes 0",
            "records written",
            "A, B, P",
            SETS,
            predict=lambda a, b, p: 0,
            run=lambda a, b, p: written_by("union", p, *evens_and_threes(a, b)),
            verdict=Equal(),
        ),
        Experiment(
            "sets without repeats: an intersection writes A + B",
            "records written",
            "A, B, P",
            SETS,
            predict=lambda a, b, p: a + b,
            run=lambda a, b, p: written_by("intersection", p, *evens_and_threes(a, b)),
            verdict=Equal(),
        ),
        Experiment(
            "with repeats: at most min(A, PK) + min(B, PK)",
            "records written",
            "N, K, P, Zipf s",
            WORDS,
            predict=lambda n, k, p, zipf: 2 * min(n, p * k),
            run=lambda n, k, p, zipf: written_by("intersection", p, *words(n, k, zipf)),
            verdict=AtMost(),
        ),
        Experiment(
            "distinct writes at most min(N, PK)",
            "records written",
            "N, K, P, Zipf s",
            WORDS,
            predict=lambda n, k, p, zipf: min(n, p * k),
            run=lambda n, k, p, zipf: written_by("distinct", p, words(n, k, zipf)[0]),
            verdict=AtMost(),
        ),
        Experiment(
            "a sort writes N",
            "records written",
            "N, P",
            ORDERS,
            predict=lambda n, p: n,
            run=lambda n, p: written_by("sort", p, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "a sort reads its input twice",
            "records read",
            "N",
            (100, 1000),
            predict=lambda n: 2 * n,
            run=lambda n: records_read(Context(PARTITIONS), n),
            verdict=Equal(),
        ),
        Experiment(
            "random order: (1 - 1/P)N change partition on average",
            "records that change partition",
            "N, P",
            ORDERS,
            predict=lambda n, p: (1 - 1 / p) * n,
            run=changed_by_sort_over_seeds,
            verdict=Within(precision=0.03),
        ),
        Experiment(
            "a union takes 0 rounds, the others 1",
            "rounds",
            "operation, rounds",
            ROUNDS,
            predict=lambda name, rounds: rounds,
            run=lambda name, rounds: (
                operation_cost(name, Context(PARTITIONS), range(50), range(90)).rounds
            ),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "a union moves the side that is appended",
            "records written",
            "A, B, P",
            SETS,
            predict=lambda a, b, p: b,
            run=lambda a, b, p: written_by("union", p, *evens_and_threes(a, b)),
            verdict=Equal(),
        ),
        Experiment(
            "an intersection moves the smaller side only",
            "records written",
            "A, B, P",
            SETS,
            predict=lambda a, b, p: min(a, b),
            run=lambda a, b, p: written_by("intersection", p, *evens_and_threes(a, b)),
            verdict=AtMost(),
        ),
        Experiment(
            "a sort reads its input once",
            "records read",
            "N",
            (100, 1000),
            predict=lambda n: n,
            run=lambda n: records_read(Context(PARTITIONS), n),
            verdict=Equal(),
        ),
        Experiment(
            "in reverse order too, at most (1 - 1/P)N change partition",
            "records that change partition",
            "N, P",
            ORDERS,
            predict=lambda n, p: (1 - 1 / p) * n,
            run=lambda n, p: changed_by_sort(range(n, 0, -1), p),
            verdict=AtMost(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, a union takes 0 rounds, the others 1",
            "rounds",
            "operation, rounds",
            ROUNDS,
            predict=lambda name, rounds: rounds,
            run=lambda name, rounds: (
                operation_cost(name, sc, range(50), range(90)).rounds
            ),
            verdict=Equal(),
        ),
        Experiment(
            "on Spark, a sort reads its input 3 times: to count, sample and shuffle",
            "records read",
            "N",
            (1000,),
            predict=lambda n: 3 * n,
            run=lambda n: records_read(sc, n),
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (B12, B14)
