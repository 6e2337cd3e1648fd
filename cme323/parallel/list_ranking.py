"""List ranking: how many steps each node of a linked list is from its end.

    Wyllie     rank[v] += rank[next[v]], next[v] = next[next[v]], log2 n times
    sampling   rank only a sample by Wyllie, and walk in between

Wyllie's pointers span 2^k steps after k jumps: W = n D, with D = ceil(log2(n - 1)). All
n nodes work to the end, though one walk can rank a list in n steps.

So sample each node with probability 1/log2 n. From all of them at the same time, walk
to the next; rank this list of about n/log2 n by Wyllie; and walk again, to tell the
ranks to those in between. All that is W = O(n). The longest walk is O(log² n) with high
probability, and so is D: it exceeds c log2² n with probability n^(1 - 1.44 c) at most.

Sources: Wyllie, The complexity of parallel computations, Cornell, 1979; sampling as in
Miller, Reif, Parallel tree contraction, FOCS 1985.
"""

from math import log2
from operator import add

from cme323.cost import Cost
from cme323.errors import BadInput


def wyllie(pram, after):
    """The rank of each node; after[v] is the next node, and the end its own next.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> wyllie(pram, [3, 1, 0, 4, 1]), pram.cost
    ([3, 0, 4, 2, 1], Cost(work=10, depth=2))
    """
    _check_list(after)
    return jump(pram, after, pram.array(int(v != w) for v, w in enumerate(after)))


def jump(pram, after, steps):
    """The rank of each node, if it is `steps` from the next."""
    rank = steps
    for _ in range(jumps(len(after))):
        rank = pram.map(add, rank, [rank[w] for w in after])
        after = [after[w] for w in after]
    return rank


def jumps(n):
    """How often to jump until pointers span n - 1 steps."""
    return max(n - 2, 0).bit_length()


def rank_by_sampling(pram, after, rng):
    """The same ranks; rng draws the sample.

    >>> import numpy as np
    >>> from cme323.pram import PRAM
    >>> rank_by_sampling(PRAM(), [3, 1, 0, 4, 1], np.random.default_rng(0))
    [3, 0, 4, 2, 1]
    """
    _check_list(after)
    stops = sample(pram, after, rng)
    walks = walk_all(pram, after, stops)
    place = {stop: i for i, stop in enumerate(stops)}
    short = jump(pram, [place[stop] for stop, _ in walks], [gap for _, gap in walks])
    return expand(pram, after, dict(zip(stops, short)))


def sample(pram, after, rng):
    """Both ends of the list, and each other node with probability 1/log2 n."""
    n = len(after)
    chance = 1 / log2(max(n, 2))
    drawn = pram.map(lambda x: x < chance, pram.array(rng.random(n).tolist()))
    followers = {w for v, w in enumerate(after) if v != w}
    return [v for v in range(n) if drawn[v] or v not in followers or after[v] == v]


def walk_all(pram, after, stops):
    """(the next stop, the steps to it) from each stop: all walk at the same time."""
    marked = set(stops)

    def walk(v):
        (steps,) = pram.array([int(after[v] != v)])
        v = after[v]
        while v not in marked:
            v, steps = after[v], steps + 1
        return v, steps

    return pram.map(walk, stops)


def expand(pram, after, ranks):
    """The rank of each node, from those of the stops: all walk at the same time."""
    rank = [ranks.get(v) for v in range(len(after))]

    def walk(v):
        while after[v] not in ranks:
            rank[after[v]] = rank[v] - 1
            v = after[v]

    pram.parallel_for(ranks, walk)
    return rank


def _check_list(after):
    """Raise BadInput unless a walk from the only node that none points to meets all."""
    nodes = range(len(after))
    heads = set(nodes) - {w for v, w in enumerate(after) if v != w}
    v, met = min(heads, default=None), set()
    while v in nodes and v not in met:
        met.add(v)
        v = after[v]
    if len(met) < len(nodes) or not met.issuperset(after):
        raise BadInput(
            f"a list must lead through all of its {len(nodes)} nodes to an end that is "
            f"its own next, but {list(after)[:20]} does not"
        )


def wyllie_cost(n):
    """Cost of n nodes, exactly."""
    return Cost(work=n * jumps(n), depth=jumps(n))


def rank_by_sampling_cost(n, stops, longest):
    """Cost of n nodes, exactly; longest: the most steps from a stop to the next.

    n coins; n - stops nodes that are walked over twice; jumps on the stops.
    """
    walks = 2 * Cost(work=n - stops, depth=max(longest - 1, 0))
    return Cost(work=n, depth=1) + walks + wyllie_cost(stops)


def expected_stops(n):
    """Both ends, and n - 2 nodes with probability 1/log2 n, for n >= 2."""
    return 2 + (n - 2) / log2(n)
