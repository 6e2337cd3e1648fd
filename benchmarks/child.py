"""One workload on one engine, in a process of its own.

A line on stdin is a step, a line of JSON on stdout its answer:

    open    seconds to open the engine's machine
    run     seconds of one run of the program, on data that is there
    count   how many functions a run calls, Python's and C's: work without a clock
    check   MB at the peak, and what is wrong with the last answer

Started by runner.py as `python -m benchmarks.child SUITE WORKLOAD ENGINE SIZE`.
"""

import cProfile
import json
import os
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from time import perf_counter

import psutil


class Session:
    """The program, its data, and after `open` its machine."""

    def __init__(self, suite, workload, engine, size, stack):
        self.stack = stack
        self.suite = import_module(suite).SUITE
        self.engine = self.suite.engines[engine]
        both = {**self.suite.workloads, **self.suite.growing}
        self.workload = both[workload]
        self.size = size

    def open(self):
        self.program = self.workload.programs.get(self.engine.speaks)
        if not self.program:
            sentence = f"there is no program for it in {self.engine.speaks}"
            return {"problem": sentence, "kind": "none"}
        self.data = self.workload.data(self.size)
        start = perf_counter()
        self.machine = ()
        if self.engine.open:
            self.machine = (self.stack.enter_context(self.engine.open()),)
        return {"start": perf_counter() - start}

    def run(self):
        self.answer = None  # the memory of the last run is free again
        start = perf_counter()
        self.answer = self.program(*self.machine, self.data)
        return {"seconds": perf_counter() - start}

    def count(self):
        profile = cProfile.Profile()
        profile.runcall(self.program, *self.machine, self.data)
        return {"calls": sum(entry.callcount for entry in profile.getstats())}

    def check(self):
        memory = peak()  # before the right answer takes some too
        reference = self.suite.engines[self.suite.reference]
        expected = self.workload.programs[reference.speaks](self.data)
        wrong = self.workload.wrong(self.answer, expected)
        return {"memory": memory, "problem": wrong, "kind": wrong and "wrong answer"}


def peak():
    """MB that this process and those it started held, each at its own peak."""
    here = psutil.Process()
    return sum(map(_peak, [here, *here.children(recursive=True)])) / 1e6


def _peak(process):
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
        return 1024 * int(status.split("VmHWM:")[1].split()[0])
    except (OSError, IndexError):  # no Linux: what it holds now
        return process.memory_info().rss


def serve(suite, workload, engine, size):
    """Answer until stdin ends; what the program prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with ExitStack() as stack:
        session = Session(suite, workload, engine, int(size), stack)
        for line in sys.stdin:
            try:
                answer = getattr(session, line.strip())()
            except Exception as error:
                sentence = f"{type(error).__name__}: {error}"
                answer = {"problem": sentence, "kind": "failed"}
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(*sys.argv[1:])
