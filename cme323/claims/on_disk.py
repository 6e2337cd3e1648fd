"""Part B, memory, in bytes: what k passes over the same files read and write.

    MapReduce                    reads k(L + 2s), writes k(2s + w)
    RDD                          reads kL
    RDD, cached                  reads L
    RDD, a fraction phi cached   reads L + (k - 1)(1 - phi)L

L bytes of data, s shuffled, w of the result. A pass is a step of gradient descent for
y = wx. The bytes are those of the part files, counted where a task opens one.
"""

from functools import partial
from operator import add

from cme323.claims.claim import Experiment
from cme323.claims.verdicts import Equal
from cme323.engine import Context, portable_hash
from cme323.mapreduce import Job, MapReduce
from cme323.mapreduce.pagerank import pagerank
from cme323.mapreduce.record_files import pickled

PARTS, RECORDS = 4, 50  # parts of the data, and records in each
DATA = [(i / 200, i / 50 + i % 7) for i in range(PARTS * RECORDS)]
RATE = 0.01
PASSES = (1, 2, 5, 10, 20)
FITS = tuple((k, kept) for kept in range(PARTS + 1) for k in (1, 2, 6))
EDGES = [(u, (u * u + hop) % 60) for u in range(60) for hop in (1, 7, 30)]


def slope(w, point):
    """The derivative of (wx - y)^2 / 2."""
    x, y = point
    return x * (w * x - y)


def keyed_slope(w, point):
    yield 0, slope(w, point)


def added(key, values):
    yield key, sum(values)


def by_mapreduce(passes):
    """(w, Cost) after k steps, each a job."""
    with MapReduce(PARTS) as machine:
        data, w = machine.write(DATA), 0.0
        for _ in range(passes):
            step = Job(partial(keyed_slope, w), added, combiner=added, reducers=1)
            ((_, total),) = machine.read(machine.run(step, data))
            w -= RATE * total
        return w, machine.cost


def by_rdd(sc, passes, cached=False):
    """(w, bytes read) after k steps on one RDD; `sc` may be Spark's."""
    with MapReduce(PARTS) as machine:
        read = sc.accumulator(0)

        def points_of(part):
            read.add(part.bytes)
            return part.read()

        points, w = sc.parallelize(machine.write(DATA).parts, PARTS), 0.0
        points = points.flatMap(points_of)
        points = points.cache() if cached else points
        for _ in range(passes):
            w -= RATE * points.map(partial(slope, w)).reduce(add)
        points.unpersist()
        return w, read.value


def by_small_memory(passes, kept):
    """(w, bytes read) where so many parts of a cached RDD fit into memory."""
    with Context(PARTS, memory=round((kept + 0.5) * block_size())) as sc:
        return by_rdd(sc, passes, cached=True)


def block_size():
    """What a cached part takes of the memory, by the engine's own estimate."""
    sc = Context(1, memory="1g")
    sc.parallelize(DATA[:RECORDS]).cache().count()
    sizes = sc.jobs[-1].result.reports[0].counts.sizes
    # A cache that stores nothing makes the claim false, and not fail.
    return sum(size for *_, size, _ in sizes) or 1000


def size(records):
    """Their bytes in a file."""
    return sum(len(pickled(record)) for record in records)


L = size(DATA)
S = PARTS * size([(0, 0.5)])  # a sum from each part
W = size([(0, 0.5)])

