"""Random directed graphs: distinct edges, no self-loops, nodes 0 to n - 1.

Both return sorted pairs of ints, the same for the same seed and version of NumPy.
A node without any edge is in no pair.
"""

import numpy as np

from cme323.errors import BadInput


def random_graph(nodes: int, edges: int, seed=0) -> list[tuple[int, int]]:
    """Exactly `edges` edges, every such graph equally likely (Erdos, Renyi 1959).

    Raises BadInput if there are fewer than `edges` pairs of nodes.

    >>> random_graph(3, 6)
    [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    """
    nodes, edges = _whole("nodes", nodes, 1), _whole("edges", edges, 0)
    pairs = nodes * (nodes - 1)
    if edges > pairs:
        raise BadInput(
            f"{nodes} nodes have at most {pairs} directed edges, but {edges} were "
            "asked for: ask for fewer edges or more nodes"
        )
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.choice(pairs, edges, replace=False, shuffle=False))
    sources, targets = np.divmod(chosen, max(nodes - 1, 1))
    # A row has n - 1 places: those from the diagonal on move one to the right.
    return _pairs(sources, targets + (targets >= sources))


def web_graph(
    nodes: int, out_degree: int, seed=0, *, copying=0.8, sinks=0.1
) -> list[tuple[int, int]]:
    """A graph like the Web: a few pages get most of the links, and some have none.

    The copying model (Kumar et al., Stochastic models for the Web graph, 2000): a
    new page picks an older one as its prototype; each of its links copies the
    prototype's link with probability `copying`, or else goes to a random page. The
    share of pages with in-degree k then falls as k^-(1 + 1/copying).

    Two departures: a random page may be a newer one, so that there are cycles; and
    a share `sinks` of the pages loses its links. Copied links can coincide, so
    `out_degree` is an upper bound. Raises BadInput if it is not below `nodes`.
    """
    nodes, out_degree = _whole("nodes", nodes, 1), _whole("out_degree", out_degree, 0)
    _check_share("copying", copying)
    _check_share("sinks", sinks)
    if out_degree >= nodes:
        raise BadInput(
            f"{nodes} nodes have out-degrees of at most {nodes - 1}, but {out_degree} "
            "was asked for: ask for a smaller out-degree or more nodes"
        )
    rng = np.random.default_rng(seed)
    sources = np.repeat(np.arange(nodes, dtype=np.int64), out_degree)
    targets = _copied_links(rng, nodes, out_degree, copying)
    is_sink = np.isin(sources, rng.choice(nodes, round(sinks * nodes), replace=False))
    links = (sources * nodes + targets)[(sources != targets) & ~is_sink]
    return _pairs(*np.divmod(np.unique(links), nodes))


def _copied_links(rng, nodes, out_degree, copying):
    """Link i of page v is number v * out_degree + i, and holds a page.

    Copies of copies are followed to their origin by pointer jumping: every round
    halves what is left of each chain.
    """
    link = np.arange(nodes * out_degree, dtype=np.int64)
    page = np.arange(nodes, dtype=np.int64)
    prototype = rng.integers(np.maximum(page, 1))
    copied = link + np.repeat((prototype - page) * out_degree, out_degree)
    origin = np.where(rng.random(len(link)) < copying, copied, link)
    while (origin[origin] != origin).any():
        origin = origin[origin]
    return rng.integers(nodes, size=len(link))[origin]


def _whole(name, value, least):
    if not isinstance(value, int | np.integer) or value < least:
        raise BadInput(
            f"{name} must be a whole number of at least {least}, but is {value!r}"
        )
    return int(value)


def _check_share(name, share):
    if not 0 <= share <= 1:
        raise BadInput(f"{name} must be a share between 0 and 1, but is {share!r}")


def _pairs(sources, targets):
    return list(zip(sources.tolist(), targets.tolist()))
