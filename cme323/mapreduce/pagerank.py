"""PageRank by MapReduce: in each iteration, links and ranks go from disk to disk.

    r(v)  <-  (1 - d)  +  d * sum over links u -> v of r(u) / outdegree(u)

    map      (u, (r, targets))  ->  (u, (0, targets)), and for each target v
                                    (v, (r / outdegree, ()))
    combine  v, values          ->  (v, (the sum of the shares, the targets if here))
    reduce   v, values          ->  (v, (its new rank, targets))

The links travel too: a reducer has nothing of its own, so they are read, shuffled and
written again, k times, though they never change. A machine that keeps them in memory
moves the shares alone.

As in GraphX, r starts at 1, the rank of a page without links is lost, and the result is
scaled to sum 1. Source: Lin, Schatz, Design patterns for efficient graph algorithms in
MapReduce, MLG 2010.
"""

from functools import partial

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.mapreduce.job import Job


def pagerank(machine, edges, damping=0.85, iterations=20):
    """{page: rank} from a DataSet of links (page, page that it links to).

    A link that is there twice counts once.

    >>> from cme323.mapreduce import MapReduce
    >>> machine = MapReduce(partitions=2)
    >>> pagerank(machine, machine.write([("a", "b"), ("b", "a")]), iterations=3)
    {'a': 0.5, 'b': 0.5}
    """
    if not 0 <= damping <= 1 or iterations < 0:
        raise BadInput(
            "expected damping from 0 to 1 and no negative iterations, got "
            f"damping={damping} and iterations={iterations}"
        )
    pages = machine.run(BUILD, edges)
    step = Job(mapper=shares, combiner=gathered, reducer=partial(ranked, damping))
    for _ in range(iterations):
        former, pages = pages, machine.run(step, pages)
        machine.delete(former)
    ranks = {page: rank for page, (rank, _) in sorted(machine.read(pages))}
    total = sum(ranks.values())
    return {page: rank / total for page, rank in ranks.items()}


def both_ends(edge):
    """A page without links is a page too."""
    u, v = edge
    return [(u, (v,)), (v, ())]


def distinct(page, targets):
    """(page, all its targets, each once)."""
    yield page, tuple(dict.fromkeys(v for some in targets for v in some))


def begin(page, targets):
    """(page, (rank 1, its targets))."""
    for _, linked in distinct(page, targets):
        yield page, (1.0, linked)


BUILD = Job(mapper=both_ends, combiner=distinct, reducer=begin)


def shares(record):
    """The targets to the page itself, and a share of its rank to each of them."""
    page, (rank, targets) = record
    yield page, (0.0, targets)
    for target in targets:
        yield target, (rank / len(targets), ())


def gathered(page, values):
    """(page, (the sum of its shares, its targets))."""
    received, linked = 0.0, ()
    for share, targets in values:
        received, linked = received + share, linked or targets
    yield page, (received, linked)


def ranked(damping, page, values):
    """(page, (its new rank, its targets))."""
    for _, (received, targets) in gathered(page, values):
        yield page, (1 - damping + damping * received, targets)


def pagerank_cost(n, m, iterations, partitions):
    """Predicted cost, an upper bound, on n pages and m distinct links.

    Each of n pages sends its links to itself, each of m links a share; after the
    combiner, a part sends at most one record for each page. The first round sends two
    records a link, at most one for each page and part.
    """
    build = Cost(rounds=1, records=min(2 * m, n * partitions))
    step = Cost(rounds=1, records=min(n + m, n * partitions))
    return build + step * iterations
