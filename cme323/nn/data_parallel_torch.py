"""Data parallel by torch's DistributedDataParallel, as the same rank program.

For a TorchNetwork, whose processes are connected by gloo. DDP sends by itself, while it
still goes backward, so nothing is yielded and nothing is counted here.
"""

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from cme323.nn.training_torch import cross_entropy, mirror


def train_together(rank, x, y, model, steps, rate, loss=cross_entropy):
    """A rank program: the weights, as arrays, after `steps` on all ranks' examples."""
    x, y = torch.tensor(x), torch.tensor(y)
    net = DistributedDataParallel(mirror(model))
    optimizer = torch.optim.SGD(net.parameters(), rate)
    total = torch.tensor(len(x))
    dist.all_reduce(total)
    for _ in range(steps):
        optimizer.zero_grad()
        # DDP takes the plain mean over ranks, whatever number of examples each has.
        (loss(net(x), y) * len(x) * rank.size / total).backward()
        optimizer.step()
    yield from ()
    return [p.detach().numpy() for p in net.parameters()]
