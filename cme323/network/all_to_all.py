"""All-to-all: each rank has a block for each; a transposition of blocks.

    step s    rank i sends to i + s, and receives from i - s

P - 1 rounds, in each of which all ranks send and receive one block. Nothing travels
twice, and no link carries two blocks: it is a shuffle.
"""

from cme323.cost import Cost
from cme323.errors import BadInput


def all_to_all(rank, blocks):
    """The blocks that all ranks have for this one, by their number.

    >>> from cme323.network import Network
    >>> Network(2).run(all_to_all, [["0 to 0", "0 to 1"], ["1 to 0", "1 to 1"]])
    [['0 to 0', '1 to 0'], ['0 to 1', '1 to 1']]
    """
    if len(blocks) != rank.size:
        raise BadInput(
            f"all_to_all() needs a block for each of {rank.size} ranks, "
            f"not {len(blocks)}"
        )
    received = list(blocks)
    for step in range(1, rank.size):
        to = (rank.number + step) % rank.size
        source = (rank.number - step) % rank.size
        received[source] = yield rank.exchange(to, blocks[to], source)
    return received


def all_to_all_cost(n, P):
    """Predicted cost for blocks of n words."""
    messages = P * (P - 1)
    return Cost(work=0, rounds=P - 1, records=n * messages, messages=messages)
