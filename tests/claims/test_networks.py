"""F6 and F7 notice what is planted; test_claims.py has them confirmed."""

from cme323.claims import networks
from cme323.nn import data_parallel
from cme323.nn.losses import softmax_cross_entropy
from cme323.nn.optimizers import Momentum
from tests.claims.test_gradients import refuted

EVEN, UNEVEN = (
    "even shards: no difference",
    "uneven shards, by a weighted mean: no difference",
)


def test_F6_notices_an_encoder_that_is_not_trained(monkeypatch):
    class Half(Momentum):
        def __init__(self, parameters, **options):
            super().__init__(parameters[1:], **options)

    monkeypatch.setattr(networks, "Momentum", Half)
    found = refuted("F6")
    assert "the worst of 20 seeds ends at sum of sigma_i^2, i > k" in found
    assert "W V is the projection to the first k directions, at all seeds" in found


def test_F7_notices_ranks_that_learn_alone(monkeypatch):
    def alone(rank, model, x, y, loss, allreduce):
        loss(model(x), y).backward()
        yield from ()

    monkeypatch.setattr(data_parallel, "gradient_together", alone)
    assert {EVEN, UNEVEN} <= set(refuted("F7"))


def test_F7_notices_a_plain_mean(monkeypatch):
    together = data_parallel.gradient_together

    def plain(rank, model, x, y, loss, allreduce):
        def share(scores, labels):
            return softmax_cross_entropy(scores, labels) * (1 / len(labels))

        yield from together(rank, model, x, y, share, allreduce)
        for p in model.parameters:
            p.grad = p.grad * (networks.EXAMPLES / rank.size)

    monkeypatch.setattr(data_parallel, "gradient_together", plain)
    assert refuted("F7") == [UNEVEN]
