"""Part D, graphs: PageRank converges, moves little, and keeps its mass.

Each experiment runs cme323.graphs.pagerank on a Context (a few on Spark too).
The limit that the ranks converge to is computed here in another way, on arrays.
"""

from itertools import islice, pairwise
from math import ceil, log

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.datasets import import_graph, random_graph, web_graph
from cme323.engine import Context
from cme323.graphs.pagerank import pagerank, pagerank_textbook, power_iteration
from cme323.measure import run

PAPER = "Page, Brin, Motwani, Winograd, The PageRank citation ranking, 1999"
EIGENVALUE = "Haveliwala, Kamvar, The second eigenvalue of the Google matrix, 2003"
SPARK_PAPER = "Zaharia et al., Resilient Distributed Datasets, NSDI 2012, section 3.2.2"
PARTITIONS = 4
FLOOR = 1e-6  # a smaller distance is too near to rounding to take a ratio of
DAMPINGS = (0.5, 0.85, 0.95, 0.99)


def claims(real=import_graph):
    """D1, D2 and D3; `real` gives the edges of the real graph."""
    graphs = {
        "random": lambda: random_graph(100, 400, seed=1),
        "web": lambda: web_graph(200, 4, seed=1),
        "two islands": two_islands,
        "one sink": lambda: [(page, 0) for page in range(1, 30)],
        "path": lambda: [(page, page + 1) for page in range(30)],
        "real": real,
    }
    return contraction(graphs), traffic(graphs), mass(graphs)


def contraction(graphs):
    """D1: a step brings the ranks nearer to their limit, by the damping factor."""
    names = ("random", "web", "two islands")
    return Claim(
        id="D1",
        title="PageRank contracts by its damping",
        statement=(
            "$\\|x_{t+1} - \\pi\\|_1 \\le d\\,\\|x_t - \\pi\\|_1$, with equality "
            "at every step between two islands; so "
            "$\\lceil \\ln(\\varepsilon/2) / \\ln d \\rceil$ steps bring any start "
            "within $\\varepsilon$."
        ),
        source=EIGENVALUE,
        experiments=(
            Experiment(
                "every step multiplies the distance by at most d",
                "factor of a step",
                "graph, d",
                (*((name, d) for name in names for d in DAMPINGS), ("real", 0.85)),
                predict=lambda name, d: d,
                run=lambda name, d: max(ratios(from_one_page(graphs[name](), d, 20))),
                verdict=AtMost(rounding=1e-9),
            ),
            Experiment(
                "from one of two islands, the 10th step multiplies it by exactly d",
                "factor of a step",
                "d",
                DAMPINGS,
                predict=lambda d: d,
                run=lambda d: ratios(between_islands(d, 10))[-1],
                verdict=Equal(rounding=1e-9),
            ),
            Experiment(
                "ln(eps/2) / ln d steps to come within eps = 1e-6",
                "steps",
                "d",
                (0.5, 0.7, 0.85, 0.9),
                predict=lambda d: steps_needed(d, 1e-6),
                run=lambda d: sum(
                    far > 1e-6 for far in between_islands(d, steps_needed(d, 1e-6) + 5)
                ),
                verdict=AtMost(),
            ),
        ),
        controls=(
            Experiment(
                "at Google's 0.85 or above, every step multiplies it by at most 0.85",
                "factor of a step",
                "d",
                (0.85, 0.95, 0.99),
                predict=lambda d: 0.85,
                run=lambda d: ratios(between_islands(d, 10))[-1],
                verdict=AtMost(rounding=1e-9),
            ),
        ),
    )


