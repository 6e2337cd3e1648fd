from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context
from cme323.engine.lineage_layout import CARD, Layout

STEPS = {
    "map": lambda a, b: a.map(lambda kv: kv),
    "mapValues": lambda a, b: a.mapValues(str),
    "groupByKey": lambda a, b: a.groupByKey(2),
    "repartition": lambda a, b: a.repartition(5),
    "union": lambda a, b: a.union(b),
    "join": lambda a, b: a.join(b, 3),
    "cogroup": lambda a, b: a.cogroup(b),
    "cartesian": lambda a, b: a.cartesian(b),
}
programs = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 99), st.integers(0, 99)),
    max_size=12,
)


def lineage_of(program):
    """Each step takes two RDDs that are there by their numbers."""
    sc = Context(partitions=2)
    made = [sc.range(4).map(lambda x: (x, x)), sc.range(9).map(lambda x: (x, 1))]
    for name, i, j in program:
        a, b = made[i % len(made)], made[j % len(made)]
        if name != "cartesian" or a.getNumPartitions() * b.getNumPartitions() < 99:
            made.append(STEPS[name](a, b))
    return sc.union(made).show()


def laid_out(lineage):
    cards = {i: 100 + i % 7 for i in lineage.steps}
    return Layout(lineage, cards, {move.target: 90 for move in lineage.moves})


def apart(one, other):
    """Do two rectangles (left, top, right, bottom) not meet?"""
    return (
        one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    )


@given(programs)
def test_no_two_boxes_meet_and_each_holds_its_cards(program):
    lineage = lineage_of(program)
    layout, boxes = laid_out(lineage), []
    for ids, level, (top, height) in zip(
        lineage.stages, lineage.levels, laid_out(lineage).boxes
    ):
        box = layout.left[level], top, layout.right[level], top + height
        boxes.append(box)
        for i in ids:
            assert box[0] < layout.x[i] < layout.end(i) < box[2]
            assert box[1] < layout.y[i] - CARD // 2 < layout.y[i] + CARD // 2 < box[3]
    assert all(apart(*two) for two in combinations(boxes, 2))
    assert max(box[3] for box in boxes) <= layout.bottom


@given(programs)
def test_every_edge_is_drawn_once_and_leads_to_the_right_or_down(program):
    lineage = lineage_of(program)
    layout, drawn = laid_out(lineage), []
    for trunk in layout.trunks:
        for level, targets in trunk.gaps.items():
            for target in targets:
                assert layout.end(trunk.source) < layout.lane(trunk, level)
                assert layout.lane(trunk, level) < layout.left[level]
                drawn.append((trunk.source, target))
    for ids in lineage.stages:
        for child in ids:
            for parent in set(lineage.steps[child].parents) & set(ids):
                assert layout.y[parent] < layout.y[child]
                drawn.append((parent, child))
    edges = [(p, s.id) for s in lineage.steps.values() for p in s.parents]
    assert sorted(drawn) == sorted(edges)


@given(programs)
def test_no_line_that_turns_crosses_a_label(program):
    lineage = lineage_of(program)
    layout = laid_out(lineage)
    for move in lineage.moves:
        level = layout.level[move.target]
        label = layout.left[level] - 90
        assert all(layout.lane(trunk, level) < label for trunk in layout.lanes[level])


@given(programs)
def test_no_two_lines_share_a_lane_or_a_channel(program):
    layout = laid_out(lineage_of(program))
    for level, trunks in layout.lanes.items():
        places = [layout.lane(trunk, level) for trunk in trunks]
        assert len(set(places)) == len(places)
    long = [trunk for trunk in layout.trunks if len(trunk.gaps) > 1]
    for one, other in combinations(long, 2):
        if one.channel == other.channel:
            first, second = sorted((one, other), key=lambda t: min(t.gaps))
            assert max(first.gaps) < min(second.gaps)
