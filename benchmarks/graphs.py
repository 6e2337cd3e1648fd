"""Graphs: PageRank on one machine, against the sparse products that it is made of.

The graph has 1e5 pages and 1e6 links. What each program works on (a CSR matrix, a
networkx graph) is made in its first run, which is not timed. All end where the ranks
move by less than 1e-10; the bare products take as many steps as ours.
"""

from functools import cached_property

import numpy as np

from benchmarks.engine_targets import Table
from benchmarks.suite import Engine, Suite, Target, Workload
from cme323.graphs.pagerank_scipy import link_matrix, stationary

DAMPING = 0.85


class Web:
    """Random links between a tenth as many pages, each of which has at least one.

    scikit-network treats pages without links in another way.
    """

    def __init__(self, links):
        self.n = max(4, links // 10)
        rng = np.random.default_rng(0)
        ring = np.arange(self.n)
        pairs = rng.integers(self.n, size=(max(links - self.n, 0), 2))
        both = np.concatenate([pairs, np.stack([ring, np.roll(ring, 1)], axis=1)])
        self.sources, self.targets = np.unique(both, axis=0).T

    @cached_property
    def matrix(self):
        return link_matrix(self.sources, self.targets, self.n)

    @cached_property
    def ranks(self):
        return stationary(self.matrix, DAMPING).tolist()

    @cached_property
    def steps(self):
        counting = Counting(self.matrix)
        stationary(counting, DAMPING)
        return counting.products

    @cached_property
    def adjacency(self):
        from scipy.sparse import csr_matrix

        ones = np.ones(len(self.sources))
        return csr_matrix((ones, (self.sources, self.targets)), (self.n, self.n))

    @cached_property
    def graph(self):
        import networkx as nx

        graph = nx.DiGraph()
        graph.add_nodes_from(range(self.n))
        graph.add_edges_from(zip(self.sources.tolist(), self.targets.tolist()))
        return graph


class Counting:
    """A matrix that counts its products."""

    def __init__(self, matrix):
        self._matrix, self.shape, self.products = matrix, matrix.shape, 0

    def __matmul__(self, vector):
        self.products += 1
        return self._matrix @ vector


def products(web):
    """As many bare products as PageRank takes; then ranks that were there before."""
    vector = np.full(web.n, 1 / web.n)
    for _ in range(web.steps):
        vector = web.matrix @ vector
    return web.ranks


def scipy(web):
    return stationary(web.matrix, DAMPING).tolist()


def networkx(web):
    import networkx as nx

    # It stops when the ranks move by less than n * tol.
    ranks = nx.pagerank(web.graph, DAMPING, max_iter=1000, tol=1e-11 / web.n)
    return [ranks[page] for page in range(web.n)]


def scikit_network(web):
    from sknetwork.ranking import PageRank

    method = PageRank(DAMPING, solver="piteration", n_iter=1000, tol=1e-11)
    return method.fit_predict(web.adjacency).tolist()


def targets(results, growth):
    at = Table(results)
    ratios = [
        ("scipy / bare products", at.ratios(["pagerank"], "scipy", "products"), 1.2),
        ("scipy / scikit-network", at.ratios(["pagerank"], "scipy", "sknetwork"), 1),
    ]
    slower = at.ratios(["pagerank"], "networkx", "scipy").get("pagerank")
    return [
        *(Target(says, ratio.get("pagerank"), most) for says, ratio, most in ratios),
        Target("networkx / scipy", slower, 20, at_least=True),
    ]


SUITE = Suite(
    title="graphs",
    workloads={
        "pagerank": Workload(
            "pagerank",
            "PageRank, 1e5 pages, 1e6 links",
            10**6,
            Web,
            {
                "products": products,
                "scipy": scipy,
                "sknetwork": scikit_network,
                "networkx": networkx,
            },
            rounding=1e-6,
        )
    },
    engines={
        name: Engine(name) for name in ("products", "scipy", "sknetwork", "networkx")
    },
    reference="products",
    targets=targets,
)
