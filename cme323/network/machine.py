"""Network: ranks that pass messages, on a simulated clock by the alpha-beta model.

    a message     alpha + beta * words, at its sender and at its receiver
    computing     gamma * words of the longest value that goes in or comes out

A message starts when its sender sends and its receiver receives: each rank sends at
most one and receives at most one at a time. A discrete-event simulation: the clock
jumps to whatever happens next; what happens at the same instant does so in the order in
which it was asked for. No Python is timed, so the clock shows the same on every laptop.

Left out: messages that share a wire; a buffer for messages that nobody takes yet; the
log n of a sort in what computing takes.
"""

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from numbers import Integral, Real

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.network.deadlock import Deadlock
from cme323.network.links import Link
from cme323.network.rank import Compute, Rank, checked, columns, start, words

PERFECT = Link()


@dataclass(frozen=True)
class Message:
    """One try to bring `words` from one rank to another; `round` counts from 1.

    The messages of round k could not start before one of round k - 1 had ended.
    """

    source: int
    to: int
    words: int
    start: float
    end: float
    round: int
    lost: bool = False


@dataclass(frozen=True)
class Span:
    """A time in which a rank computed."""

    rank: int
    start: float
    end: float


class Network:
    """`ranks` ranks, each connected with each other.

    alpha  seconds for a message; beta: for each word of it; gamma: for a word computed
    links  {(source, to): Link(...)}: those that are slow, lossy or cut
    seed   of what links lose, and of rank.rng

    messages and spans list all that has happened; clock is the second at which the
    last rank was done.

    >>> def hello(rank, name):
    ...     other = 1 - rank.number
    ...     return (yield rank.exchange(other, name, other))
    >>> network = Network(2, alpha=1, beta=0.25)
    >>> network.run(hello, ["Ada", "Grace"]), network.clock
    (['Grace', 'Ada'], 1.25)
    """

    def __init__(self, ranks, *, alpha=1e-5, beta=1e-9, gamma=1e-9, seed=0, links=None):
        if not isinstance(ranks, Integral) or ranks < 1:
            raise BadInput(f"ranks must be a whole number from 1, not {ranks!r}")
        for name, value in (("alpha", alpha), ("beta", beta), ("gamma", gamma)):
            if not isinstance(value, Real) or not 0 <= value < np.inf:
                raise BadInput(f"{name} must be seconds from 0, not {value!r}")
        self.ranks = ranks
        self.alpha, self.beta, self.gamma = alpha, beta, gamma
        self.seed = seed
        self.links = _checked(links or {}, ranks)
        self.clock = 0.0
        self.messages = []
        self.spans = []
        self._rounds = self._work = 0
        self._elsewhere = Cost(work=0, rounds=0, records=0, messages=0)
        self._luck = {link: np.random.default_rng([seed, *link]) for link in self.links}

    def run(self, program, *each, **same):
        """What the program returns at each rank, in a list.

        each: lists with an argument for each rank. same: what all ranks get. Raises
        Deadlock if no rank can go on; what a program raises ends the run.
        """
        arguments = columns(each, self.ranks)
        simulation = Simulation(self, program, deepcopy(arguments), deepcopy(same))
        try:
            return simulation.run()
        finally:
            simulation.close()
            self.clock = simulation.now
            self._rounds += max(actor.round for actor in simulation.actors)

    @property
    def cost(self):
        """All so far: words computed and sent, messages, rounds one after another."""
        here = Cost(
            work=self._work,
            rounds=self._rounds,
            records=sum(message.words for message in self.messages),
            messages=len(self.messages),
        )
        return here + self._elsewhere

    def charge(self, cost):
        """Count what programs cost elsewhere, as if they had run here."""
        self._elsewhere = self._elsewhere + cost

    @property
    def sent(self):
        """How many words each rank has sent."""
        return self._by_rank("source")

    @property
    def received(self):
        """How many words have come to each rank."""
        return self._by_rank("to")

    @property
    def traffic(self):
        """{(source, to): words}, for each link that was used."""
        found = Counter()
        for message in self.messages:
            found[message.source, message.to] += message.words
        return dict(sorted(found.items()))

    def seconds(self, rounds, words, work=0):
        """What so many messages and words take that follow one after another."""
        return self.alpha * rounds + self.beta * words + self.gamma * work

    def _by_rank(self, end):
        totals = [0] * self.ranks
        for message in self.messages:
            if end == "source" or not message.lost:
                totals[getattr(message, end)] += message.words
        return totals


class Actor:
    """A rank that runs: what it waits for, and what it has got."""

    def __init__(self, rank, running):
        self.rank = rank
        self.running = running
        self.to = self.source = None  # posted, and not begun
        self.value = self.answer = self.result = None
        self.size = 0  # words of the value
        self.open = 0  # parts of its request that have not ended
        self.requests = 0
        self.posted_round = self.round = 0
        self.ended = False


