"""Gather and scatter: blocks from all ranks to one, and back, along a binomial tree.

    round 1   1 -> 0   3 -> 2   5 -> 4   7 -> 6       1 block in a message
    round 2   2 -> 0            6 -> 4                2 blocks
    round 3   4 -> 0                                  4 blocks

ceil(log2 P) rounds instead of P - 1. The root still takes n(P - 1) words, and a block
travels again in each round: fewer alphas, and more words in all.
"""

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.network.tree import broadcast, broadcast_cost, children, parent, rounds


def gather(rank, block):
    """The blocks of all ranks in a list, at rank 0; None at the others.

    >>> from cme323.network import Network
    >>> Network(3).run(gather, ["a", "b", "c"])
    [['a', 'b', 'c'], None, None]
    """
    blocks = [block]
    for child in reversed(children(rank.number, rank.size)):
        blocks += yield rank.receive(child)
    if rank.number:
        yield rank.send(parent(rank.number), blocks)
        return None
    return blocks


def scatter(rank, blocks):
    """Block i of rank 0's list, at rank i; what the others pass is ignored.

    >>> from cme323.network import Network
    >>> Network(3).run(scatter, [["a", "b", "c"], None, None])
    ['a', 'b', 'c']
    """
    if rank.number:
        blocks = yield rank.receive(parent(rank.number))
    elif len(blocks) != rank.size:
        raise BadInput(
            f"scatter() needs a block for each of {rank.size} ranks, not {len(blocks)}"
        )
    for child in children(rank.number, rank.size):
        kept = child - rank.number
        yield rank.send(child, blocks[kept:])
        blocks = blocks[:kept]
    return blocks[0]


def all_gather(rank, block):
    """The blocks of all ranks in a list, at every rank: gather, then broadcast."""
    blocks = yield from gather(rank, block)
    return (yield from broadcast(rank, blocks))


def gather_cost(n, P):
    """Predicted cost for blocks of n words; that of scatter too.

    The block of rank i is sent once for each 1 among the binary digits of i: for P a
    power of 2, n (P/2) log2 P words in all.
    """
    hops = sum(number.bit_count() for number in range(P))
    return Cost(work=0, rounds=rounds(P), records=n * hops, messages=P - 1)


def gather_words(n, P):
    """Words that pass the root, one after another: all blocks but its own."""
    return n * (P - 1)


def all_gather_cost(n, P):
    """Predicted cost for blocks of n words: gathered, then nP words told to all."""
    return gather_cost(n, P) + broadcast_cost(n * P, P)
