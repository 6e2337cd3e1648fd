"""PageRank by power iteration on an RDD of links.

    rank(v)  =  d * sum over links u -> v of rank(u) / outdegree(u)
                + home(v) * (1 - d * all rank that arrived over links)

A surfer who is bored, or stuck on a page without links, jumps home: anywhere
(home = 1/n), or where the reader wishes (personalisation). Two rungs:

    pagerank_textbook  ten lines, as often quoted. Every step moves the links
                       again, and pages without links leak rank.
    pagerank           the links stay where they are; only contributions move.

`sc` is a Context or a SparkContext. Source: Page, Brin, Motwani, Winograd (1999).
"""

from itertools import islice
from operator import add

from cme323.cost import Cost


def pagerank_textbook(sc, edges, damping=0.85, iterations=20):
    """{page: rank} in ten lines of any tutorial, for comparison.

    Wrong where a page has no links: its rank is lost. A page that nobody links
    to drops out. And `map` could change the keys, so it forgets how they are
    partitioned: both sides of the cogroup move, in every step.
    """
    links = sc.parallelize(edges)
    pages = links.flatMap(lambda link: link).distinct()
    n = pages.count()
    ranks = pages.map(lambda page: (page, 1 / n))
    for _ in range(iterations):
        met = links.cogroup(ranks).values()
        sent = met.flatMap(lambda m: [s for rank in m[1] for s in _shares(m[0], rank)])
        received = sent.groupByKey()
        ranks = received.map(lambda r: (r[0], (1 - damping) / n + damping * sum(r[1])))
    return ranks.collectAsMap()


def pagerank(sc, edges, damping=0.85, iterations=20, personalization=None):
    """{page: rank} after `iterations` steps; ranks sum to 1.

    edges: pairs (page, page that it links to); repeated pairs count once.
    personalization: {page: weight}, where surfers jump to; anywhere by default.
    Raises ValueError for a damping outside [0, 1] or a weight that leads nowhere.

    >>> from cme323 import Context
    >>> ranks = pagerank(Context(), [("a", "b"), ("b", "a"), ("c", "a")])
    >>> {page: round(rank, 3) for page, rank in sorted(ranks.items())}
    {'a': 0.481, 'b': 0.469, 'c': 0.05}
    """
    steps = power_iteration(sc, edges, damping, personalization)
    return next(islice(steps, iterations, None)).collectAsMap()


def power_iteration(sc, edges, damping=0.85, personalization=None, start=None):
    """The ranks as RDDs of (page, rank): the start, then after each step, for ever.

    start: {page: rank}, which sums to 1; home by default.
    """
    if not 0 <= damping <= 1:
        raise ValueError(f"damping must be between 0 and 1, not {damping}")
    links = link_lists(sc, edges).cache()
    home = _home(links, personalization)
    first = home if start is None else lambda page: start.get(page, 0.0)
    ranks = links.map(
        lambda link: (link[0], first(link[0])), preservesPartitioning=True
    )
    while True:
        yield ranks
        ranks = _step(links, ranks, home, damping)


def link_lists(sc, edges):
    """(page, [the pages it links to]) for every page, in the partition of its key."""
    ends = sc.parallelize(edges).flatMap(lambda e: [(e[0], [e[1]]), (e[1], [])])
    lists = ends.reduceByKey(add, sc.defaultParallelism)
    return lists.mapValues(lambda targets: list(dict.fromkeys(targets)))


def _home(links, personalization):
    """Where surfers jump to: a function from a page to a probability."""
    if personalization is None:
        n = links.count()
        return lambda page: 1 / n
    total = sum(personalization.values())
    known = links.keys().filter(lambda page: page in personalization).count()
    if known < len(personalization) or total <= 0 or min(personalization.values()) < 0:
        raise ValueError(
            "personalization must map pages of the graph to weights of which none is "
            f"negative and one positive, not {personalization}"
        )
    return lambda page: personalization.get(page, 0) / total


def _step(links, ranks, home, damping):
    """One power iteration: both joins are in place, only `sent` has to move."""
    sent = links.join(ranks).values().flatMap(lambda page: _shares(*page))
    received = sent.reduceByKey(add, links.getNumPartitions())
    jumping = 1 - damping * received.values().sum()
    # An outer join: nothing arrives at a page that nobody links to.
    return links.leftOuterJoin(received).map(
        lambda page: (page[0], damping * (page[1][1] or 0.0) + jumping * home(page[0])),
        preservesPartitioning=True,
    )


def _shares(targets, rank):
    """The rank of a page in equal parts, one to each page that it links to."""
    return [(target, rank / len(targets)) for target in targets]


def pagerank_textbook_cost(n, m, iterations, partitions):
    """Predicted cost on n pages and m distinct links.

    A step moves all links and all ranks to meet, then one contribution a link:
    exactly 2m + n if every page has links both ways, else fewer. Before, each
    partition tells of each page at most once.
    """
    build = Cost(rounds=1, records=min(2 * m, n * partitions))
    return build + Cost(rounds=2, records=2 * m + n) * iterations


def pagerank_cost(n, m, iterations, partitions):
    """Predicted cost on n pages and m links; `records` is an upper bound.

    A step moves contributions only, at most one for each link, and, as they are
    added up before they leave, one for each page and partition.
    """
    build = Cost(rounds=1, records=min(2 * m, n * partitions))
    return build + Cost(rounds=1, records=min(m, n * partitions)) * iterations
