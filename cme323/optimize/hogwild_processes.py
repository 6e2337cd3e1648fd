"""Hogwild on real processes: one array in shared memory, and nobody locks it.

    each process:   w[support of e]  -=  step * gradient_e(w),   e drawn by itself

`w` is read and written while others write it. What two of them add to one number at
the same time may be lost; if supports are small that is rare, and it does no harm.
So two runs differ: there is no seed for who comes first. hogwild.py has one.

NB: threads would show none of this, as one at a time runs Python.
"""

from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory

import cloudpickle
import numpy as np

from cme323.errors import BadInput

SPAWN = get_context("spawn")  # the one way that all systems have


def hogwild(gradient, w, x, y, step, steps, processes=2, seed=0):
    """The weights after `steps` updates of each process.

    gradient: a function of w and of a batch (x, y); one of a notebook will do. A
    script calls this below `if __name__ == "__main__":`, as its processes import it.
    """
    if processes < 1:
        raise BadInput(f"expected at least 1 process, got {processes}: try 2")
    shared = SharedMemory(create=True, size=w.nbytes)
    try:
        view(shared, w)[:] = w
        seeds = np.random.SeedSequence(seed).spawn(processes)
        program = cloudpickle.dumps(gradient)
        run([(shared.name, program, w, x, y, step, steps, one) for one in seeds])
        return view(shared, w).copy()
    finally:
        shared.close()
        shared.unlink()


def view(shared, like):
    """The shared memory as an array like `like`."""
    return np.ndarray(like.shape, like.dtype, buffer=shared.buf)


def run(settings):
    """A process for each; raises if one of them failed."""
    started = [SPAWN.Process(target=work, args=each) for each in settings]
    for process in started:
        process.start()
    for process in started:
        process.join()
    failed = [process.exitcode for process in started if process.exitcode]
    if failed:
        raise RuntimeError(
            f"{len(failed)} of {len(started)} processes failed, the first with exit "
            f"code {failed[0]}: its own error is printed above"
        )


def work(name, program, like, x, y, step, steps, seed):
    """What a process does: draw an example, read, compute, write its support."""
    shared = SharedMemory(name=name)
    w, rng = view(shared, like), np.random.default_rng(seed)
    gradient = cloudpickle.loads(program)
    for e in rng.integers(len(y), size=steps):
        support = np.flatnonzero(x[e])
        change = gradient(w.copy(), x[e : e + 1], y[e : e + 1])[support]
        w[support] -= step * change
    del w
    shared.close()
