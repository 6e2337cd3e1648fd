"""The picture of a lineage: stages, their RDDs and partitions, what shuffles moved.

    level(RDD)  =  the longest path of shuffles above it
    stage       =  RDDs of one level that narrow steps connect

An RDD that nothing but narrow steps of a later level read is drawn at that level.
Every RDD is drawn once: where another stage reads it too, an edge says so, although
the engine computes it there again unless it is cached. The counts are those of the
moment when `show` was called. `lineage_text.py` and `lineage_svg.py` draw it.
"""

import html
from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import dataclass
from linecache import getline
from pathlib import Path

from cme323.engine.lineage_svg import svg
from cme323.engine.lineage_text import described, text, title

SHOWN = 8  # partitions, each a square


@dataclass(frozen=True)
class Step:
    """One RDD: its partitions, and how many of them are cached now.

    states: of each of the first partitions, "", "cached", "lost" (the output of its
    map task is missing) or "cached lost".
    """

    id: int
    name: str
    made: str  # file and line
    code: str  # what that line says
    parents: tuple[int, ...]
    partitions: int
    is_cached: bool
    cached: int
    states: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """A shuffle: what the outputs that are there now hold.

    bytes    None if one is unknown
    skew     records of the largest partition over their mean; None without records
    lost     map tasks that ran, and whose output is missing
    """

    source: int
    target: int
    mappers: int
    ran: int
    lost: int
    records: int
    bytes: int | None
    skew: float | None


class Lineage:
    """What `rdd.show()` gives: a picture in a notebook, a drawing in text elsewhere.

    steps     {RDD id: Step}, parents first
    stages    the RDD ids of each stage
    levels    of each stage, how many shuffles are above it
    moves     the shuffles
    in_place  (RDD id, id of its child) where a stage reads an RDD of another

    >>> from cme323.engine import Context
    >>> pairs = Context(partitions=2).parallelize([("a", 1), ("b", 2), ("a", 3)])
    >>> grouped = pairs.groupByKey()
    >>> grouped.count()
    2
    >>> [(move.source, move.target, move.records) for move in grouped.show().moves]
    [(0, 1, 3)]
    """

    def __init__(self, rdd):
        rdds = _parents_first(rdd)
        level = _levels(rdds)
        moves = {r: _move(r) for r in rdds if r.shuffle is not None}
        lost = defaultdict(set)
        for r in moves:
            lost[r.shuffle.parent] |= r.shuffle.written - r.shuffle.outputs.keys()
        groups = _stages(rdds, level)
        self.root = rdd._id
        self.steps = {r._id: _step(r, lost[r]) for r in rdds}
        self.stages = [tuple(r._id for r in group) for group in groups]
        self.levels = [level[group[0]] for group in groups]
        self.stage_of = {i: n for n, ids in enumerate(self.stages) for i in ids}
        self.moves = list(moves.values())
        self.in_place = [
            (parent._id, r._id)
            for r in rdds
            for parent in _narrow_parents(r)
            if level[parent] != level[r]
        ]

    def svg(self):
        """The picture, as a file of its own."""
        return svg(self)

    def _repr_html_(self):
        """An img element, in a box that scrolls.

        JupyterLab drops an svg element from a notebook that is not trusted yet, and
        shows its text without it.
        """
        words = html.escape(f"{title(self)} {described(self)}", quote=True)
        data = b64encode(self.svg().encode()).decode()
        return (
            '<div tabindex="0" style="overflow-x: auto">'
            f'<img alt="{words}" style="max-width: none" '
            f'src="data:image/svg+xml;base64,{data}"></div>'
        )

    def __repr__(self):
        return text(self)


def _parents_first(rdd):
    """It and all above it, each once, without recursion."""
    order, stack = {}, [(rdd, False)]
    while stack:
        current, expanded = stack.pop()
        if expanded:
            order.setdefault(current)
        elif current not in order:
            stack.append((current, True))
            stack += [(parent, False) for parent in current.parents[::-1]]
    return list(order)


def _narrow_parents(rdd):
    return dict.fromkeys(rdd.parents) if rdd.shuffle is None else ()


def _levels(rdds):
    """{RDD: its level}."""
    level, readers = {}, defaultdict(list)
    for rdd in rdds:
        step = int(rdd.shuffle is not None)
        level[rdd] = max((level[parent] + step for parent in rdd.parents), default=0)
        for parent in rdd.parents:
            readers[parent].append(rdd)
    for rdd in reversed(rdds):
        if readers[rdd] and all(child.shuffle is None for child in readers[rdd]):
            level[rdd] = min(level[child] for child in readers[rdd])
    return level


def _stages(rdds, level):
    """Lists of RDDs of one level that narrow steps connect, lower levels first."""
    near, place = defaultdict(list), {rdd: i for i, rdd in enumerate(rdds)}
    for rdd in rdds:
        for parent in _narrow_parents(rdd):
            if level[parent] == level[rdd]:
                near[rdd].append(parent)
                near[parent].append(rdd)
    groups, seen = [], set()
    for rdd in sorted(rdds, key=level.get):
        if rdd not in seen:
            group, stack = {rdd}, [rdd]
            while stack:
                found = set(near[stack.pop()]) - group
                group |= found
                stack += found
            seen |= group
            groups.append(sorted(group, key=place.get))
    return groups


def _step(rdd, lost):
    size, holds = rdd.getNumPartitions(), rdd.ctx.storage.holds
    cached = {i for i in range(size) if holds(rdd, i)}
    return Step(
        rdd._id,
        f"{rdd.name() or ''} {rdd._name}".strip()
        + " [checkpointed]" * rdd.isCheckpointed(),
        *_made(rdd.site),
        tuple(parent._id for parent in dict.fromkeys(rdd.parents)),
        size,
        rdd.is_cached,
        len(cached),
        tuple(
            " ".join(["cached"] * (i in cached) + ["lost"] * (i in lost))
            for i in range(min(size, SHOWN))
        ),
    )


def _made(site):
    """Where in the program, and what it says there."""
    file, line = site
    # Jupyter gives each cell a file of its own, with a number for a name.
    is_cell = "ipykernel_" in file or file.startswith("<ipython-")
    where = "cell" if is_cell else Path(file).name
    return f"{where}:{line}", getline(file, line).strip()


def _move(rdd):
    shuffle = rdd.shuffle
    outputs = list(shuffle.outputs.values())
    received, sizes = Counter(), []
    for output in outputs:
        for partition, block in output.blocks.items():
            received[partition] += block.records
            sizes.append(block.bytes)
    records = received.total()
    return Move(
        shuffle.parent._id,
        rdd._id,
        shuffle.mappers,
        ran=len(outputs),
        lost=len(shuffle.written - shuffle.outputs.keys()),
        records=records,
        bytes=None if None in sizes else sum(sizes),
        skew=max(received.values()) * rdd.getNumPartitions() / records
        if records
        else None,
    )