PREDICTED = {  # of bytes on disk, read and written, after k passes
    "MapReduce": lambda k: k * (L + 4 * S + W),
    "RDD": lambda k: k * L,
    "RDD, half of it cached": lambda k: L + (k - 1) * L // 2,
    "RDD, cached": lambda k: L,
}
MEASURED = {
    "MapReduce": lambda k: total_on_disk(by_mapreduce(k)[1]),
    "RDD": lambda k: by_rdd(Context(PARTS), k)[1],
    "RDD, half of it cached": lambda k: by_small_memory(k, PARTS // 2)[1],
    "RDD, cached": lambda k: by_rdd(Context(PARTS), k, cached=True)[1],
}


def total_on_disk(cost):
    return cost.disk_read + cost.disk_written


def pagerank_reads(iterations):
    """Bytes read by k iterations of PageRank, without the job that prepares them."""
    with MapReduce(PARTS) as machine:
        pagerank(machine, machine.write(EDGES), iterations=iterations)
        return sum(job.cost.disk_read for job in machine.jobs[1:])


def pagerank_sizes(links_travel=True):
    """(L, s) of an iteration: the links with the ranks, and what is shuffled."""
    links = {page: () for edge in EDGES for page in edge}
    for u, v in dict.fromkeys(EDGES):
        links[u] += (v,)
    sent = [  # from each part, one record to each page that it has or links to
        (v, (0.5, links[v] if v in part and links_travel else ()))
        for part in parts_of(links)
        for v in {*part, *(v for u in part for v in links[u])}
    ]
    return size((u, (1.0, links[u])) for u in links), size(sent)


def parts_of(pages):
    """The sets of pages that share a part."""
    return [
        {page for page in pages if portable_hash(page) % PARTS == i}
        for i in range(PARTS)
    ]


def bytes_experiment(says, predict, run, axes="k", sweep=PASSES):
    return Experiment(says, "bytes", axes, sweep, predict, run, Equal())


def pagerank_experiment(says, links_travel):
    data, shuffled = pagerank_sizes(links_travel)
    return bytes_experiment(
        says, lambda k: k * (data + 2 * shuffled), pagerank_reads, sweep=(1, 2, 5)
    )


EXPERIMENTS = (
    bytes_experiment(
        "MapReduce reads k(L + 2s) bytes",
        lambda k: k * (L + 2 * S),
        lambda k: by_mapreduce(k)[1].disk_read,
    ),
    bytes_experiment(
        "MapReduce writes k(2s + w) bytes",
        lambda k: k * (2 * S + W),
        lambda k: by_mapreduce(k)[1].disk_written,
    ),
    bytes_experiment("an RDD reads kL bytes", PREDICTED["RDD"], MEASURED["RDD"]),
    bytes_experiment(
        "cached, L bytes", PREDICTED["RDD, cached"], MEASURED["RDD, cached"]
    ),
    bytes_experiment(
        "if a fraction phi fits, L + (k - 1)(1 - phi)L bytes",
        lambda k, kept: L + (k - 1) * L * (PARTS - kept) // PARTS,
        lambda k, kept: by_small_memory(k, kept)[1],
        "k, parts that fit",
        FITS,
    ),
    pagerank_experiment(
        "PageRank by MapReduce reads links and ranks, and shuffles them: k(L + 2s)",
        links_travel=True,
    ),
    Experiment(
        "all find the same w",
        "w",
        "k",
        (1, 10),
        predict=lambda k: by_mapreduce(k)[0],
        run=lambda k: by_small_memory(k, PARTS // 2)[0],
        verdict=Equal(rounding=1e-12),
    ),
)
CONTROLS = (
    bytes_experiment(
        "MapReduce reads the input alone: kL bytes",
        lambda k: k * L,
        lambda k: by_mapreduce(k)[1].disk_read,
        sweep=PASSES[:3],
    ),
    bytes_experiment(
        "MapReduce reads the input once: L + 2ks bytes",
        lambda k: L + 2 * k * S,
        lambda k: by_mapreduce(k)[1].disk_read,
        sweep=PASSES[:3],
    ),
    bytes_experiment(
        "one part too many costs all: kL bytes if 3 of 4 fit",
        lambda k: k * L,
        lambda k: by_small_memory(k, 3)[1],
        sweep=PASSES[:3],
    ),
    pagerank_experiment(
        "PageRank by MapReduce shuffles the shares alone", links_travel=False
    ),
)


def on_spark(sc):
    """Spark reads as often as the engine does."""
    return (
        bytes_experiment(
            "on Spark, k passes read kL bytes, or L if they are cached",
            lambda k, cached: L if cached else k * L,
            lambda k, cached: by_rdd(sc, k, cached)[1],
            "k, cached",
            tuple((k, cached) for k in (1, 4) for cached in (False, True)),
        ),
    )
