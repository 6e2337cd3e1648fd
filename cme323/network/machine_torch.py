"""TorchNetwork: the same rank programs on processes, by torch.distributed with gloo.

A process for each rank. A message goes out pickled, as a length and then the bytes.
gloo's send waits for its receiver, as the simulated one does. What is counted is what
Network counts: words and messages; there is no clock, and no seconds are predicted.

Left out, compared with Network: links, timeouts, rounds, and deadlocks that are
explained: here they end after `patience` seconds, as they would on a real cluster.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from datetime import timedelta
from pathlib import Path

import cloudpickle
import numpy as np
import torch
import torch.distributed as dist

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.network.rank import Compute, Rank, checked, columns, start, words


class TorchNetwork:
    """`ranks` processes of this machine; run() as that of Network.

    patience: seconds that a rank waits for another before it gives up.
    """

    def __init__(self, ranks, *, seed=0, patience=60):
        if not isinstance(ranks, int) or ranks < 1:
            raise BadInput(f"ranks must be a whole number from 1, not {ranks!r}")
        self.ranks = ranks
        self.seed = seed
        self.patience = patience
        self.sent = [0] * ranks
        self.received = [0] * ranks
        self._messages = self._work = 0

    def run(self, program, *each, **same):
        """What the program returns at each rank; RuntimeError tells what a rank raised.

        NB: the program travels by cloudpickle, so it may be from a notebook.
        """
        arguments = columns(each, self.ranks)
        with tempfile.TemporaryDirectory() as folder:
            processes = []
            try:
                for number in range(self.ranks):
                    job = program, arguments[number], same, self.seed, self.patience
                    processes.append(_started(number, self.ranks, folder, job))
                for process in processes:
                    process.wait()
            finally:
                for process in processes:
                    process.kill()
                    process.wait()
            outcomes = [_outcome(folder, number) for number in range(self.ranks)]
        _raise_first(outcomes)
        for number, (_, _, counts) in enumerate(outcomes):
            self.sent[number] += counts["sent"]
            self.received[number] += counts["received"]
            self._messages += counts["messages"]
            self._work += counts["work"]
        return [result for result, _, _ in outcomes]

    @property
    def cost(self):
        """All so far: words computed and sent, and messages."""
        return Cost(work=self._work, records=sum(self.sent), messages=self._messages)


def _started(number, size, folder, job):
    (Path(folder) / f"job-{number}").write_bytes(cloudpickle.dumps(job))
    search = os.pathsep.join(path for path in sys.path if path)
    loopback = {"GLOO_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}
    with (Path(folder) / f"errors-{number}").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", __name__, str(number), str(size), folder],
            env={
                **os.environ,
                **loopback,
                "PYTHONPATH": search,
                "OMP_NUM_THREADS": "1",
            },
            stdin=subprocess.DEVNULL,
            stderr=errors,
        )


def _outcome(folder, number):
    """(result, traceback or None, counts) of a rank."""
    path = Path(folder) / f"outcome-{number}"
    if path.exists():
        return pickle.loads(path.read_bytes())
    told = (Path(folder) / f"errors-{number}").read_text(errors="replace")
    return None, f"its process died\n{told}", Counter()


def _raise_first(outcomes):
    """Of several errors the likely cause: no connection that broke, as others ended."""
    failed = [(number, error) for number, (_, error, _) in enumerate(outcomes) if error]
    if failed:
        number, error = min(failed, key=lambda one: _is_consequence(one[1]))
        raise RuntimeError(f"rank {number} failed: {error}")


def _is_consequence(error):
    return "gloo" in error and "timed out" not in error.lower()


def main():
    """Run one rank, in a process of its own."""
    number, size, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    job = pickle.loads((folder / f"job-{number}").read_bytes())
    program, each, same, seed, patience = job
    dist.init_process_group(
        "gloo",
        init_method=(folder / "meeting").as_uri(),
        rank=number,
        world_size=size,
        timeout=timedelta(seconds=patience),
    )
    result = error = None
    counts = Counter()  # of words sent, received and computed, and of messages
    try:
        rank = Rank(number, size, seed)
        result = _follow(start(program, rank, each, same), rank, counts)
    except Exception:
        error = traceback.format_exc()
    unfinished = folder / f"unfinished-{number}"
    unfinished.write_bytes(cloudpickle.dumps((result, error, counts)))
    unfinished.rename(folder / f"outcome-{number}")
    os._exit(0)  # gloo's own farewell would wait for ranks that have failed


def _follow(running, rank, counts):
    """Do what a program asks for, until it returns."""
    answer = None
    while True:
        try:
            request = checked(running.send(answer), rank)
        except StopIteration as stop:
            return stop.value
        if isinstance(request, Compute):
            answer = request.f(*request.arguments)
            counts["work"] += max(map(words, (answer, *request.arguments)))
        else:
            answer = _transfer(request, counts)


def _transfer(request, counts):
    """Send, receive, or both at once: lengths first, for the receiver to make room."""
    if request.timeout is not None:
        raise BadInput("gloo has no timeout for one message: simulate it by a Network")
    out = length = None
    if request.to is not None:
        out = torch.from_numpy(
            np.frombuffer(pickle.dumps(request.value), np.uint8).copy()
        )
        length = torch.tensor([len(out)])
        counts["sent"] += words(request.value)
        counts["messages"] += 1
    came = torch.zeros(1, dtype=torch.int64)
    _together(request, length, came)
    data = torch.zeros(int(came), dtype=torch.uint8)
    _together(request, out, data)
    if request.source is None:
        return None
    value = pickle.loads(data.numpy().tobytes())
    counts["received"] += words(value)
    return value


def _together(request, out, into):
    works = []
    if request.to is not None:
        works.append(dist.isend(out, request.to))
    if request.source is not None:
        works.append(dist.irecv(into, request.source))
    for work in works:
        work.wait()


if __name__ == "__main__":
    main()
