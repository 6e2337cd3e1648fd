"""The cluster executor: one worker for each machine of a simulated cluster.

    time  0.0        0.5        1.0        1.5
    machine 0  [ task 0  ][ task 2  ]
    machine 1  [ task 1        ] dies      back, with nothing

A discrete-event simulation: the clock jumps to whatever happens next, which is that a
task ends, that a machine dies, or that one is back. Events of the same instant come in
this order, then by machine, then by task; tasks start after them. A task's Python runs
at once when it starts, and takes from other machines then; its outcome comes at its end
on the clock. What a lost or dropped attempt did to the world (as by foreach) is done.

A task runs where the scheduler says, once a core is free there. While that machine is
down, the first free core takes it. The successor of worker n has number n + machines.
"""

import pickle
from bisect import insort
from collections import defaultdict, deque
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from math import inf

from cme323.engine.jobs import Span
from cme323.engine.shuffle import MapOutput
from cme323.engine.task import Counts, Done, Failed, Task, WorkerLost
from cme323.engine.worker import Worker
from cme323.errors import BadInput

END, DEATH, RESTART = range(3)  # in the order of one instant
SLOW = 1.5  # how many medians of its stage a task takes before it is copied
ANY = -1  # the worker that is there, whatever its number


class ClusterExecutor:
    """Runs tasks on the machines of `cluster`; see executor.py for each method.

    speculation: a task that takes 1.5 times the median of those of its stage that are
    done gets a copy on a machine that has nothing to do, and the first to end counts.
    """

    def __init__(self, cluster, speculation=False, **settings):
        self.cluster = cluster
        self.workers = cluster.machines
        self.speculation = speculation
        self.timeline = []  # what happened since the last job
        self._settings = settings
        self._now = 0.0
        self._driver_free = 0.0  # when it has fetched the results so far
        self._events = []  # a heap of (time, kind, machine, number, attempt or None)
        self._deaths = []  # that nobody has been told of
        self._running = defaultdict(list)  # by task id, its attempt and its copy
        self._waiting = 0
        self._orphans = deque()  # tasks whose machine was down
        self._done = defaultdict(list)  # by stage, the seconds of its tasks, sorted
        self._machines = [Machine(i) for i in range(self.workers)]
        self._ready = set()  # numbers of machines that may have something to start
        for machine in self._machines:
            self._start_worker(machine, machine.number, 0.0)
        for number, time in cluster.deaths():
            heappush(self._events, (time, DEATH, number, ANY, None))

    @property
    def clock(self):
        """The simulated second at which the driver has all that it asked for."""
        return max(self._now, self._driver_free)

    def submit(self, task, worker):
        if not self._running and not self._waiting:
            self._now = self.clock
        machine = self._machines[worker % self.workers]
        (machine.queue if machine.worker else self._orphans).append(task)
        self._waiting += 1
        self._ready.add(machine.number)

    def next(self):
        while True:
            if not self._due(self._now):
                self._start_tasks()
                if self.speculation and self._copied_straggler():
                    continue
            if not self._events:
                raise RuntimeError(
                    "every machine of the cluster has died for good: have more "
                    "machines, or a finite restart"
                )
            if outcome := self._happen():
                return outcome

    def cancel(self):
        forgotten, self._waiting = self._waiting, 0
        self._orphans.clear()
        for machine in self._machines:
            machine.queue.clear()
        return forgotten

    def abort(self):
        self.cancel()
        for attempts in list(self._running.values()):
            for attempt in list(attempts):
                self._stop(attempt, "dropped")

    def lost(self):
        self.timeline = [span for span in self.timeline if span.end > self.clock]
        self._done.clear()
        self._catch_up()
        told, self._deaths = self._deaths, []
        return told

    def kill(self, worker):
        self._catch_up()
        known = {m.worker.number for m in self._machines if m.worker}
        if worker not in known and worker not in range(self.workers):
            raise BadInput(
                f"kill() needs the number of a machine, 0 to {self.workers - 1}, "
                f"not {worker!r}"
            )
        machine = self._machines[worker % self.workers]
        if machine.worker is None:
            raise BadInput(f"machine {machine.number} is down already: it cannot die")
        return self._die(machine, self._now, "was killed")

    def broadcast(self, value):
        self._now = self.clock + self.cluster.broadcast(_size(value))

    def forget(self, rdd_id):
        for machine in self._machines:
            if machine.worker:
                machine.worker.storage.drop(rdd_id)

    def close(self):
        for machine in self._machines:
            if machine.worker:
                machine.worker.storage.clear()

    def _due(self, time):
        """Does anything happen until then?"""
        return bool(self._events) and self._events[0][0] <= time

    def _catch_up(self):
        """Between jobs: let happen what is due."""
        self._now = self.clock
        while self._due(self._now):
            if death := self._happen():
                self._deaths.append(death)

    def _happen(self):
        """The next event; its outcome, if it has one."""
        time, kind, number, worker, attempt = heappop(self._events)
        machine = self._machines[number]
        if kind == END:
            if attempt.over:
                return None
            self._now = time
            return self._finish(attempt)
        self._now = max(self._now, time)
        if kind == RESTART:
            self._start_worker(machine, worker, time)
        elif machine.worker and worker in (ANY, machine.worker.number):
            return self._die(machine, time, "died")
        return None

    def _start_tasks(self):
        """On each machine that is up, as many waiting tasks as it has free cores."""
        for number in sorted(self._ready):
            machine = self._machines[number]
            while machine.queue and self._is_free(machine):
                self._start(machine, machine.queue.popleft())
        self._ready.clear()
        for machine in self._machines if self._orphans else ():
            while self._orphans and self._is_free(machine):
                self._start(machine, self._orphans.popleft())

    def _is_free(self, machine):
        return machine.worker and len(machine.running) < self.cluster.cores

    def _start(self, machine, task, is_copy=False):
        self._waiting -= not is_copy
        outcome = machine.worker.run(task)
        counts = outcome.counts if isinstance(outcome, Done) else Counts()
        seconds = self.cluster.seconds(counts)
        seconds *= self.cluster.slowness(machine.number, task, is_copy)
        end = self._now + seconds
        attempt = Attempt(task, outcome, machine, self._now, end, is_copy, is_copy)
        machine.running.append(attempt)
        self._running[task.id].append(attempt)
        heappush(self._events, (attempt.end, END, machine.number, task.id, attempt))

    def _finish(self, attempt):
        """An attempt has come to its end: its outcome, if that counts."""
        outcome = attempt.outcome
        failed = isinstance(outcome, Failed)
        self._stop(attempt, "failed" if failed else "done")
        others = self._running.get(attempt.task.id, ())
        if failed:
            return None if others else outcome
        for other in list(others):
            self._stop(other, "dropped")
        outcome.start, outcome.end = attempt.start, attempt.end
        insort(self._done[attempt.task.set.stage], attempt.end - attempt.start)
        if not isinstance(outcome.value, MapOutput):
            arriving = self.cluster.message(_size(outcome.value))
            self._driver_free = self.clock + arriving
        return outcome

    def _stop(self, attempt, fate):
        """It runs no more, and the timeline shows what it was."""
        attempt.over = True
        machine, task = attempt.machine, attempt.task
        machine.running.remove(attempt)
        self._ready.add(machine.number)
        self._running[task.id].remove(attempt)
        if not self._running[task.id]:
            del self._running[task.id]
        self.timeline.append(
            Span(
                machine.number,
                attempt.start,
                self._now,
                fate,
                task.set.stage,
                task.partition,
                attempt.is_copy,
            )
        )

    def _die(self, machine, time, how):
        """A machine dies: what it had and ran is lost, and it comes back empty."""
        worker, machine.worker = machine.worker, None
        tasks = []
        for attempt in list(machine.running):
            self._stop(attempt, "lost")
            if attempt.task.id not in self._running:
                tasks.append(attempt.task)
        back = time + self.cluster.restart
        if back < inf:
            successor = worker.number + self.workers
            heappush(self._events, (back, RESTART, machine.number, successor, None))
        self.timeline.append(Span(machine.number, time, back, "down"))
        reason = f"machine {machine.number} {how} at {time:.6g} s on the clock"
        return WorkerLost(worker.number, tasks, reason)

    def _start_worker(self, machine, number, time):
        peers = partial(self._others, machine)
        machine.worker = Worker(number, peers=peers, **self._settings)
        self._ready.add(machine.number)
        death = time + self.cluster.lifetime(number)
        if death < inf:
            heappush(self._events, (death, DEATH, machine.number, number, None))

    def _others(self, machine):
        up = [other.worker for other in self._machines if other.worker]
        return [worker.peer() for worker in up if worker is not machine.worker]

    def _copied_straggler(self):
        """Copy the task that is the first to be late, if nothing happens before."""
        once = [a for (a, *_) in self._running.values() if not a.copied]
        if not once or self._waiting:
            return False
        attempt = min(once, key=self._late_since)
        since = self._late_since(attempt)
        idle = [m for m in self._machines if self._is_free(m)]
        idle = [m for m in idle if m is not attempt.machine]
        if not idle or since == inf or self._due(since):
            return False
        self._now = max(self._now, since)
        self._start(idle[0], attempt.task, is_copy=True)
        attempt.copied = True  # and never again: the copy may fail at once
        return True

    def _late_since(self, attempt):
        done = self._done.get(attempt.task.set.stage)
        return attempt.start + SLOW * _median(done) if done else inf


@dataclass(eq=False, slots=True)
class Machine:
    """A place for workers, one after another."""

    number: int
    worker: Worker | None = None  # while it is up
    queue: deque = field(default_factory=deque)
    running: list = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Attempt:
    """A task on a machine; its outcome is known, but comes at the end."""

    task: Task
    outcome: Done | Failed
    machine: Machine
    start: float
    end: float
    is_copy: bool
    copied: bool  # or is a copy itself
    over: bool = False


def _median(ordered):
    half = len(ordered) // 2
    return (ordered[half] + ordered[-1 - half]) / 2


def _size(value):
    """Its bytes when pickled; 0 where that is not known."""
    try:
        return len(pickle.dumps(value, 5))
    except Exception:  # whatever keeps it from being pickled
        return 0
