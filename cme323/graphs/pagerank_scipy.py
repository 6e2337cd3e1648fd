"""PageRank by one sparse product a step: what one machine can do.

    r  <-  d * M r  +  (1 - d * |M r|) * home        M[v, u] = 1 / outdegree(u)

M is a CSR matrix: row v lists the pages that link to v. A step reads M once, 12 bytes
a link, and passes five times over vectors of n: with ten links a page or more the
product is nearly all of it. What arrives nowhere, from pages without links, goes home.

The same recurrence as graphs/pagerank.py; runs until the ranks stand still. Left out:
threads, single precision, a renumbering of pages that would keep neighbours close.
"""

import numpy as np
from scipy.sparse import csr_array

from cme323.errors import BadInput

STILL = 1e-11  # as far as all ranks together may move in the last step


def pagerank(edges, damping=0.85, personalization=None):
    """{page: rank}; ranks sum to 1.

    edges: pairs (page, page that it links to); repeated pairs count once.
    personalization: {page: weight}, where surfers jump to; anywhere by default.
    Raises BadInput for a damping outside [0, 1) or a weight that leads nowhere.

    >>> pagerank([("a", "b"), ("b", "a")])
    {'a': 0.5, 'b': 0.5}
    """
    edges = list(dict.fromkeys(edges))
    pages = dict.fromkeys(page for edge in edges for page in edge)
    places = {page: place for place, page in enumerate(pages)}
    sources, targets = ([places[edge[end]] for edge in edges] for end in (0, 1))
    links = link_matrix(sources, targets, len(places))
    ranks = stationary(links, damping, home(places, personalization))
    return dict(zip(places, ranks.tolist()))


def link_matrix(sources, targets, n):
    """M of n pages, as a CSR matrix, of links that are all different.

    >>> link_matrix([0, 0, 1], [1, 2, 0], 3).toarray()
    array([[0. , 1. , 0. ],
           [0.5, 0. , 0. ],
           [0.5, 0. , 0. ]])
    """
    degrees = np.bincount(sources, minlength=n)
    shares = 1 / degrees[sources]
    return csr_array((shares, (targets, sources)), shape=(n, n))


def stationary(links, damping=0.85, home=None):
    """The ranks, an array of n, where a step moves them by STILL at most.

    links: M, n x n; home: an array of n that sums to 1, or None for 1/n everywhere.
    """
    if not 0 <= damping < 1:
        raise BadInput(f"damping must be at least 0 and below 1, but is {damping!r}")
    n = links.shape[0]
    ranks = np.full(n, 1 / n) if home is None else home.copy()
    moved = np.inf
    while moved > max(STILL, 1e-16 * n):  # rounding alone moves that much
        received = links @ ranks
        received *= damping
        jumping = 1 - received.sum()
        received += jumping / n if home is None else jumping * home
        ranks -= received
        moved = np.abs(ranks, out=ranks).sum()
        ranks = received
    return ranks


def home(places, personalization):
    """Where surfers jump to, as an array that sums to 1; None for anywhere."""
    if personalization is None:
        return None
    weights = np.array(list(personalization.values()), float)
    known = personalization.keys() <= places.keys()
    if not known or weights.min(initial=0) < 0 or not weights.sum() > 0:
        raise BadInput(
            "personalization must map pages of the graph to weights of which none is "
            f"negative and one positive, but is {personalization!r}"
        )
    jumps = np.zeros(len(places))
    jumps[[places[page] for page in personalization]] = weights / weights.sum()
    return jumps
