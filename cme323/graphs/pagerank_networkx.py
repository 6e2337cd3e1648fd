"""PageRank by networkx: the library beside graphs/pagerank.py.

It runs in this process until the ranks stand still, so it takes no machine and no
number of iterations. Left out: damping 1, where they may never stand still.
"""

import math

import networkx as nx

from cme323.errors import BadInput

STILL = 1e-11  # as far as all ranks together may move in the last step


def pagerank(edges, damping=0.85, personalization=None):
    """{page: rank}; ranks sum to 1.

    edges: pairs (page, page that it links to); repeated pairs count once.
    personalization: {page: weight}, where surfers jump to; anywhere by default.

    All ranks together are within STILL * damping / (1 - damping) of the limit:
    6e-11 for 0.85, 1e-9 for 0.99. Rounding moves the hub of a star of n pages by
    up to 1e-16 n for ever, so beyond 100,000 pages STILL grows to that. Raises
    BadInput for a damping outside [0, 1) or a weight that leads nowhere.

    >>> pagerank([("a", "b"), ("b", "a")])
    {'a': 0.5, 'b': 0.5}
    """
    if not 0 <= damping < 1:
        raise BadInput(f"damping must be at least 0 and below 1, but is {damping!r}")
    graph = nx.DiGraph()
    graph.add_edges_from(edges)
    _check_jumps(graph, personalization)
    # Step k moves the ranks by at most 2 * damping**k <= 2 * exp(-k * (1 - damping)).
    steps = math.ceil(math.log(2 / STILL) / (1 - damping)) + 1
    # networkx stops when the ranks move by less than n * tol.
    tol = max(STILL / max(len(graph), 1), 1e-16)
    return nx.pagerank(graph, damping, personalization, max_iter=steps, tol=tol)


def _check_jumps(graph, personalization):
    """networkx would ignore a page that is not there, and take a negative weight."""
    if personalization is None:
        return
    weights = personalization.values()
    known = personalization.keys() <= set(graph)
    if not known or min(weights, default=0) < 0 or not sum(weights) > 0:
        raise BadInput(
            "personalization must map pages of the graph to weights of which none is "
            f"negative and one positive, but is {personalization!r}"
        )
