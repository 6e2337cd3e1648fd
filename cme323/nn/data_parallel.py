"""Data parallel: every rank has the whole net and a part of the batch.

    gradient of the batch = sum over ranks of  n_r gradient_r / sum of n_r

Each rank computes the gradient of its own n_r examples, all ranks add theirs up by an
allreduce, and every one takes the same step: so the nets stay equal, to the last bit,
and the step is that of one machine with the whole batch, to rounding. It is not with
BatchNorm, whose means are those of a rank's own examples.

What is sent does not depend on how many examples there are, only on the parameters.
The programs run on a simulated Network or, by gloo, on processes.

Source: Dean et al., Large scale distributed deep networks, 2012.
"""

from copy import deepcopy

import numpy as np

from cme323.cost import Cost
from cme323.network.allreduce import ring_allreduce, ring_allreduce_cost
from cme323.nn.losses import softmax_cross_entropy
from cme323.nn.optimizers import SGD


def train_together(
    rank, x, y, model, steps, rate, loss=softmax_cross_entropy, allreduce=ring_allreduce
):
    """A rank program: the net after `steps` on all ranks' examples (x, y) at once.

    >>> from cme323.network import Network
    >>> from cme323.nn.models import MLP
    >>> shards = [np.ones((2, 3)), np.zeros((4, 3))], [[0, 1], [1, 1, 1, 1]]
    >>> nets = Network(2).run(train_together, *shards, model=MLP([3, 2]), steps=1,
    ...                       rate=0.1)
    >>> np.array_equal(nets[0].parameters[0].value, nets[1].parameters[0].value)
    True
    """
    # In a simulation, ranks would share the net that they were all given.
    model = deepcopy(model)
    optimizer = SGD(model.parameters, rate)
    for _ in range(steps):
        yield from gradient_together(rank, model, x, y, loss, allreduce)
        optimizer.step()
    return model


def gradient_together(
    rank, model, x, y, loss=softmax_cross_entropy, allreduce=ring_allreduce
):
    """Put the gradient of the mean loss over all ranks' examples into the net."""
    loss(model(x), y).backward()
    gradients = [len(x) * p.grad.ravel() for p in model.parameters]
    # The number of examples travels along, as one word more.
    total = yield from allreduce(rank, np.concatenate([*gradients, [len(x)]]))
    _unpack(total[:-1] / total[-1], model.parameters)


def _unpack(vector, parameters):
    ends = np.cumsum([p.value.size for p in parameters])
    for p, part in zip(parameters, np.split(vector, ends[:-1])):
        p.grad = part.reshape(p.value.shape).astype(p.value.dtype)


def train_together_cost(parameters, steps, ranks):
    """Predicted for a ring: words do not depend on the batch."""
    step = ring_allreduce_cost(parameters + 1, ranks)
    return Cost(rounds=step.rounds, records=step.records) * steps
