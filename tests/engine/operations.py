"""Every operation of an RDD beside its plain-Python meaning.

    name: (program, meaning, order)

in one table for each kind of records. A program gets two RDDs `a` and `b` and a
number n from 1 to 7. A meaning gets the same records as lists `x` and `y`, whose
`parts` are the partitions. `order` says what must be equal: the answer as it is
(IN_ORDER), how often each record comes, where a shuffle put them into partitions
(IN_ANY_ORDER), or numbers but for their rounding (CLOSE).
"""

import shutil
import statistics
import warnings
from collections import Counter, defaultdict
from functools import reduce
from itertools import accumulate, pairwise
from math import inf, nan
from operator import add, itemgetter

from cme323.engine import sampling

IN_ORDER, IN_ANY_ORDER, CLOSE = "same order", "same multiset", "same but for rounding"
ERROR = "ValueError"  # the outcome of what needs a record, and finds none
CAT = shutil.which("cat")


class Parts(list):
    """All records of some partitions, in order, and the partitions."""

    def __init__(self, parts):
        super().__init__(record for part in parts for record in part)
        self.parts = parts


def grouped(pairs):
    """{key: [its values]}; of equal keys, such as 1 and True, the first stays."""
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def cogrouped(*sides):
    groups = [grouped(side) for side in sides]
    keys = dict.fromkeys(key for group in groups for key in group)
    return [(key, tuple(group.get(key, []) for group in groups)) for key in keys]


def joined(x, y, left, right):
    """`left`, `right`: whether a value without a partner there stays."""
    here, there = grouped(x), grouped(y)
    found = [(k, (v, w)) for k, v in x for w in there.get(k, [None] if left else [])]
    alone = [(k, (None, w)) for k, w in y if right and k not in here]
    return found + alone


def sampled(x, draw, fraction, seed):
    """`fraction`: a function of the record."""
    kept = []
    for i, part in enumerate(x.parts):
        rng = sampling.generator(seed, i)
        kept += [v for v in part for _ in range(draw(rng, fraction(v)))]
    return kept


def split(x, weights, seed):
    """Which of the weights' shares each record is in, by the same draws."""
    cuts = [0.0, *accumulate(weight / sum(weights) for weight in weights)]
    kept = [[] for _ in weights]
    for i, part in enumerate(x.parts):
        rng = sampling.generator(seed, i)
        for record in part:
            draw = rng.random()
            kept[sum(cut <= draw for cut in cuts) - 1].append(record)
    return kept


def stepped(f, x, zero):
    """f from `zero` over the values of each key, within each partition."""
    return [
        (key, reduce(f, values, zero))
        for part in x.parts
        for key, values in grouped(part).items()
    ]


def folded(f, pairs):
    return [(key, reduce(f, values)) for key, values in grouped(pairs).items()]


def counted(x, bounds):
    counts = [sum(low <= v < high for v in x) for low, high in pairwise(bounds)]
    counts[-1] += x.count(bounds[-1])
    return bounds, counts


def extend(values, others):
    values.extend(others)  # Spark lets a combiner change its first argument
    return values


def dealt(x, n):
    """What repartition makes: partition i deals its records out from place i."""
    places = [[] for _ in range(n)]
    for i, part in enumerate(x.parts):
        for j, record in enumerate(part, i):
            places[j % n].append(record)
    return places


