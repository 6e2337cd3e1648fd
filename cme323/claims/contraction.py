"""Part A, graphs on the work-depth machine: spanning forests and components.

Rounds, work and depth are counted by the machine, nodes in what a round leaves.
"""

from collections import deque
from math import ceil, log, log2

from cme323.claims.claim import Claim, Experiment
from cme323.claims.families import (
    GRAPHS,
    SMALL,
    counted,
    degrees,
    family,
    mean_cost,
    rng,
)
from cme323.claims.verdicts import AtMost, Equal, Slope, Within
from cme323.datasets import binomial_tree, hypercube, path, random_regular
from cme323.parallel.boruvka import boruvka, boruvka_cost
from cme323.parallel.contraction import contraction, contraction_cost
from cme323.parallel.label_propagation import (
    label_propagation,
    label_propagation_cost,
)
from cme323.parallel.random_mate import (
    mate,
    random_mate,
    random_mate_cost,
    survivors,
    toss,
)
from cme323.parallel.undirected import neighbours
from cme323.pram import PRAM, plain

BORUVKA = (
    "Boruvka, O jistém problému minimálním, 1926, translated by Nesetril, Milková, "
    "Nesetrilová, Discrete Mathematics 233, 2001"
)
REIF = "Reif, Optimal parallel algorithms for graph connectivity, Harvard, 1984"
HIRSCHBERG = (
    "Hirschberg, Chandra, Sarwate, Computing connected components on parallel "
    "computers, CACM 22, 1979"
)


def few_weights(edges, seed=0):
    """A weight of 1, 2 or 3 for each edge: there are many ties."""
    return rng(seed).integers(1, 4, size=len(edges)).tolist()


def by_dimension(edges):
    """The weight of an edge of a hypercube: the dimension that it goes along."""
    return [(u ^ v).bit_length() for u, v in edges]


def forest_weight(n, edges, weights):
    return sum(weights[i] for i in boruvka(PRAM(), n, edges, weights))


def kruskal(n, edges, weights):
    """The weight of the lightest edges that close no cycle: a minimum forest."""
    tree, total = list(range(n)), 0
    for w, (u, v) in sorted(zip(weights, edges)):
        if tree[u] != tree[v]:
            tree = [tree[u] if t == tree[v] else t for t in tree]
            total += w
    return total


def boruvka_counted(name, n):
    edges = family(name, n)
    return counted(boruvka, n, edges, few_weights(edges))


def on_a_hypercube(k):
    edges = hypercube(k)
    return counted(boruvka, 2**k, edges, by_dimension(edges))


CUBES = tuple(range(1, 9))

A14 = Claim(
    id="A14",
    title="Boruvka",
    statement=(
        "Each round leaves half of the components at most, so a minimum spanning "
        "forest takes at most $\\lfloor \\log_2 n \\rfloor$ rounds and "
        "$W = O((m + n) \\log n)$. It weighs what Kruskal's does, with equal weights "
        "too. A hypercube whose weights are its dimensions attains both: $\\log_2 n$ "
        "rounds, and $W = \\frac{5}{2} m(\\log_2 n + 1) + 4(n - 1) - 2\\log_2 n$."
    ),
    source=BORUVKA + "; the work on a hypercube derived",
    experiments=(
        Experiment(
            "as heavy as Kruskal's, with many equal weights",
            "weight",
            "graph, n",
            SMALL,
            predict=lambda name, n: kruskal(
                n, family(name, n), few_weights(family(name, n))
            ),
            run=lambda name, n: forest_weight(
                n, family(name, n), few_weights(family(name, n))
            ),
            verdict=Equal(),
        ),
        Experiment(
            "at most floor(log2 n) rounds",
            "rounds",
            "graph, n",
            GRAPHS,
            predict=lambda name, n: boruvka_cost(n, 0).rounds,
            run=lambda name, n: boruvka_counted(name, n).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "at most the work of boruvka_cost",
            "operations",
            "graph, n",
            GRAPHS,
            predict=lambda name, n: boruvka_cost(n, len(family(name, n))).work,
            run=lambda name, n: boruvka_counted(name, n).work,
            verdict=AtMost(),
        ),
        Experiment(
            "at most the depth of boruvka_cost",
            "operations, one after another",
            "graph, n",
            GRAPHS,
            predict=lambda name, n: boruvka_cost(n, len(family(name, n))).depth,
            run=lambda name, n: boruvka_counted(name, n).depth,
            verdict=AtMost(),
        ),
        Experiment(
            "a hypercube takes log2 n rounds",
            "rounds",
            "log2 n",
            CUBES,
            predict=lambda k: k,
            run=lambda k: on_a_hypercube(k).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "a hypercube takes 5/2 m(log2 n + 1) + 4(n - 1) - 2 log2 n operations",
            "operations",
            "log2 n",
            CUBES,
            predict=lambda k: (
                5 * len(hypercube(k)) * (k + 1) // 2 + 4 * (2**k - 1) - 2 * k
            ),
            run=lambda k: on_a_hypercube(k).work,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "each round leaves a third: log3 n rounds",
            "rounds",
            "log2 n",
            CUBES,
            predict=lambda k: ceil(log(2**k, 3)),
            run=lambda k: on_a_hypercube(k).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "the work is linear: at most 15(m + n)",
            "operations",
            "log2 n",
            CUBES,
            predict=lambda k: 15 * (len(hypercube(k)) + 2**k),
            run=lambda k: on_a_hypercube(k).work,
            verdict=AtMost(),
        ),
    ),
)