class Simulation:
    """One run of a program, from the clock of its network on."""

    def __init__(self, network, program, arguments, same):
        self.network = network
        self.now = network.clock
        self._events = []  # a heap of (time, order, what to do)
        self._order = count()
        self._lost = Counter()
        self.actors = []
        for number, each in enumerate(arguments):
            rank = Rank(number, network.ranks, network.seed)
            self.actors.append(Actor(rank, start(program, rank, each, same)))

    def run(self):
        for actor in self.actors:
            self._at(self.now, self._resume, actor)
        while self._events:
            time, _, happen, arguments = heappop(self._events)
            if happen == self._give_up and not self._is_due(*arguments):
                continue  # nor does the clock go on to a timeout that is void
            self.now = time
            happen(*arguments)
        if not all(actor.ended for actor in self.actors):
            raise self._deadlock()
        return [actor.result for actor in self.actors]

    def close(self):
        for actor in self.actors:
            actor.running.close()

    def _at(self, time, happen, *arguments):
        heappush(self._events, (time, next(self._order), happen, arguments))

    def _resume(self, actor, error=None):
        """Let a program go on to its next request."""
        actor.requests += 1
        try:
            request = self._next(actor, error)
            if actor.ended:
                return
            if isinstance(checked(request, actor.rank), Compute):
                self._compute(actor, request)
            else:
                self._post(actor, request)
        except Exception as error:
            error.add_note(f"at rank {actor.rank.number}, second {self.now:.6g}")
            raise

    def _next(self, actor, error):
        """What a program yields, given the answer to its last request."""
        answer, actor.answer = actor.answer, None
        try:
            if error:
                return actor.running.throw(error)
            return actor.running.send(answer)
        except StopIteration as stop:
            actor.result, actor.ended = stop.value, True

    def _compute(self, actor, request):
        actor.answer = request.f(*request.arguments)
        amount = max(map(words, (actor.answer, *request.arguments)))
        end = self.now + self.network.gamma * amount
        self.network._work += amount
        self.network.spans.append(Span(actor.rank.number, self.now, end))
        self._at(end, self._resume, actor)

    def _post(self, actor, request):
        """Ask for a transfer, and begin it if the other side waits already."""
        actor.size = words(request.value)  # before the copy: it tells what is wrong
        actor.to, actor.value = request.to, deepcopy(request.value)
        actor.source = request.source
        actor.open = (request.to is not None) + (request.source is not None)
        actor.posted_round = actor.round
        if request.timeout is not None:
            late = self.now + request.timeout
            self._at(late, self._give_up, actor, actor.requests)
        if request.to is not None:
            self._begin(actor, self.actors[request.to])
        if request.source is not None:
            self._begin(self.actors[request.source], actor)

    def _begin(self, sender, receiver):
        """Put a message on the wire, if both want it."""
        source, to = sender.rank.number, receiver.rank.number
        if sender.to != to or receiver.source != source:
            return
        size, seconds = sender.size, self.network.seconds(1, sender.size)
        link = self.network.links.get((source, to), PERFECT)
        round_ = 1 + max(sender.posted_round, receiver.posted_round)
        for begun, end, lost in link.tries(
            self.now, seconds, self.network._luck.get((source, to))
        ):
            message = Message(source, to, size, begun, end, round_, lost)
            self.network.messages.append(message)
            self._lost[source, to] += lost
        sender.to = None
        self._at(end, self._end, sender, round_)
        if not lost:
            receiver.source = None
            receiver.answer = sender.value
            self._at(end, self._end, receiver, round_)

    def _end(self, actor, round_):
        """A part of what the rank has asked for is done."""
        actor.round = max(actor.round, round_)
        actor.open -= 1
        if not actor.open:
            self._resume(actor)

    def _is_due(self, actor, request):
        """Is it a timeout of a request that has not ended, and is not on the wire?"""
        return actor.requests == request and (actor.to, actor.source) != (None, None)

    def _give_up(self, actor, request):
        actor.to = actor.source = None
        self._resume(actor, TimeoutError("nobody was there in time"))

    def _deadlock(self):
        waiting = {
            actor.rank.number: (actor.to, actor.source)
            for actor in self.actors
            if not actor.ended
        }
        ended = {actor.rank.number for actor in self.actors if actor.ended}
        return Deadlock(waiting, ended, self._lost, self.now)


def _checked(links, ranks):
    if not isinstance(links, Mapping):
        raise BadInput(f"links must be {{(source, to): Link(...)}}, not {links!r}")
    for ends, link in links.items():
        one = isinstance(ends, tuple) and len(ends) == 2 and ends[0] != ends[1]
        if not one or any(end not in range(ranks) for end in ends):
            raise BadInput(
                f"a link is between two of ranks 0 to {ranks - 1}, (source, to), "
                f"not {ends!r}"
            )
        if not isinstance(link, Link):
            raise BadInput(f"links[{ends}] must be a Link, not {link!r}")
    return dict(links)
