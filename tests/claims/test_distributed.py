"""E7 notices what is planted; test_claims.py has it confirmed."""

from cme323.claims import claim
from cme323.claims.claim import REFUTED
from cme323.engine.tree import TreeActions
from cme323.network.gather import gather
from cme323.network.tree import broadcast_by_driver
from cme323.optimize import distributed


def refuted():
    """What E7 says that does not hold."""
    return [
        f.experiment.says for f in claim("E7").check().findings if f.verdict == REFUTED
    ]


def test_examples_that_travel_are_noticed(monkeypatch):
    told = distributed.broadcast

    def with_data(rank, w):
        yield from gather(rank, rank.block)
        return (yield from told(rank, w))

    def step(rank, block, **same):
        rank.block = block
        return (yield from step.right(rank, block, **same))

    step.right = distributed.gradient_step
    monkeypatch.setattr(distributed, "broadcast", with_data)
    monkeypatch.setattr("cme323.claims.distributed.gradient_step", step)
    assert refuted()[:2] == ["(P - 1)(2d + 1) words, whatever n", "flat in n"]


def test_weights_that_travel_twice_are_noticed(monkeypatch):
    told = distributed.broadcast

    def twice(rank, w):
        yield from broadcast_by_driver(rank, w)
        return (yield from told(rank, w))

    monkeypatch.setattr(distributed, "broadcast", twice)
    assert refuted() == ["(P - 1)(2d + 1) words, whatever n"]


def test_a_gradient_that_counts_too_much_is_noticed(monkeypatch):
    right = distributed.gradient_step

    def step(rank, block, gradient, **same):
        def heavier(w, x, y):
            return gradient(w, x, y) * (1 + 0.5 * (rank.number == 0))

        return (yield from right(rank, block, heavier, **same))

    monkeypatch.setattr("cme323.claims.distributed.gradient_step", step)
    assert refuted() == ["the weights that one machine finds"]


def test_a_deeper_tree_is_noticed(monkeypatch):
    right = TreeActions.treeAggregate

    def deeper(self, zero, seq, comb, depth=2):
        return right(self, zero, seq, comb, depth + 1)

    monkeypatch.setattr(TreeActions, "treeAggregate", deeper)
    assert refuted() == ["treeAggregate: P records a step, if P > 4, whatever n"]