def left_after_a_round(n, edges, seed):
    """How many nodes are their own parent after one round of random mate."""
    pram = PRAM()
    parent = pram.array(range(n))
    mate(pram, parent, edges, toss(pram, n, rng(seed)))
    return sum(v == above for v, above in enumerate(plain(parent)))


def stay(n, edges):
    """How many nodes are left after a round, for each seed."""
    return [left_after_a_round(n, edges, seed) for seed in range(100)]


def mean_mate_cost(n, edges):
    """What components by random mate cost on average."""
    return mean_cost(random_mate, n, edges, range(10))


def mislabelled(n, edges, labels):
    """0 if and only if nodes have equal labels exactly where a search joins them."""
    found = least_labels(n, edges)
    return 2 * len(set(zip(labels, found))) - len(set(labels)) - len(set(found))


REGULAR = ((300, 2), (300, 4), (300, 8))
IRREGULAR = (("path", 300), ("grid", 256), ("Erdos-Renyi", 200))

A15 = Claim(
    id="A15",
    title="Random mate",
    statement=(
        "If every node tosses a coin and those with tails join a neighbour with heads, "
        "a node with $d$ neighbours stays with probability $1/2 + 2^{-(d+1)}$: of a "
        "$d$-regular graph $n(1/2 + 2^{-(d+1)})$ nodes are expected to stay. That is "
        "$3/4$ at most, so $\\log_{4/3}(n/2) + 4$ rounds are expected at most."
    ),
    source=REIF + "; the probabilities are homework of CME 323, 2018",
    experiments=(
        Experiment(
            "d-regular: n(1/2 + 2^-(d+1)) stay",
            "nodes that stay",
            "n, d",
            REGULAR,
            predict=lambda n, d: n * (1 / 2 + 2 ** -(d + 1)),
            run=lambda n, d: stay(n, random_regular(n, d)),
            verdict=Within(precision=0.02),
        ),
        Experiment(
            "any graph: the sum of 1/2 + 2^-(d+1) over its nodes",
            "nodes that stay",
            "graph, n",
            IRREGULAR,
            predict=lambda name, n: survivors(degrees(n, family(name, n))),
            run=lambda name, n: stay(n, family(name, n)),
            verdict=Within(precision=0.02),
        ),
        Experiment(
            "on average at most log_4/3(n/2) + 4 rounds",
            "rounds on average",
            "graph, n",
            SMALL,
            predict=lambda name, n: random_mate_cost(n, 0).rounds,
            run=lambda name, n: mean_mate_cost(n, family(name, n)).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "on average at most the work of random_mate_cost",
            "operations on average",
            "graph, n",
            SMALL,
            predict=lambda name, n: random_mate_cost(n, len(family(name, n))).work,
            run=lambda name, n: mean_mate_cost(n, family(name, n)).work,
            verdict=AtMost(),
        ),
        Experiment(
            "labels are equal in a component, and only there",
            "labels too many or too few",
            "graph, n",
            SMALL,
            predict=lambda name, n: 0,
            run=lambda name, n: mislabelled(
                n,
                family(name, n)[::2],
                random_mate(PRAM(), n, family(name, n)[::2], rng(0)),
            ),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "each round halves the nodes",
            "nodes that stay",
            "n, d",
            REGULAR[:1],
            predict=lambda n, d: n / 2,
            run=lambda n, d: stay(n, random_regular(n, d)),
            verdict=Within(precision=0.02),
        ),
        Experiment(
            "as few rounds as by choice: log2 n on average",
            "rounds on average",
            "graph, n",
            SMALL,
            predict=lambda name, n: log2(n),
            run=lambda name, n: mean_mate_cost(n, family(name, n)).rounds,
            verdict=AtMost(),
        ),
    ),
)


