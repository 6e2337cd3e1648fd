"""Laws: every operation is its plain-Python meaning, and costs the same everywhere."""

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Cluster, Context
from cme323.engine import portable_hash
from cme323.engine.actions import Actions
from cme323.engine.joins import ResultIterable
from cme323.engine.numeric import Numeric
from cme323.engine.pairs import PairOperations
from cme323.engine.rdd import RDD
from cme323.engine.reshaping import Reshaping
from cme323.engine.transformations import Transformations

spec = importlib.util.spec_from_file_location(
    "operations", Path(__file__).with_name("operations.py")
)
operations = importlib.util.module_from_spec(spec)
spec.loader.exec_module(operations)

OPERATIONS, KIND, ERROR = operations.OPERATIONS, operations.KIND, operations.ERROR

# An executor: how its context is made, and how many cases each law gets on it.
EXECUTORS = {
    "serial": (lambda: Context(partitions=3), 50),
    "processes": (lambda: Context(3, executor="processes", workers=2), 10),
    "cluster": (lambda: Context(3, cluster=Cluster(machines=3)), 10),
}

everywhere = pytest.mark.parametrize(
    "executor",
    [
        pytest.param(name, marks=pytest.mark.xdist_group(f"laws on {name}"))
        for name in EXECUTORS
    ],
    indirect=True,
)
every_operation = pytest.mark.parametrize("name", OPERATIONS)


@pytest.fixture(scope="module")
def executor(request):
    """(a context that all laws share, how many cases)"""
    make, examples = EXECUTORS[request.param]
    with make() as sc:
        yield sc, examples


def holds(examples, kind, law, sources=None):
    """The law, for so many cases of records of this kind."""
    settings(max_examples=examples)(given(cases(kind, sources))(law))()


# Equal keys of different types, and keys that are hard to place.
KEYS = [0, 1, 2, -1, True, False, 1.0, -0.0, 2**70, -(2**70), float("inf"), None]
KEYS += ["", "a", "aa", "aa", "é", b"a", (), (1, "a"), (True, "a"), ("a", (None, 2.5))]
few = st.sampled_from(9 * [1, True, "aa"] + KEYS)  # so that partitions share keys
numbers = (
    st.integers() | st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False)
)
RECORDS = {
    "any": few | st.tuples(few, numbers) | st.text(max_size=3) | st.binary(max_size=3),
    "pairs": st.tuples(few | st.tuples(few, numbers), st.integers(-9, 9)),
    "numbered": st.tuples(st.integers(-5, 5) | numbers, st.integers(-9, 9)),
    "numbers": numbers,
    "floats": st.floats(-1e6, 1e6) | st.integers(-9, 9).map(lambda v: v * 0.1),
    "words": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5),
}


def anyhow(sc, parts):
    """Partitions of any sizes."""
    return sc.union([sc.parallelize(part, 1) for part in parts])


def evenly(sc, parts):
    return sc.parallelize([v for part in parts for v in part], len(parts))


UNMOVED = {
    "anyhow": anyhow,
    "evenly": evenly,
    "coalesced": lambda sc, parts: anyhow(sc, parts).coalesce(3),
    "cached": lambda sc, parts: evenly(sc, parts).cache(),
}
MOVED = {"dealt": lambda sc, parts: anyhow(sc, parts).repartition(len(parts))}
PLACED = {
    "placed": lambda sc, parts: anyhow(sc, parts).partitionBy(len(parts)),
    "placed in 3": lambda sc, parts: evenly(sc, parts).partitionBy(3),
    "reduced": lambda sc, parts: anyhow(sc, parts).reduceByKey(max),
    "sorted": lambda sc, parts: evenly(sc, parts).sortByKey(
        len(parts) % 2 == 0, len(parts), portable_hash
    ),
}


@dataclass(frozen=True)
class Case:
    """Two RDDs to be: how each is made, and of which partitions; and a number."""

    sources: tuple
    parts: tuple
    n: int

    def rdds(self, sc):
        sources = UNMOVED | MOVED | PLACED
        return [
            sources[source](sc, parts)
            for source, parts in zip(self.sources, self.parts)
        ]


def cut(records, cuts):
    return [records[i:j] for i, j in pairwise([0, *cuts, len(records)])]


def cases(kind, sources=None):
    if sources is None:
        sources = UNMOVED | MOVED | (PLACED if kind in ("pairs", "numbered") else {})
    source = st.sampled_from(list(sources))
    # Lists of lists would take hypothesis longer than the engine takes to run.
    some = st.lists(RECORDS[kind], max_size=20)
    records = some | st.lists(RECORDS[kind], min_size=9, max_size=20)
    cuts = st.lists(st.integers(0, 9), max_size=6).map(sorted)
    parts = st.builds(cut, records, cuts)
    return st.builds(
        Case, st.tuples(source, source), st.tuples(parts, parts), st.integers(1, 7)
    )


def outcome(name, a, b, n, times=1):
    """What the operation gives; of an RDD, all records, asked for so many times."""
    try:
        found = OPERATIONS[name][0](a, b, n)
    except ValueError:
        return ERROR
    if not isinstance(found, RDD):
        return plain(found)
    first, *others = [plain(found.collect()) for _ in range(times)]
    assert all(repr(other) == repr(first) for other in others)
    return first


def plain(value):
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterator | ResultIterable | type({}.items())):
        value = list(value)
    if isinstance(value, list):
        return [plain(v) for v in value]
    if type(value) is tuple:
        return tuple(plain(v) for v in value)
    return value


def same(found, expected, order):
    if order == operations.CLOSE:
        return found == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True)
    if order == operations.IN_ANY_ORDER and isinstance(found, list):
        return sorted(map(repr, found)) == sorted(map(repr, expected))
    return repr(found) == repr(expected)  # 1, 1.0 and True are told apart


