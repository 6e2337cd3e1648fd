"""Where everything in the picture of a lineage is, in pixels.

    level 0            gap 1                  level 1
    +-------+                                +-------+
    | RDD 0 |--+         17 records          |       |
    | RDD 1 |  +---------------------------->| RDD 2 |
    +-------+  |         420 bytes           +-------+
               +------- to further levels, below all boxes -------

A column for each level, a box for each stage, a card for each RDD. All that leaves one
RDD as a shuffle, or in place, is a trunk with branches. A trunk has a lane of its own
in each gap where it turns. Labels stand behind the lanes, so no line crosses one.
"""

from collections import defaultdict
from dataclasses import dataclass

ROW, CARD, HEADER, FOOT = 64, 50, 32, 12  # ROW from a card to the next
MARGIN, LANE, CHANNEL = 16, 12, 22
TOP = 44  # below the title


@dataclass(eq=False)
class Trunk:
    """A line from one RDD to those in other stages that read it in one way.

    gaps: {level: the targets there}; the line turns in the gap before each.
    """

    source: int
    is_shuffle: bool
    gaps: dict
    height: int  # at which it leaves its source
    channel: int | None = None  # the height at which it goes below the boxes


class Layout:
    """Of each RDD `x` and `y`, the left and the middle of its card, and the rest.

    cards   {RDD id: how wide its card has to be}
    labels  {RDD id: how wide the label of the shuffle that it reads is}
    """

    def __init__(self, lineage, cards, labels):
        self.lineage = lineage
        self.level = {i: lineage.levels[n] for i, n in lineage.stage_of.items()}
        self.boxes, self.y = _rows(lineage)
        self.loops = {ids: _loops(lineage, ids) for ids in lineage.stages}
        self.trunks = self._trunks()
        self.lanes = defaultdict(list)
        for trunk in self.trunks:
            for level in trunk.gaps:
                self.lanes[level].append(trunk)
        lowest = max(top + height for top, height in self.boxes)
        self.bottom = _channels(self.trunks, lowest)
        self.x, self.left, self.right = {}, {}, {}
        self._columns(cards, labels)

    def end(self, i):
        """The right end of a card."""
        return self.right[self.level[i]] - FOOT

    def lane(self, trunk, level):
        """Where a trunk turns in the gap before a level."""
        return self.right[level - 1] + LANE * (self.lanes[level].index(trunk) + 1)

    def _trunks(self):
        edges = [(True, move.source, move.target) for move in self.lineage.moves]
        edges += [(False, *edge) for edge in self.lineage.in_place]
        trunks = {}
        for is_shuffle, source, target in edges:
            gaps = {self.level[source] + 1: []}
            height = self.y[source] + (-10 if is_shuffle else 12)
            new = Trunk(source, is_shuffle, gaps, height)
            trunk = trunks.setdefault((is_shuffle, source), new)
            trunk.gaps.setdefault(self.level[target], []).append(target)
        return sorted(trunks.values(), key=lambda t: (min(t.gaps), t.height))

    def _columns(self, cards, labels):
        """Levels from left to right, each as wide as its widest card."""
        members, loops = defaultdict(list), defaultdict(int)
        for ids, level in zip(self.lineage.stages, self.lineage.levels):
            members[level] += ids
            for *_, lane in self.loops[ids]:
                loops[level] = max(loops[level], lane + 1)
        self.right[-1] = 0
        for level in range(max(members) + 1):
            ids = members[level]
            gap = LANE * (len(self.lanes[level]) + 1)
            gap += max((labels[i] for i in ids if i in labels), default=0)
            self.left[level] = self.right[level - 1] + max(gap, MARGIN)
            x = self.left[level] + MARGIN + LANE * loops[level]
            self.x |= dict.fromkeys(ids, x)
            self.right[level] = x + max(cards[i] for i in ids) + FOOT


def _rows(lineage):
    """(top, height) of each stage's box, and the middle of each RDD's card."""
    free, boxes, middle = defaultdict(lambda: TOP), [], {}
    for ids, level in zip(lineage.stages, lineage.levels):
        top, last = free[level], len(ids) - 1
        boxes.append((top, HEADER + ROW * last + CARD + FOOT))
        for row, i in enumerate(ids):
            middle[i] = top + HEADER + ROW * row + CARD // 2
        free[level] += ROW * (len(ids) + 1)
    return boxes, middle


def _loops(lineage, ids):
    """(RDD, its children in this stage that are not next to it, lane), for each."""
    row, loops = {i: n for n, i in enumerate(ids)}, {}
    for child in ids:
        for i in lineage.steps[child].parents:
            if i in row and row[child] > row[i] + 1:
                loops.setdefault(i, []).append(child)
    spans = {i: (row[i], row[children[-1]]) for i, children in loops.items()}
    lanes = _packed(spans)
    return [(i, children, lanes[i]) for i, children in loops.items()]


def _channels(trunks, bottom):
    """Give trunks that skip a level a height below the boxes; where that ends."""
    spans = {t: (min(t.gaps), max(t.gaps)) for t in trunks if len(t.gaps) > 1}
    packed = _packed(spans)
    for trunk, number in packed.items():
        trunk.channel = bottom + CHANNEL * (number + 1)
    return bottom + CHANNEL * (max(packed.values(), default=-1) + 1)


def _packed(spans):
    """{key: a number}, so that spans (first, last) of one number do not meet."""
    numbers, ends = {}, []
    for key, (first, last) in sorted(spans.items(), key=lambda item: item[1]):
        free = [n for n, end in enumerate(ends) if end < first]
        number = free[0] if free else len(ends)
        ends[number : number + 1] = [last]
        numbers[key] = number
    return numbers
