"""Components by label propagation: the least label floods the graph.

    label[v]  <-  min of label[v] and the labels of all neighbours, until none changes

A label goes one step in a round, so the rounds are as many as steps from the least node
of a component to its farthest, its eccentricity, and one that finds nothing to do. That
is few in a random graph, and n on a path.

In a round each node has a tree of comparisons, one for each end of an edge, and looks
whether its label has changed: 2m + n comparisons, depth ceil(log2(degree + 1)) + 1.
Left out: to send only labels that have changed, which is less work in as many rounds.
"""

from cme323.cost import Cost
from cme323.parallel.concurrent_write import least
from cme323.parallel.undirected import check_edges, neighbours


def label_propagation(pram, n, edges):
    """For each node the least node of its component.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> label_propagation(pram, 5, [(0, 1), (1, 2), (3, 4)]), pram.cost
    ([0, 0, 0, 3, 3], Cost(work=33, depth=9, rounds=3))
    """
    check_edges(n, edges)
    near, label, changed = neighbours(n, edges), pram.array(range(n)), True
    while changed:
        pram.round()
        label, changed = flood(pram, label, near)
    return [int(lowest) for lowest in label]


def flood(pram, label, near):
    """(the labels after one round, whether any is new)."""

    def lowest(v):
        return least(pram, [label[v], *(label[u] for u in near[v])])

    new = pram.map(lowest, range(len(label)))
    return new, any(pram.map(lambda a, b: a != b, new, label))


def label_propagation_cost(n, m, eccentricity, degree):
    """Cost of n nodes and m edges, exactly; degree: the most edges of a node.

    eccentricity: the most steps from the least node of a component.
    """
    step = Cost(work=2 * m + n, depth=degree.bit_length() + 1, rounds=1)
    return step * (eccentricity + 1)
