"""The message-passing machine: ranks that share nothing, and a clock by alpha-beta.

rank.py           what a rank program may do: send, receive, exchange, compute
machine.py        Network: runs a program at every rank, on a simulated clock
links.py          Link: slow, lossy or cut
deadlock.py       who waits for whom, in a sentence
machine_torch.py  the same programs on processes, by torch.distributed with gloo

The other files are rank programs, each with its predicted cost.
"""

from cme323.network.deadlock import Deadlock
from cme323.network.links import Link
from cme323.network.machine import Network

__all__ = ["Deadlock", "Link", "Network"]
