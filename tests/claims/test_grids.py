"""C4 notices what is planted; test_claims.py has it confirmed."""

import numpy as np

from cme323.claims import claim, grids
from cme323.claims.claim import REFUTED
from cme323.linalg import cannon, matmul_3d, summa
from cme323.network.gather import all_gather


def refuted():
    """What C4 says that does not hold."""
    experiments = claim("C4").experiments
    return [e.says for e in experiments if e.perform().verdict == REFUTED]


def test_notices_a_ring_that_brings_the_last_slab_home(monkeypatch):
    def one_step_more(rank, a, b):
        P, c = rank.size, 0
        for step in range(P):
            owner, height = (rank.number - step) % P, len(b)
            c = c + a[:, owner * height : (owner + 1) * height] @ b
            if P > 1:
                here = rank.number
                b = yield rank.exchange((here + 1) % P, b, (here - 1) % P)
        return c

    deal, _, together = grids.WAYS["1-D"]
    monkeypatch.setitem(grids.WAYS, "1-D", (deal, one_step_more, together))
    assert refuted() == [
        "1-D: n^2 (1 - 1/P) words",
        "1-D: words used do not depend on P",
    ]


def test_notices_a_summa_that_gathers_everything_everywhere(monkeypatch):
    def by_all_gather(rank, a, b):
        lefts, aboves = [], []
        for block, found in ((a, lefts), (b, aboves)):
            found += yield from all_gather(rank, block)
        side = grids.side_of(rank.size)
        i, j = divmod(rank.number, side)
        return sum(lefts[i * side + k] @ aboves[k * side + j] for k in range(side))

    deal, _, together = grids.WAYS["SUMMA"]
    monkeypatch.setitem(grids.WAYS, "SUMMA", (deal, by_all_gather, together))
    found = refuted()
    assert "SUMMA: 2n^2 (sqrt(P) - 1)/P words, to each rank" in found
    assert "SUMMA: words used as P^(-1/2)" in found
    assert "no entry is wrong" not in found


def test_notices_a_summa_that_always_tells_the_first_block(monkeypatch):
    right = summa.broadcast
    monkeypatch.setattr(summa, "broadcast", lambda line, x, root: right(line, x, 0))
    assert "no entry is wrong" in refuted()


def test_notices_blocks_that_go_the_wrong_way_round(monkeypatch):
    right = cannon.to_the_left
    monkeypatch.setattr(cannon, "to_the_left", lambda rank, x, n: right(rank, x, -n))
    assert refuted() == ["no entry is wrong"]


def test_notices_a_last_move_that_nobody_needs(monkeypatch):
    def once_more(rank, a, b):
        c = yield from cannon.rotate(rank, a, b)
        yield from cannon.up(rank, b, 1)
        return c

    deal, _, together = grids.WAYS["Cannon"]
    monkeypatch.setitem(grids.WAYS, "Cannon", (deal, once_more, together))
    assert "Cannon: 2n^2 (sqrt(P) - 1)/P words, to each rank" in refuted()


def test_notices_a_cube_that_gathers_by_way_of_one_rank(monkeypatch):
    def by_a_tree(group, rows):
        return np.vstack((yield from all_gather(group, rows)))

    monkeypatch.setattr(matmul_3d, "gathered", by_a_tree)
    assert "3-D: 3n^2 (1 - P^(-1/3))/P^(2/3) words" in refuted()


def test_notices_parts_that_are_not_added(monkeypatch):
    right = matmul_3d.all_to_all

    def first_only(group, blocks):
        parts = yield from right(group, blocks)
        return [parts[0]] if len({id(b) for b in blocks}) == len(blocks) else parts

    monkeypatch.setattr(matmul_3d, "all_to_all", first_only)
    assert "no entry is wrong" in refuted()
