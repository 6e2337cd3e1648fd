"""What the engine must achieve, as ratios of medians in one run, and judged.

A target about all workloads is judged only if all of them ran.
"""

from statistics import geometric_mean

from benchmarks.suite import Target
from cme323.measure import slope

SHUFFLES = "wordcount", "pagerank", "group", "join", "sort"
PARALLEL = "pi", "ints"
DATA = (*SHUFFLES, *PARALLEL, "logistic")
ALL = (*DATA, "jobs")


def targets(results, growth):
    """A list of Target; the figure of one is None where a result is missing."""
    at = Table(results)
    return [
        *against_spark(at),
        *against_plain(at),
        *of_processes(at),
        *of_memory_and_start(at),
        *of_growth(growth),
    ]


class Table:
    """Results by workload and engine; what is missing is None."""

    def __init__(self, results):
        self.results = {(r.workload, r.engine): r for r in results}

    def seconds(self, workload, engine):
        return self.value(workload, engine, "median")

    def value(self, workload, engine, name):
        result = self.results.get((workload, engine))
        return None if result is None or result.problem else getattr(result, name)

    def ratios(self, workloads, engine, other):
        """Of seconds, for each workload; {} if one of them is missing."""
        pairs = {
            w: (self.seconds(w, engine), self.seconds(w, other)) for w in workloads
        }
        if any(None in pair for pair in pairs.values()):
            return {}
        return {workload: a / b for workload, (a, b) in pairs.items()}

    def better(self, workload):
        """Seconds of the better of our executors."""
        ours = [self.seconds(workload, engine) for engine in ("serial", "processes")]
        return min((seconds for seconds in ours if seconds is not None), default=None)


def against_spark(at):
    ratios = at.ratios(ALL, "pyspark", "serial")
    ours = {w: (at.better(w), at.seconds(w, "pyspark")) for w in ALL}
    whole = not any(None in pair for pair in ours.values())
    slower = {w: a / b for w, (a, b) in ours.items()} if whole else {}
    return [
        _worst("better of our two / PySpark local[2], on each workload", slower, 1),
        Target("PySpark / serial, geometric mean", _mean(ratios), 3, at_least=True),
    ]


def against_plain(at):
    plain = at.ratios(DATA, "serial", "plain")
    pysparkling = at.ratios(ALL, "serial", "pysparkling")
    tiny = at.seconds("jobs", "serial")
    return [
        Target("serial / plain loop, geometric mean of eight", _mean(plain), 2.2),
        _worst("serial / plain loop, on each of eight", plain, 5),
        Target("100 tiny jobs on serial, ms", tiny and 1000 * tiny, 20),
        Target("serial / pysparkling, geometric mean", _mean(pysparkling), 1),
    ]


def of_processes(at):
    faster = at.ratios(PARALLEL, "serial", "processes")
    slower = at.ratios(SHUFFLES, "processes", "serial")
    spread = {w: at.value(w, "processes", "spread") for w in DATA}
    return [
        _worst("serial / processes, on pi and ints", faster, 1.6, at_least=True),
        _worst("processes / serial, on the five with a shuffle", slower, 1.5),
        _worst("slowest / fastest run on processes, on each of eight", spread, 1.5),
    ]


def of_memory_and_start(at):
    ours = {
        w: (at.value(w, "serial", "memory"), at.value(w, "pyspark", "memory"))
        for w in SHUFFLES
    }
    whole = not any(None in pair for pair in ours.values())
    memory = {w: a / b for w, (a, b) in ours.items()} if whole else {}
    return [
        Target("1e7 ints on serial, MB", at.value("ints", "serial", "memory"), 100),
        _worst("memory of serial / PySpark, on each shuffle", memory, 1),
        _start(at, "serial", 50),
        _start(at, "processes", 500),
    ]


def of_growth(growth):
    """Exponents of time and of counted work, for each workload that grew."""
    found = []
    for workload in dict.fromkeys(result.workload for result in growth):
        mine = [result for result in growth if result.workload == workload]
        work = time = None
        if not any(result.problem for result in mine):
            sizes = [result.size for result in mine]
            work = abs(slope(sizes, [result.calls for result in mine]).exponent - 1)
            time = slope(sizes, [result.median for result in mine]).exponent
        found += [
            Target(f"{workload}: exponent of work, distance from 1", work, 0.05),
            Target(f"{workload}: exponent of time", time, 1.1),
        ]
    return found


def _start(at, engine, limit):
    """Seconds to make a Context, the median over the workloads."""
    starts = [at.value(w, engine, "start") for w in ALL]
    starts = sorted(start for start in starts if start is not None)
    middle = 1000 * starts[len(starts) // 2] if starts else None
    return Target(f"start of a {engine} Context, ms", middle, limit)


def _mean(ratios):
    return geometric_mean(ratios.values()) if ratios else None


def _worst(says, ratios, limit, at_least=False):
    """The ratio that is furthest from its target, and whose it is."""
    if not ratios or None in ratios.values():
        return Target(says, None, limit, at_least)
    worst = (min if at_least else max)(ratios, key=ratios.get)
    return Target(says, ratios[worst], limit, at_least, f"worst: {worst}")
