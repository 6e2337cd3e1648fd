"""Run a suite: every (workload, engine) in a process of its own, all in turn.

For each workload one process per engine is started and kept. Then they take turns:
first a run each to warm up, then `runs` rounds that count. So a busy moment of the
machine hits all engines alike, and ratios within one run can be trusted.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib import import_module
from threading import Timer

import benchmarks.child as child
from benchmarks.suite import Result, Suite, Target

PATIENCE = 900.0  # seconds that one step of a child may take
ALONE = ("OMP", "OPENBLAS", "MKL")  # whose threads would be a second core


@dataclass(frozen=True)
class Outcome:
    """All that one run of a suite gave."""

    suite: Suite
    results: list[Result]
    growth: list[Result]
    targets: list[Target]

    @property
    def well(self):
        """Did nothing fail, is every answer right, and no target missed?"""
        kinds = {result.kind for result in (*self.results, *self.growth)}
        missed = any(target.verdict == "missed" for target in self.targets)
        return not missed and kinds <= {None, "none"}


def run(name, *, only=(), engines=(), runs=3, growth=False, small=None, tick=None):
    """The Outcome of the suite in the module `name`.

    only, engines: names of workloads and engines; all by default. runs: warm runs of
    each. growth: run the growing workloads too. small: a size instead of each
    workload's own, for a test. tick(says) is called before each step.
    """
    suite = import_module(name).SUITE
    tick = tick or (lambda says: None)
    workloads = suite.only("workloads", only)
    # The reference always runs: it is the unit.
    chosen = suite.only("engines", {*engines, suite.reference} if engines else ())
    results = []
    for workload in workloads.values():
        size = workload.size if small is None else small
        results += race(name, workload.name, chosen, size, runs, tick)
    grown = grow(name, suite, runs, tick) if growth else []
    return Outcome(suite, results, grown, suite.targets(results, grown))


def steps(suite, only, engines, runs, growth):
    """How often `run` will call tick."""
    workloads = suite.only("workloads", only)
    chosen = suite.only("engines", {*engines, suite.reference} if engines else ())
    growing = len(suite.growing) * len(suite.sizes) if growth else 0
    return len(workloads) * len(chosen) * (runs + 3) + growing


def race(suite, workload, engines, size, runs, tick):
    """A Result of each engine; a round of runs is over before the next begins."""
    results = [Result(workload, engine, size) for engine in engines]
    with ExitStack() as stack:
        racing = [
            (result, stack.enter_context(Child(suite, result))) for result in results
        ]
        for step in ["open", *["run"] * (1 + runs), "check"]:
            for result, process in racing:
                tick(f"{workload} on {result.engine}")
                process.step(step)
    return results


def grow(name, suite, runs, tick):
    """A Result for each growing workload and size: seconds, and calls as its work.

    The smaller sizes run often, as they are noisy, and the largest once.
    """
    results = []
    for workload in suite.growing.values():
        for size in suite.sizes:
            tick(f"{workload.name} to {size:,}")
            result = Result(workload.name, suite.grows, size)
            with Child(name, result) as process:
                warm = runs if size < 10**6 else 1
                for step in ["open", *["run"] * (1 + warm), "count", "check"]:
                    process.step(step)
            results.append(result)
    return results


class Child:
    """The process of one Result, which it fills in; see child.py."""

    def __init__(self, suite, result):
        self.result = result
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115 closed at the end
        place = result.workload, result.engine, str(result.size)
        path = os.pathsep.join(part or "." for part in sys.path)
        self.process = subprocess.Popen(
            [sys.executable, "-m", child.__name__, suite, *place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            text=True,
            env=os.environ
            | {"PYTHONPATH": path, "PYTHONHASHSEED": "0"}
            | {f"{library}_NUM_THREADS": "1" for library in ALONE},
        )

    def step(self, name):
        """Take a step, and learn what came of it; none after a problem."""
        if self.result.problem:
            return
        answer = self._asked(name)
        for learnt in ("start", "memory", "calls", "problem", "kind"):
            if learnt in answer:
                setattr(self.result, learnt, answer[learnt])
        if "seconds" in answer and self.result.first is None:
            self.result.first = answer["seconds"]
        elif "seconds" in answer:
            self.result.seconds.append(answer["seconds"])

    def _asked(self, name):
        timer = Timer(PATIENCE, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(f"{name}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:
            line = ""
        finally:
            timer.cancel()
        if line:
            return json.loads(line)
        return {"problem": self._end_of_it(name), "kind": "failed"}

    def _end_of_it(self, name):
        """Why there is no answer, in words."""
        code = self.process.wait()
        self.complaints.seek(0)
        said = self.complaints.read().decode(errors="replace").strip().splitlines()
        last = said[-1] if said else "and said nothing"
        return f"its process ended in {name!r} with {code}: {last}"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        """Let it close its machine; kill it if it does not."""
        with suppress(OSError):  # it may be dead
            self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.complaints.close()
