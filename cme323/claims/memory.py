"""Part B, memory: what keeping data saves, and what a cache that is too small does.

Work is counted in partitions computed, by a Context's own counters.
"""

from operator import add

from cme323.claims import on_disk
from cme323.claims.claim import Claim, Experiment
from cme323.claims.dataflow import SPARK_PAPER, increment
from cme323.claims.faults import chain
from cme323.claims.verdicts import AtMost, Equal
from cme323.engine import Context, StorageLevel

PARTITIONS = 4
LOAD, STEP = 5, 2  # RDDs from the source to the data, and from there to a result
PASSES = (1, 2, 5, 10, 20, 50, 100)
# The terms of the formulas, in partitions.
L, C, W = PARTITIONS * LOAD, PARTITIONS * STEP, PARTITIONS


def loaded(sc):
    """Data that takes LOAD steps to have; the first is to read it."""
    return chain(sc.range(100), LOAD - 1)


def by_mapreduce(passes):
    """Each pass loads the data, computes, and writes its result to disk."""
    sc = Context(PARTITIONS)
    data, written = loaded(sc), 0
    for _ in range(passes):
        result = chain(data, STEP).persist(StorageLevel.DISK_ONLY)
        result.count()
        written += sc.jobs[-1].total("cached")
        result.unpersist()
    return computed(sc) + written


def uncached(passes):
    return scans(loaded(Context(PARTITIONS)), passes)


def cached(passes):
    return scans(loaded(Context(PARTITIONS)).cache(), passes)


def scans(data, passes):
    for _ in range(passes):
        chain(data, STEP).reduce(add)
    return computed(data.ctx)


def computed(sc):
    return sum(job.total("computed") for job in sc.jobs)


def passes_experiment(says, predict, run, verdict=None):
    return Experiment(
        says,
        "partitions computed, or written to disk",
        "k",
        PASSES,
        predict=predict,
        run=run,
        verdict=verdict or Equal(),
    )


def loads_on_spark(sc, passes, keep):
    """How often Spark loads a record of the source."""
    seen = sc.accumulator(0)
    data = sc.range(100).map(lambda x: (seen.add(1), x)[1])
    if keep:
        data = data.cache()
    for _ in range(passes):
        data.map(increment).reduce(add)
    data.unpersist()
    return seen.value


B8 = Claim(
    id="B8",
    title="Iteration in memory",
    statement=(
        "$k$ passes over data that cost $L$ to load and $c$ to use take $k(L + c)$. "
        "MapReduce also writes each result, for $w$: $k(L + c + w)$. With the data "
        "cached it is $L + kc$. The ratio approaches $(L + c + w)/c$ from below. In "
        "bytes, with $s$ shuffled, MapReduce reads $k(L + 2s)$ and writes $k(2s + w)$; "
        "an RDD reads $kL$, cached $L$, and $L + (k - 1)(1 - \\varphi)L$ if a fraction "
        "$\\varphi$ of it fits."
    ),
    source=SPARK_PAPER + ", section 6.1; the ratio derived",
    experiments=(
        passes_experiment("read again: k(L + c)", lambda k: k * (L + C), uncached),
        passes_experiment(
            "MapReduce: k(L + c + w)", lambda k: k * (L + C + W), by_mapreduce
        ),
        passes_experiment("cached: L + kc", lambda k: L + k * C, cached),
        passes_experiment(
            "MapReduce costs at most (L + c + w)/c = 4 times as much",
            lambda k: (L + C + W) / C,
            lambda k: by_mapreduce(k) / cached(k),
            AtMost(),
        ),
        *on_disk.EXPERIMENTS,
    ),
    controls=(
        passes_experiment(
            "cached, later passes cost nothing: L + c",
            lambda k: L + C,
            cached,
        ),
        passes_experiment(
            "caching saves a factor of (L + c + w)/c from the first pass on",
            lambda k: (L + C + W) / C,
            lambda k: by_mapreduce(k) / cached(k),
        ),
        *on_disk.CONTROLS,
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark, k passes load 100 records k times, or once if they are cached",
            "records loaded",
            "k, cached",
            tuple((k, keep) for k in (1, 3, 6) for keep in (False, True)),
            predict=lambda k, keep: 100 if keep else 100 * k,
            run=lambda k, keep: loads_on_spark(sc, k, keep),
            verdict=Equal(),
        ),
        *on_disk.on_spark(sc),
    ),
)

BLOCKS = 10
BLOCK_RECORDS = 150


def block_size():
    """What one cached partition takes of the memory, by the engine's own estimate."""
    sc = Context(1, memory="1g")
    sc.range(1000, 1000 + BLOCK_RECORDS).cache().count()
    ((*_, size, _on_disk),) = sc.jobs[-1].result.reports[0].counts.sizes
    return size


def third_scan(policy, kept):
    """The job of the third scan of an RDD, of which `kept` of 10 blocks fit."""
    memory = round((kept + 0.5) * block_size())
    with Context(BLOCKS, memory=memory, eviction=policy) as sc:
        rdd = sc.range(1000, 1000 + BLOCK_RECORDS * BLOCKS).map(increment).cache()
        for _ in range(3):
            chain(rdd, STEP).count()
        return sc.jobs[-1]


def hits(policy, kept):
    return third_scan(policy, kept).total("hits")


def paging(says, predict, run, unit="hits in the third scan"):
    sweep = tuple((p, kept) for p in ("spark", "pin") for kept in (0, 1, 5, 9, 10))
    return Experiment(
        says, unit, "policy, blocks that fit", sweep, predict, run, Equal()
    )


LRU = tuple(("lru", kept) for kept in (0, 1, 5, 9))

B9 = Claim(
    id="B9",
    title="Paging",
    statement=(
        "An RDD of which a fraction $\\varphi < 1$ fits in memory is scanned again and "
        "again. If the least recently used block leaves, each leaves just before it is "
        "read: $0$ hits. If blocks of the RDD being stored never leave, as in Spark, "
        "or if the first are pinned, a fraction $\\varphi$ are hits, and a scan costs "
        "$c + (1 - \\varphi)L$."
    ),
    source=SPARK_PAPER + ", section 5.3; Sleator, Tarjan 1985 for LRU",
    experiments=(
        Experiment(
            "LRU: 0 hits, even where 9 of 10 blocks fit",
            "hits in the third scan",
            "policy, blocks that fit",
            LRU,
            predict=lambda policy, kept: 0,
            run=hits,
            verdict=Equal(),
        ),
        Experiment(
            "LRU, if all fits: all are hits",
            "hits in the third scan",
            "policy, blocks that fit",
            (("lru", BLOCKS),),
            predict=lambda policy, kept: BLOCKS,
            run=hits,
            verdict=Equal(),
        ),
        paging(
            "a policy that keeps: what fits is hit", lambda policy, kept: kept, hits
        ),
        paging(
            "a scan costs c + (1 - phi)L",
            lambda policy, kept: STEP * BLOCKS + 2 * (BLOCKS - kept),
            lambda policy, kept: third_scan(policy, kept).total("computed"),
            "partitions computed in the third scan",
        ),
    ),
    controls=(
        Experiment(
            "LRU: a fraction phi are hits",
            "hits in the third scan",
            "policy, blocks that fit",
            LRU,
            predict=lambda policy, kept: kept,
            run=hits,
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (B8, B9)