def coalesced(x, n):
    size, total = min(n, len(x.parts)), len(x.parts)
    cuts = [i * total // size for i in range(size + 1)]
    return [[v for part in x.parts[i:j] for v in part] for i, j in pairwise(cuts)]


def uneven(record):
    return len(repr(record)) % 3


ANY = {  # records of any kind
    "map": (lambda a, b, n: a.map(repr), lambda x, y, n: map(repr, x), IN_ORDER),
    "filter": (
        lambda a, b, n: a.filter(lambda v: len(repr(v)) % 3),
        lambda x, y, n: [v for v in x if uneven(v)],
        IN_ORDER,
    ),
    "flatMap": (
        lambda a, b, n: a.flatMap(lambda v: [v] * (len(repr(v)) % 3)),
        lambda x, y, n: [v for v in x for _ in range(uneven(v))],
        IN_ORDER,
    ),
    "mapPartitions": (
        lambda a, b, n: a.mapPartitions(lambda it: [len(list(it))]),
        lambda x, y, n: map(len, x.parts),
        IN_ORDER,
    ),
    "mapPartitionsWithIndex": (
        lambda a, b, n: a.mapPartitionsWithIndex(lambda i, it: [(i, *it)]),
        lambda x, y, n: [(i, *part) for i, part in enumerate(x.parts)],
        IN_ORDER,
    ),
    "mapPartitionsWithSplit": (
        lambda a, b, n: deprecated(
            lambda: a.mapPartitionsWithSplit(lambda i, it: [(i, *it)])
        ),
        lambda x, y, n: [(i, *part) for i, part in enumerate(x.parts)],
        IN_ORDER,
    ),
    "glom": (lambda a, b, n: a.glom(), lambda x, y, n: x.parts, IN_ORDER),
    "keyBy": (
        lambda a, b, n: a.keyBy(repr),
        lambda x, y, n: [(repr(v), v) for v in x],
        IN_ORDER,
    ),
    "union": (lambda a, b, n: a.union(b), lambda x, y, n: x + y, IN_ORDER),
    "distinct": (
        lambda a, b, n: a.distinct(n),
        lambda x, y, n: list(dict.fromkeys(x)),
        IN_ANY_ORDER,
    ),
    "groupBy": (
        lambda a, b, n: a.groupBy(lambda v: len(repr(v)) % 3, n),
        lambda x, y, n: grouped((uneven(v), v) for v in x).items(),
        IN_ANY_ORDER,
    ),
    "intersection": (
        lambda a, b, n: a.intersection(b),
        lambda x, y, n: [v for v in dict.fromkeys(x) if v in y],
        IN_ANY_ORDER,
    ),
    "subtract": (
        lambda a, b, n: a.subtract(b, n),
        # Of records that are equal, such as 1 and True, the first stays.
        lambda x, y, n: [
            v for v, count in Counter(x).items() if v not in y for _ in range(count)
        ],
        IN_ANY_ORDER,
    ),
    "sample": (
        lambda a, b, n: a.sample(False, n / 7, seed=n),
        lambda x, y, n: sampled(x, sampling.bernoulli, lambda v: n / 7, n),
        IN_ORDER,
    ),
    "sample, with replacement": (
        lambda a, b, n: a.sample(True, n / 3, seed=n),
        lambda x, y, n: sampled(x, sampling.poisson, lambda v: n / 3, n),
        IN_ORDER,
    ),
    "randomSplit": (
        lambda a, b, n: [
            part.collect() for part in a.randomSplit([n, 0.3, 0, 2], seed=n)
        ],
        lambda x, y, n: split(x, [n, 0.3, 0, 2], n),
        IN_ORDER,
    ),
    "sortBy": (
        lambda a, b, n: a.sortBy(repr, True, n),
        lambda x, y, n: sorted(x, key=repr),
        IN_ORDER,
    ),
    "sortBy, descending": (
        lambda a, b, n: a.sortBy(lambda v: len(repr(v)), False, n),
        lambda x, y, n: sorted(x, key=lambda v: len(repr(v)), reverse=True),
        IN_ORDER,
    ),
    "zip": (
        lambda a, b, n: a.zip(a.map(repr)),
        lambda x, y, n: zip(x, map(repr, x)),
        IN_ORDER,
    ),
    "zipWithIndex": (
        lambda a, b, n: a.zipWithIndex(),
        lambda x, y, n: [(v, i) for i, v in enumerate(x)],
        IN_ORDER,
    ),
    "zipWithUniqueId": (
        lambda a, b, n: a.zipWithUniqueId(),
        lambda x, y, n: [
            (v, i * len(x.parts) + k)
            for k, part in enumerate(x.parts)
            for i, v in enumerate(part)
        ],
        IN_ORDER,
    ),
    "cartesian": (
        lambda a, b, n: a.cartesian(b),
        lambda x, y, n: [(v, w) for v in x for w in y],
        IN_ANY_ORDER,
    ),
    "coalesce": (
        lambda a, b, n: a.coalesce(n).glom(),
        lambda x, y, n: coalesced(x, n),
        IN_ORDER,
    ),
    "coalesce, with a shuffle": (
        lambda a, b, n: a.coalesce(n, shuffle=True).glom(),
        lambda x, y, n: dealt(x, n),
        IN_ORDER,
    ),
    "repartition": (
        lambda a, b, n: a.repartition(n).glom(),
        lambda x, y, n: dealt(x, n),
        IN_ORDER,
    ),
    "collect": (lambda a, b, n: a.collect(), lambda x, y, n: x, IN_ORDER),
    "collectWithJobGroup": (
        lambda a, b, n: deprecated(lambda: a.collectWithJobGroup("group", "laws")),
        lambda x, y, n: x,
        IN_ORDER,
    ),
    "count": (lambda a, b, n: a.count(), lambda x, y, n: len(x), IN_ORDER),
    "countByValue": (
        lambda a, b, n: a.countByValue(),
        lambda x, y, n: dict(Counter(x)),
        IN_ORDER,
    ),
    "countApprox": (lambda a, b, n: a.countApprox(n), lambda x, y, n: len(x), IN_ORDER),
    "countApproxDistinct": (
        # So few different records never share a register of 4,096.
        lambda a, b, n: a.map(lambda v: len(repr(v)) % 5).countApproxDistinct(0.02),
        lambda x, y, n: len({len(repr(v)) % 5 for v in x}),
        IN_ORDER,
    ),
    "foreach": (
        lambda a, b, n: counted_by(a, lambda rdd, add: rdd.foreach(lambda v: add(1))),
        lambda x, y, n: len(x),
        IN_ORDER,
    ),
    "foreachPartition": (
        lambda a, b, n: counted_by(
            a, lambda rdd, add: rdd.foreachPartition(lambda it: add(len(list(it))))
        ),
        lambda x, y, n: len(x),
        IN_ORDER,
    ),
    "toLocalIterator": (
        lambda a, b, n: list(a.toLocalIterator(n % 2 == 0)),
        lambda x, y, n: x,
        IN_ORDER,
    ),
    "take": (lambda a, b, n: a.take(n), lambda x, y, n: x[:n], IN_ORDER),
    "take, all": (lambda a, b, n: a.take(999), lambda x, y, n: x, IN_ORDER),
    "first": (
        lambda a, b, n: a.first(),
        lambda x, y, n: x[0] if x else ERROR,
        IN_ORDER,
    ),
    "isEmpty": (lambda a, b, n: a.isEmpty(), lambda x, y, n: not x, IN_ORDER),
    "takeSample": (
        lambda a, b, n: len(a.takeSample(False, n, seed=n)),
        lambda x, y, n: min(n, len(x)),
        IN_ORDER,
    ),
    "takeSample, of all": (
        lambda a, b, n: a.takeSample(False, 999, seed=n),
        lambda x, y, n: x,
        IN_ANY_ORDER,
    ),
    "takeSample, with replacement": (
        lambda a, b, n: len(a.takeSample(True, 9 * n, seed=n)),
        lambda x, y, n: 9 * n if x else 0,
        IN_ORDER,
    ),
    "max": (
        lambda a, b, n: a.max(key=repr),
        lambda x, y, n: max(x, key=repr) if x else ERROR,
        IN_ORDER,
    ),
    "min": (
        lambda a, b, n: a.min(key=repr),
        lambda x, y, n: min(x, key=repr) if x else ERROR,
        IN_ORDER,
    ),
    "top, by a key": (
        lambda a, b, n: a.top(n, key=lambda v: len(repr(v))),
        lambda x, y, n: sorted(x, key=lambda v: len(repr(v)), reverse=True)[:n],
        IN_ORDER,
    ),
    "takeOrdered, by a key": (
        lambda a, b, n: a.takeOrdered(n, key=lambda v: len(repr(v))),
        lambda x, y, n: sorted(x, key=lambda v: len(repr(v)))[:n],
        IN_ORDER,
    ),
    "reduce": (
        lambda a, b, n: a.map(repr).reduce(add),
        lambda x, y, n: "".join(map(repr, x)) if x else ERROR,
        IN_ORDER,
    ),
    "fold": (
        lambda a, b, n: a.map(repr).fold("|", add),
        lambda x, y, n: "|" + "".join("|" + "".join(map(repr, p)) for p in x.parts),
        IN_ORDER,
    ),
    "aggregate": (
        lambda a, b, n: a.aggregate(
            [], lambda found, v: found.append(v) or found, lambda v, w: v + w
        ),
        lambda x, y, n: x,
        IN_ORDER,
    ),
    "treeAggregate": (
        lambda a, b, n: (
            a.repartition(20)
            .cache()
            .treeAggregate(
                [],
                lambda found, v: found.append(v) or found,
                lambda v, w: v.extend(w) or v,
                n,
            )
        ),
        lambda x, y, n: x,
        IN_ANY_ORDER,
    ),
    "treeReduce": (
        lambda a, b, n: (
            a.repartition(20).map(lambda v: len(repr(v))).treeReduce(add, n)
        ),
        lambda x, y, n: sum(len(repr(v)) for v in x) if x else ERROR,
        IN_ORDER,
    ),
}

PAIRS = {  # (key, value), with keys of any kind and small integers as values
    "keys": (lambda a, b, n: a.keys(), lambda x, y, n: [k for k, _ in x], IN_ORDER),
    "values": (lambda a, b, n: a.values(), lambda x, y, n: [v for _, v in x], IN_ORDER),
    "mapValues": (
        lambda a, b, n: a.mapValues(lambda v: v + 1),
        lambda x, y, n: [(k, v + 1) for k, v in x],
        IN_ORDER,
    ),
    "flatMapValues": (
        lambda a, b, n: a.flatMapValues(lambda v: range(v % 3)),
        lambda x, y, n: [(k, w) for k, v in x for w in range(v % 3)],
        IN_ORDER,
    ),
    "map, keeping keys": (
        lambda a, b, n: a.map(lambda kv: (kv[0], 0), preservesPartitioning=True),
        lambda x, y, n: [(k, 0) for k, _ in x],
        IN_ORDER,
    ),
    "filter, of pairs": (
        lambda a, b, n: a.filter(lambda kv: kv[1] > 0),
        lambda x, y, n: [(k, v) for k, v in x if v > 0],
        IN_ORDER,
    ),
    "partitionBy": (
        lambda a, b, n: a.partitionBy(n),
        lambda x, y, n: x,
        IN_ANY_ORDER,
    ),
    "partitionBy, a function": (
        lambda a, b, n: a.partitionBy(n, lambda key: 7 if key else -7),
        lambda x, y, n: x,
        IN_ANY_ORDER,
    ),
    "combineByKey": (
        lambda a, b, n: a.combineByKey(
            lambda v: [v], lambda c, v: c.append(v) or c, lambda c, d: c + d, n
        ),
        lambda x, y, n: grouped(x).items(),
        IN_ANY_ORDER,
    ),
    "reduceByKey": (
        lambda a, b, n: a.mapValues(str).reduceByKey(add, n),
        lambda x, y, n: folded(add, [(k, str(v)) for k, v in x]),
        IN_ANY_ORDER,
    ),
    "aggregateByKey": (
        lambda a, b, n: a.aggregateByKey(
            [], lambda c, v: c.append(v) or c, lambda c, d: c.extend(d) or c, n
        ),
        lambda x, y, n: grouped(x).items(),
        IN_ANY_ORDER,
    ),
    "foldByKey": (
        lambda a, b, n: a.partitionBy(n).foldByKey(5, add),
        lambda x, y, n: [(k, 5 + sum(vs)) for k, vs in grouped(x).items()],
        IN_ANY_ORDER,
    ),
    "foldByKey, before a shuffle": (
        lambda a, b, n: a.map(lambda kv: kv).foldByKey(5, add, n),
        lambda x, y, n: folded(add, stepped(add, x, 5)),
        IN_ANY_ORDER,
    ),
    "reduceByKeyLocally": (
        lambda a, b, n: a.mapValues(str).reduceByKeyLocally(add),
        lambda x, y, n: dict(folded(add, [(k, str(v)) for k, v in x])),
        IN_ORDER,
    ),
    "sampleByKey": (
        lambda a, b, n: a.sampleByKey(
            n % 2 == 0, dict.fromkeys(a.keys().collect(), n / 7), seed=n
        ),
        lambda x, y, n: sampled(
            x, (sampling.bernoulli, sampling.poisson)[n % 2 == 0], lambda v: n / 7, n
        ),
        IN_ORDER,
    ),
    "groupByKey": (
        lambda a, b, n: a.groupByKey(n),
        lambda x, y, n: grouped(x).items(),
        IN_ANY_ORDER,
    ),
    "groupByKey, in place": (
        lambda a, b, n: a.groupByKey(),
        lambda x, y, n: grouped(x).items(),
        IN_ANY_ORDER,
    ),
    "cogroup": (
        lambda a, b, n: a.cogroup(b, n),
        lambda x, y, n: cogrouped(x, y),
        IN_ANY_ORDER,
    ),
    "groupWith": (
        lambda a, b, n: a.groupWith(b, a),
        lambda x, y, n: cogrouped(x, y, x),
        IN_ANY_ORDER,
    ),
    "join": (
        lambda a, b, n: a.join(b, n),
        lambda x, y, n: joined(x, y, False, False),
        IN_ANY_ORDER,
    ),
    "join, in place": (
        lambda a, b, n: a.join(b),
        lambda x, y, n: joined(x, y, False, False),
        IN_ANY_ORDER,
    ),
    "leftOuterJoin": (
        lambda a, b, n: a.leftOuterJoin(b, n),
        lambda x, y, n: joined(x, y, True, False),
        IN_ANY_ORDER,
    ),
    "rightOuterJoin": (
        lambda a, b, n: a.rightOuterJoin(b, n),
        lambda x, y, n: [(k, (w, v)) for k, (v, w) in joined(y, x, True, False)],
        IN_ANY_ORDER,
    ),
    "fullOuterJoin": (
        lambda a, b, n: a.fullOuterJoin(b, n),
        lambda x, y, n: [
            (k, (v, w))
            for k, (vs, ws) in cogrouped(x, y)
            for v in vs or [None]
            for w in ws or [None]
        ],
        IN_ANY_ORDER,
    ),
    "subtractByKey": (
        lambda a, b, n: a.subtractByKey(b, n),
        lambda x, y, n: [
            (k, v) for k, vs in grouped(x).items() if k not in dict(y) for v in vs
        ],
        IN_ANY_ORDER,
    ),
    "lookup": (
        lambda a, b, n: [a.lookup(key) for key in (n, "a", None)],
        lambda x, y, n: [[v for k, v in x if k == key] for key in (n, "a", None)],
        IN_ORDER,
    ),
    "countByKey": (
        lambda a, b, n: a.countByKey(),
        lambda x, y, n: dict(Counter(k for k, _ in x)),
        IN_ORDER,
    ),
    "collectAsMap": (
        lambda a, b, n: a.collectAsMap(),
        lambda x, y, n: dict(x),
        IN_ORDER,
    ),
    "sortByKey, by a keyfunc": (
        lambda a, b, n: a.sortByKey(n % 2 == 0, n, lambda key: len(repr(key))),
        lambda x, y, n: sorted(x, key=lambda kv: len(repr(kv[0])), reverse=n % 2 == 1),
        IN_ORDER,
    ),
}

NUMBERED = {  # (number, small integer)
    "sortByKey": (
        lambda a, b, n: a.sortByKey(True, n),
        lambda x, y, n: sorted(x, key=itemgetter(0)),
        IN_ORDER,
    ),
    "sortByKey, descending": (
        lambda a, b, n: a.sortByKey(False, n),
        lambda x, y, n: sorted(x, key=itemgetter(0), reverse=True),
        IN_ORDER,
    ),
    "sortByKey, in place": (
        lambda a, b, n: a.sortByKey(),
        lambda x, y, n: sorted(x, key=itemgetter(0)),
        IN_ORDER,
    ),
    "repartitionAndSortWithinPartitions": (
        lambda a, b, n: a.repartitionAndSortWithinPartitions(1, ascending=n % 2 == 0),
        lambda x, y, n: sorted(x, key=itemgetter(0), reverse=n % 2 == 1),
        IN_ORDER,
    ),
    "groupByKey, of sorted pairs": (
        lambda a, b, n: a.sortByKey(numPartitions=n).groupByKey(),
        lambda x, y, n: list(grouped(x).items()),
        IN_ANY_ORDER,
    ),
    "join, of sorted pairs": (
        lambda a, b, n: a.sortByKey(numPartitions=n).join(b),
        lambda x, y, n: joined(x, y, False, False),
        IN_ANY_ORDER,
    ),
    "lookup, of sorted pairs": (
        lambda a, b, n: a.sortByKey(False, n).lookup(n),
        lambda x, y, n: [v for k, v in x if k == n],
        IN_ORDER,
    ),
}

NUMBERS = {  # integers of any size, finite and infinite floats, booleans
    "sum": (
        lambda a, b, n: a.map(hash).sum(),
        lambda x, y, n: sum(map(hash, x)),
        CLOSE,
    ),
    "top": (
        lambda a, b, n: a.top(n),
        lambda x, y, n: sorted(x, reverse=True)[:n],
        IN_ORDER,
    ),
    "takeOrdered": (
        lambda a, b, n: a.takeOrdered(n),
        lambda x, y, n: sorted(x)[:n],
        IN_ORDER,
    ),
    "max, of numbers": (
        lambda a, b, n: a.max(),
        lambda x, y, n: max(x) if x else ERROR,
        IN_ORDER,
    ),
    "min, of numbers": (
        lambda a, b, n: a.min(),
        lambda x, y, n: min(x) if x else ERROR,
        IN_ORDER,
    ),
    "sortBy, of numbers": (
        lambda a, b, n: a.sortBy(lambda v: v, n % 2 == 0, n),
        lambda x, y, n: sorted(x, reverse=n % 2 == 1),
        IN_ORDER,
    ),
}


def statistic(name, meaning, least=1):
    """The statistic of at least `least` numbers; fewer have none."""
    return (
        lambda a, b, n: getattr(a, name)() if a.count() >= least else 0,
        lambda x, y, n: meaning(x) if len(x) >= least else 0,
        CLOSE,
    )


def described(x):
    """Count, mean, sum, min, max, stdev and variance."""
    if not x:
        return [0, 0.0, 0.0, inf, -inf, nan, nan]
    return [
        *(len(x), statistics.mean(x), sum(x), min(x), max(x)),
        *(statistics.pstdev(x), statistics.pvariance(x)),
    ]


FLOATS = {  # finite floats between -1e6 and 1e6
    "sum, of floats": statistic("sum", sum, least=0),
    "mean": statistic("mean", statistics.mean),
    "variance": statistic("variance", statistics.pvariance),
    "stdev": statistic("stdev", statistics.pstdev),
    "sampleVariance": statistic("sampleVariance", statistics.variance, least=2),
    "sampleStdev": statistic("sampleStdev", statistics.stdev, least=2),
    "stats": (
        lambda a, b, n: list(a.stats().asDict(sample=True).values()),
        lambda x, y, n: described(x),
        CLOSE,
    ),
    "sumApprox": (lambda a, b, n: float(a.sumApprox(n)), lambda x, y, n: sum(x), CLOSE),
    "meanApprox": (
        lambda a, b, n: float(a.meanApprox(n)),
        lambda x, y, n: statistics.mean(x) if x else 0.0,
        CLOSE,
    ),
    "histogram": (
        lambda a, b, n: a.histogram(sorted({*b.collect(), 0.0, 1e-9})),
        lambda x, y, n: counted(x, sorted({*y, 0.0, 1e-9})),
        IN_ORDER,
    ),
    "histogram, of even buckets": (
        lambda a, b, n: a.histogram([i * 0.1 for i in range(n + 1)]),
        lambda x, y, n: counted(x, [i * 0.1 for i in range(n + 1)]),
        IN_ORDER,
    ),
    "histogram, of n buckets": (
        lambda a, b, n: agreeing(a, *a.histogram(n)),
        lambda x, y, n: (len(x), True) if x else ERROR,
        IN_ORDER,
    ),
}


def counted_by(rdd, action):
    total = rdd.ctx.accumulator(0)
    action(rdd, total.add)
    return total.value


def agreeing(rdd, bounds, counts):
    """How many records a histogram counts, and whether they are between its bounds."""
    return sum(counts), counts == counted(rdd.collect(), bounds)[1]


def deprecated(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return call()


WORDS = {  # lines
    "pipe": (
        lambda a, b, n: a.pipe(CAT),
        lambda x, y, n: x,
        IN_ORDER,
    ),
}

KINDS = {
    "any": ANY,
    "pairs": PAIRS,
    "numbered": NUMBERED,
    "numbers": NUMBERS,
    "floats": FLOATS,
    "words": WORDS,
}
OPERATIONS = {
    name: operation for kind in KINDS.values() for name, operation in kind.items()
}
KIND = {name: kind for kind in KINDS for name in KINDS[kind]}