@everywhere
@every_operation
def test_every_operation_is_its_plain_python_meaning(executor, name):
    if name == "pipe" and sys.platform == "win32":
        pytest.skip("shlex reads / paths")
    (sc, examples), (_, meaning, order) = executor, OPERATIONS[name]

    def law(case):
        parts = [rdd.glom().collect() for rdd in case.rdds(Context(3))]
        x, y = map(operations.Parts, parts)
        found, expected = outcome(name, *case.rdds(sc), case.n), meaning(x, y, case.n)
        assert same(found, plain(expected), order), (found, plain(expected))

    holds(examples, KIND[name], law)


COUNTERS = "tasks failures records bytes records_read cached hits computed recomputed"


def counts(jobs):
    """All that the stages of some jobs counted."""
    return [
        [stage.name, *(getattr(stage, counter) for counter in COUNTERS.split())]
        for job in jobs
        for stage in job.stages
    ]


@everywhere
@every_operation
def test_two_runs_agree_on_order_and_counts_and_with_serial_on_cost(executor, name):
    sc, examples = executor

    def law(case):
        runs = []
        for context in (sc, sc, Context(3)):
            start, before = len(context.jobs), context.cost
            found = repr(outcome(name, *case.rdds(context), case.n))
            runs.append((found, context.cost - before, counts(context.jobs[start:])))
        first, second, serial = runs
        assert first == second
        assert first[:2] == serial[:2]

    holds(max(5, examples // 5), KIND[name], law)


@everywhere
@every_operation
def test_neither_a_cache_nor_asking_again_changes_an_answer(executor, name):
    sc, examples = executor

    def law(case):
        a, b = case.rdds(sc)
        first = repr(outcome(name, a, b, case.n, times=2))
        a.cache(), b.cache()
        assert repr(outcome(name, a, b, case.n)) == first
        assert repr(outcome(name, a, b, case.n)) == first
        a.unpersist()
        assert repr(outcome(name, a, b, case.n)) == first

    holds(max(5, examples // 5), KIND[name], law)


# The others move no record, and take no round.
SHUFFLES = {
    *("distinct", "groupBy", "intersection", "subtract", "repartition"),
    *("coalesce, with a shuffle", "sortBy", "sortBy, descending", "sortBy, of numbers"),
    *("partitionBy", "partitionBy, a function", "combineByKey", "reduceByKey"),
    *("aggregateByKey", "foldByKey", "foldByKey, before a shuffle", "groupByKey"),
    *("groupByKey, in place", "cogroup", "groupWith", "subtractByKey", "join"),
    *("join, in place", "leftOuterJoin", "rightOuterJoin", "fullOuterJoin"),
    *("sortByKey", "sortByKey, descending", "sortByKey, in place"),
    *("sortByKey, by a keyfunc", "repartitionAndSortWithinPartitions"),
    *(
        "groupByKey, of sorted pairs",
        "join, of sorted pairs",
        "lookup, of sorted pairs",
    ),
    *("treeAggregate", "treeReduce"),
}


@every_operation
def test_only_shuffles_move_records_and_all_that_is_written_is_read(name):
    def law(case):
        sc = Context(3)
        outcome(name, *case.rdds(sc), case.n)
        stages = [stage for job in sc.jobs for stage in job.stages]
        assert (sc.cost.rounds > 0) == (name in SHUFFLES)
        assert sc.cost.records == 0 or name in SHUFFLES
        if not name.startswith("lookup"):  # which reads one partition
            assert sc.cost.records == sum(stage.records_read for stage in stages)

    holds(10, KIND[name], law, UNMOVED)


# Of pairs in place, these make pairs in place; the others have no partitioner.
IN_PLACE = {
    *("filter", "sample", "sample, with replacement", "filter, of pairs", "mapValues"),
    *("flatMapValues", "map, keeping keys", "partitionBy", "partitionBy, a function"),
    *("combineByKey", "reduceByKey", "aggregateByKey", "foldByKey", "groupByKey"),
    *("groupByKey, in place", "sampleByKey", "cogroup", "groupWith", "subtractByKey"),
    *("join", "join, in place", "leftOuterJoin", "rightOuterJoin", "fullOuterJoin"),
    *("sortByKey", "sortByKey, descending", "sortByKey, in place"),
    *("sortByKey, by a keyfunc", "repartitionAndSortWithinPartitions"),
    *("groupByKey, of sorted pairs", "join, of sorted pairs"),
    *("foldByKey, before a shuffle", "groupBy"),
}


@pytest.mark.parametrize(
    "name", [name for name in KIND if KIND[name] in ("any", "pairs", "numbered")]
)
def test_every_key_is_where_the_partitioner_says(name):
    def law(case):
        try:
            found = OPERATIONS[name][0](*case.rdds(Context(3)), case.n)
        except ValueError:  # an action that needs a record
            found = None
        partitioner = getattr(found, "partitioner", None)
        assert (partitioner is not None) == (name in IN_PLACE)
        if partitioner:
            assert partitioner.numPartitions == found.getNumPartitions()
            for i, part in enumerate(found.glom().collect()):
                assert {partitioner(key) for key, _ in part} <= {i}

    holds(10, "numbered" if KIND[name] == "numbered" else "pairs", law, PLACED)


def test_no_operation_is_left_out():
    families = Transformations, Reshaping, PairOperations, Actions, Numeric
    methods = {
        name
        for family in families
        for part in family.__mro__[:-1]
        for name in vars(part)
        if not name.startswith("_")
    }
    assert methods == {name.split(",")[0] for name in OPERATIONS}