def traffic(graphs):
    """D2: what a step moves, if the links travel and if they stay."""
    sizes = tuple((2**k, p) for k in range(8, 14) for p in (2, 8))
    dense = tuple((m, 2) for m in (200, 800, 3200))
    growing = tuple(2**k for k in range(8, 15))
    return Claim(
        id="D2",
        title="What a step of PageRank moves",
        statement=(
            "On $n$ pages and $m$ links in $P$ partitions, a step of the textbook "
            "program moves $2m + n$ records: links, ranks, contributions. With links "
            "and ranks co-partitioned it moves contributions only, at most "
            "$\\min(m, nP)$."
        ),
        source=SPARK_PAPER + "; counts derived",
        experiments=(
            Experiment(
                "textbook: exactly 2m + n",
                "records moved in a step",
                "m, P",
                sizes,
                predict=lambda m, p: 2 * m + m // 8,
                run=lambda m, p: moved(pagerank_textbook, circulant(m // 8, m), p),
                verdict=Equal(),
            ),
            Experiment(
                "co-partitioned: at most min(m, nP)",
                "records moved in a step",
                "m, P",
                sizes,
                predict=lambda m, p: min(m, m // 8 * p),
                run=lambda m, p: moved(pagerank, circulant(m // 8, m), p),
                verdict=AtMost(),
            ),
            Experiment(
                "100 pages, ever more links, 2 partitions: at most 200",
                "records moved in a step",
                "m, P",
                dense,
                predict=lambda m, p: min(m, 100 * p),
                run=lambda m, p: moved(pagerank, random_graph(100, m, seed=2), p),
                verdict=AtMost(),
            ),
            Experiment(
                "the real graph, co-partitioned: at most min(m, nP)",
                "records moved in a step",
                "P",
                (2, 4, 8),
                predict=lambda p: min(
                    links(graphs["real"]()), pages(graphs["real"]()) * p
                ),
                run=lambda p: moved(pagerank, graphs["real"](), p),
                verdict=AtMost(),
            ),
            Experiment(
                "textbook: linear in m",
                "records moved in a step",
                "m",
                growing,
                predict=lambda m: 2 * m + m // 8,
                run=lambda m: moved(pagerank_textbook, circulant(m // 8, m), 4),
                verdict=Slope(1, 0.02),
            ),
            Experiment(
                "co-partitioned: linear in m",
                "records moved in a step",
                "m",
                growing,
                predict=lambda m: min(m, m // 8 * 4),
                run=lambda m: moved(pagerank, circulant(m // 8, m), 4),
                verdict=Slope(1, 0.02),
            ),
        ),
        controls=(
            Experiment(
                "co-partitioned: at most one record a page, n",
                "records moved in a step",
                "m, P",
                sizes,
                predict=lambda m, p: m // 8,
                run=lambda m, p: moved(pagerank, circulant(m // 8, m), p),
                verdict=AtMost(),
            ),
            Experiment(
                "the textbook's links do not move either: m + n",
                "records moved in a step",
                "m, P",
                sizes,
                predict=lambda m, p: m + m // 8,
                run=lambda m, p: moved(pagerank_textbook, circulant(m // 8, m), p),
                verdict=Equal(),
            ),
        ),
        on_spark=traffic_on_spark,
    )


def traffic_on_spark(sc):
    edges = circulant(100, 800)
    return (
        Experiment(
            "on Spark, a step of the textbook takes 2 rounds",
            "rounds of a step",
            "m",
            (800,),
            predict=lambda m: 2,
            run=lambda m: step_cost(sc, pagerank_textbook, edges).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "on Spark, a co-partitioned step takes 1 round",
            "rounds of a step",
            "m",
            (800,),
            predict=lambda m: 1,
            run=lambda m: step_cost(sc, pagerank, edges).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "on Spark, a co-partitioned step moves fewer bytes than the textbook's",
            "bytes moved in a step",
            "m",
            (800,),
            predict=lambda m: step_cost(sc, pagerank_textbook, edges).bytes - 1,
            run=lambda m: step_cost(sc, pagerank, edges).bytes,
            verdict=AtMost(),
        ),
    )


def mass(graphs):
    """D3: no rank gets lost."""
    names = ("random", "web", "one sink", "path", "real")
    sinks = ("one sink", "path", "web")
    return Claim(
        id="D3",
        title="PageRank keeps its mass",
        statement=(
            "If the rank of pages without links is given out again, "
            "$\\sum_v x_t(v) = 1$ at every step, and every page keeps a rank."
        ),
        source=PAPER + ", section 2.6; derived",
        experiments=(
            Experiment(
                "the ranks sum to 1, at the worst of 20 steps",
                "sum of ranks",
                "graph",
                names,
                predict=lambda name: 1,
                run=lambda name: worst_mass(graphs[name]()),
                verdict=Equal(rounding=1e-12),
            ),
            Experiment(
                "every page has a rank",
                "pages ranked",
                "graph",
                names,
                predict=lambda name: pages(graphs[name]()),
                run=lambda name: len(on_engine(pagerank, graphs[name](), 3)),
                verdict=Equal(),
            ),
        ),
        controls=(
            Experiment(
                "the textbook program keeps its mass too",
                "sum of ranks",
                "graph",
                sinks,
                predict=lambda name: 1,
                run=lambda name: sum(
                    on_engine(pagerank_textbook, graphs[name](), 3).values()
                ),
                verdict=Equal(rounding=1e-12),
            ),
            Experiment(
                "the textbook program ranks every page",
                "pages ranked",
                "graph",
                sinks,
                predict=lambda name: pages(graphs[name]()),
                run=lambda name: len(on_engine(pagerank_textbook, graphs[name](), 3)),
                verdict=Equal(),
            ),
        ),
        on_spark=lambda sc: (
            Experiment(
                "on Spark, the ranks sum to 1",
                "sum of ranks",
                "graph",
                ("random", "one sink"),
                predict=lambda name: 1,
                run=lambda name: sum(pagerank(sc, graphs[name](), 0.85, 3).values()),
                verdict=Equal(rounding=1e-12),
            ),
        ),
    )


def two_islands(size=20):
    """Two complete graphs with self-loops, and no link between them."""
    ends = range(size)
    return [(u + shift, v + shift) for shift in (0, size) for u in ends for v in ends]


def circulant(n, m):
    """Every page links to the next m / n pages, so all have links both ways."""
    return [
        (page, (page + hop) % n) for page in range(n) for hop in range(1, m // n + 1)
    ]


def pages(edges):
    """How many pages the graph has."""
    return len({page for edge in edges for page in edge})


def links(edges):
    """How many links, repeated ones once."""
    return len(set(edges))


def from_one_page(edges, damping, steps):
    """L1 distances to the limit when all rank starts on one page."""
    return distances(edges, damping, steps, {edges[0][0]: 1.0})


def between_islands(damping, steps):
    """The same when it starts all over one of two islands."""
    return distances(two_islands(), damping, steps, dict.fromkeys(range(20), 1 / 20))


def distances(edges, damping, steps, start):
    """L1 distance of the ranks to their limit: at the start, and after each step."""
    final = limit(edges, damping)
    iteration = power_iteration(Context(PARTITIONS), edges, damping, start=start)
    return [
        sum(abs(rank - final[page]) for page, rank in ranks.collect())
        for ranks in islice(iteration, steps + 1)
    ]


def limit(edges, damping):
    """{page: rank} in the limit, by iteration on arrays until d^t is below 1e-15."""
    names = sorted({page for edge in edges for page in edge})
    number = {page: i for i, page in enumerate(names)}
    source, target = np.array(
        [[number[u], number[v]] for u, v in dict.fromkeys(edges)]
    ).T
    links = np.maximum(np.bincount(source, minlength=len(names)), 1)
    x = np.full(len(names), 1 / len(names))
    for _ in range(steps_needed(damping, 1e-15)):
        x = damping * np.bincount(target, (x / links)[source], len(names))
        x += (1 - x.sum()) / len(names)
    return dict(zip(names, x.tolist()))


def ratios(distance):
    """By which factor each step shrank the distance, while it was clear of rounding."""
    clear = [far for far in distance if far > FLOOR]
    return [after / before for before, after in pairwise(clear)]


def steps_needed(damping, eps):
    """In the worst case, from a distance of 2, which is as far as ranks can be."""
    return ceil(log(eps / 2) / log(damping))


def moved(program, edges, partitions):
    """The records that one step moves."""
    return step_cost(Context(partitions), program, edges).records


def step_cost(sc, program, edges):
    """What the second step costs: a run of two steps, less a run of one."""
    one, two = (run(program, sc, edges, 0.85, steps).cost for steps in (1, 2))
    return two - one


def on_engine(program, edges, steps):
    return program(Context(PARTITIONS), edges, 0.85, steps)


def worst_mass(edges):
    """The sum of the ranks after that of 20 steps where it is farthest from 1."""
    iteration = power_iteration(Context(PARTITIONS), edges)
    sums = [ranks.values().sum() for ranks in islice(iteration, 21)]
    return max(sums, key=lambda total: abs(total - 1))
