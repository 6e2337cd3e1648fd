"""Assignment 5, PageRank: the specs are slow, on one machine, and right."""

from cme323.cost import Cost
from cme323.course.exercises.exercise import Exercise

HIDE = (
    "cme323.graphs.pagerank",
    "cme323.graphs.pagerank_networkx",
    "cme323.graphs.pagerank_graphx",
    "cme323.claims",
    "networkx",
    "scipy.sparse.csgraph",
)
PARTITIONS = 4

RING = [(0, 1), (1, 2), (2, 0)]
CHORDS = [*RING, (0, 2), (2, 1)]
NAMES = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "a")]
SINK = [("a", "b"), ("c", "b")]
UNSEEN = [(0, 1), (1, 0), (2, 0)]
TWICE = [(0, 1), (0, 1), (0, 2), (1, 0), (2, 0)]
WHEEL = [edge for page in range(1, 13) for edge in ((0, page), (page, 0))]


def ranks(edges, damping=0.85, iterations=20, home=None):
    """{page: rank}, by the formula, page after page."""
    pages = list(dict.fromkeys(page for edge in edges for page in edge))
    links = {page: {v for u, v in edges if u == page} for page in pages}
    home = home or dict.fromkeys(pages, 1.0)
    x = jump = {page: home.get(page, 0.0) / sum(home.values()) for page in pages}
    for _ in range(iterations):
        arrived = dict.fromkeys(pages, 0.0)
        for page in pages:
            for target in links[page]:
                arrived[target] += x[page] / len(links[page])
        lost = 1 - damping * sum(arrived.values())
        x = {page: damping * arrived[page] + lost * jump[page] for page in pages}
    return x


def personalised(edges, home, damping, iterations):
    return ranks(edges, damping, iterations, home)


def predicted(n, m, P):
    return 2 * m + n, min(m, n * P)


def judged(rows):
    kept = rows and all(measured <= said for _, said, measured in rows)
    return "CONFIRMED" if kept else "REFUTED"


def size(edges):
    """(n, m): pages and distinct links."""
    return len({page for edge in edges for page in edge}), len(set(edges))


def step_bound(edges, damping, iterations):
    n, m = size(edges)
    return Cost(rounds=1, records=predicted(n, m, PARTITIONS)[1])


EXERCISES = (
    Exercise(
        "5.1",
        spec=ranks,
        cases=((RING, 0.85, 0), (RING, 0.85, 3), (CHORDS, 0.5, 1), (NAMES, 0.85, 5)),
        idea="a page sends rank / (number of its links) over each link, and a page "
        "receives (1 - d)/n besides",
        partitions=PARTITIONS,
        rounds=lambda edges, damping, iterations: iterations,
        hide=HIDE,
    ),
    Exercise(
        "5.2",
        spec=ranks,
        cases=(
            (CHORDS, 0.85, 3),
            (SINK, 0.85, 1),
            (SINK, 0.85, 4),
            (UNSEEN, 0.85, 3),
            (TWICE, 0.5, 2),
        ),
        idea="every page has a rank, and what does not arrive over links is shared by "
        "all pages, so that the ranks sum to 1",
        partitions=PARTITIONS,
        rounds=lambda edges, damping, iterations: iterations,
        hide=HIDE,
    ),
    Exercise(
        "5.3",
        spec=predicted,
        cases=((10, 100, 4), (100, 150, 4), (1000, 8000, 16), (1, 1, 1)),
        idea="count the records that a shuffle writes: a combiner leaves at most one "
        "for each page in each partition",
        hide=HIDE,
    ),
    Exercise(
        "5.4",
        spec=ranks,
        cases=((CHORDS, 0.85, 3), (SINK, 0.85, 2), (NAMES, 0.5, 4), (WHEEL, 0.85, 2)),
        idea="map forgets the partitioner, mapValues keeps it; and the links need to "
        "move only once, before the first step",
        partitions=PARTITIONS,
        rounds=lambda edges, damping, iterations: iterations,
        step=step_bound,
        hide=HIDE,
    ),
    Exercise(
        "5.5",
        spec=personalised,
        cases=(
            (CHORDS, {0: 1.0}, 0.85, 3),
            (SINK, {"a": 1.0, "c": 3.0}, 0.85, 2),
            (NAMES, {"b": 2.0}, 0.5, 4),
        ),
        idea="surfers who jump, also those from a page without links, jump to `home`, "
        "whose weights need not sum to 1",
        partitions=PARTITIONS,
        rounds=lambda edges, home, damping, iterations: iterations,
        hide=HIDE,
    ),
    Exercise(
        "5.6",
        spec=judged,
        cases=(
            ([(64, 32, 30), (128, 64, 64)],),
            ([(64, 32, 30), (128, 64, 65)],),
            ([(64, 32, 33), (128, 64, 64)],),
            ([],),
        ),
        idea="one point above the bound refutes it, and no points confirm nothing",
        hide=HIDE,
    ),
)