def search(near, start):
    """{node: steps from start}, breadth first."""
    steps, queue = {start: 0}, deque([start])
    while queue:
        v = queue.popleft()
        for u in near[v]:
            if u not in steps:
                steps[u] = steps[v] + 1
                queue.append(u)
    return steps


def searches(n, edges):
    """{least node of a component: {node: steps from it}}."""
    near, met, found = neighbours(n, edges), set(), {}
    for v in range(n):
        if v not in met:
            found[v] = search(near, v)
            met |= found[v].keys()
    return found


def least_labels(n, edges):
    """For each node the least node of its component, by breadth-first search."""
    label = [None] * n
    for least, steps in searches(n, edges).items():
        for v in steps:
            label[v] = least
    return label


def eccentricity(n, edges):
    """The most steps from the least node of a component."""
    return max(max(steps.values()) for steps in searches(n, edges).values())


def wrong_labels(algorithm, n, edges):
    labels = zip(algorithm(PRAM(), n, edges), least_labels(n, edges))
    return sum(given != least for given, least in labels)


def propagation_cost(n, edges):
    return label_propagation_cost(
        n, len(edges), eccentricity(n, edges), max(degrees(n, edges))
    )


PATHS = tuple(2**k for k in range(2, 8))
TREES = tuple(range(1, 10))

A16 = Claim(
    id="A16",
    title="Rounds of connectivity",
    statement=(
        "Label propagation takes $e + 1$ rounds, where $e$ is the eccentricity of the "
        "least node of a component: $n$ rounds on a path. Contraction, where each "
        "component joins its least neighbour, takes $\\lfloor \\log_2 n \\rfloor$ "
        "rounds at most, whatever the graph, and on a binomial tree exactly."
    ),
    source=HIRSCHBERG + "; eccentricity and binomial tree derived",
    experiments=(
        Experiment(
            "label propagation: eccentricity + 1 rounds",
            "rounds",
            "graph, n",
            SMALL,
            predict=lambda name, n: eccentricity(n, family(name, n)) + 1,
            run=lambda name, n: counted(label_propagation, n, family(name, n)).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "label propagation: 2m + n operations in each",
            "operations",
            "graph, n",
            SMALL,
            predict=lambda name, n: propagation_cost(n, family(name, n)).work,
            run=lambda name, n: counted(label_propagation, n, family(name, n)).work,
            verdict=Equal(),
        ),
        Experiment(
            "label propagation on a path: rounds as n^1",
            "rounds",
            "n",
            PATHS,
            predict=lambda n: n,
            run=lambda n: counted(label_propagation, n, path(n)).rounds,
            verdict=Slope(1, 0.02),
        ),
        Experiment(
            "contraction: at most floor(log2 n) rounds",
            "rounds",
            "graph, n",
            GRAPHS,
            predict=lambda name, n: contraction_cost(n, 0).rounds,
            run=lambda name, n: counted(contraction, n, family(name, n)).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "contraction of a binomial tree: log2 n rounds",
            "rounds",
            "log2 n",
            TREES,
            predict=lambda k: k,
            run=lambda k: counted(contraction, 2**k, binomial_tree(k)).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "contraction: at most the work of contraction_cost",
            "operations",
            "graph, n",
            GRAPHS,
            predict=lambda name, n: contraction_cost(n, len(family(name, n))).work,
            run=lambda name, n: counted(contraction, n, family(name, n)).work,
            verdict=AtMost(),
        ),
        Experiment(
            "contraction: at most the depth of contraction_cost",
            "operations, one after another",
            "graph, n",
            GRAPHS,
            predict=lambda name, n: contraction_cost(n, len(family(name, n))).depth,
            run=lambda name, n: counted(contraction, n, family(name, n)).depth,
            verdict=AtMost(),
        ),
        Experiment(
            "both: the least node of its component for each node, of half the edges",
            "wrong labels",
            "graph, n",
            SMALL,
            predict=lambda name, n: 0,
            run=lambda name, n: sum(
                wrong_labels(algorithm, n, family(name, n)[::2])
                for algorithm in (label_propagation, contraction)
            ),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "label propagation takes log2 n + 1 rounds on a path",
            "rounds",
            "n",
            PATHS[:4],
            predict=lambda n: log2(n) + 1,
            run=lambda n: counted(label_propagation, n, path(n)).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "four rounds of contraction are enough",
            "rounds",
            "log2 n",
            TREES,
            predict=lambda k: 4,
            run=lambda k: counted(contraction, 2**k, binomial_tree(k)).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "contraction needs a round for each step, too: the eccentricity",
            "rounds",
            "graph, n",
            SMALL,
            predict=lambda name, n: eccentricity(n, family(name, n)),
            run=lambda name, n: counted(contraction, n, family(name, n)).rounds,
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (A14, A15, A16)
