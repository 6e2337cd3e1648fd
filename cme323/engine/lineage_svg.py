"""A lineage as SVG: boxes, cards, squares, and arrows with counts on them.

Colours are Okabe and Ito's, for the colour-blind, on a background of their own, so
that the picture is the same in a dark theme. `lineage_layout.py` says what is where.
"""

from html import escape
from itertools import pairwise

from cme323.engine.lineage_layout import CARD, LANE, MARGIN, ROW, Layout
from cme323.engine.lineage_text import counts, cut, described, partitions, title

INK, GREY, EDGE, STAGE = "#1b1b1b", "#595959", "#808080", "#eef2f6"
SHUFFLE, CACHED, LOST = "#0072B2", "#E69F00", "#B84A00"
FONTS = {
    "sans": "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif",
    "mono": "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace",
}
LONGEST = 46  # characters in a line of a card
SQUARE = 10
LABEL_END = 12  # to the box
LEGEND = (
    ("square", "", "partition"),
    ("square", "cached", "cached partition"),
    ("square", "lost", "its output for a shuffle is lost"),
    ("line", "shuffle", "shuffle"),
    ("line", "in place", "read in place, nothing moves"),
)


def svg(lineage):
    """The picture, with its title and description in words."""
    labels = {move.target: _label_width(move) for move in lineage.moves}
    cards = {i: _card_width(step) for i, step in lineage.steps.items()}
    layout = Layout(lineage, cards, labels)
    legend, legend_width = _legend(lineage, layout.bottom + 28)
    body = [
        _text(MARGIN, 26, title(lineage), weight="bold"),
        *(_stage(layout, number) for number in range(len(lineage.stages))),
        *(_trunk(layout, trunk) for trunk in layout.trunks),
        *(_inside(layout, ids) for ids in lineage.stages),
        *(_card(layout, step) for step in lineage.steps.values()),
        *(_label(layout, move) for move in lineage.moves),
        legend,
    ]
    wide = max(*layout.right.values(), _width(title(lineage), 8), legend_width) + MARGIN
    high = layout.bottom + 48
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">\n'
        f"<title>{escape(title(lineage))}</title>\n"
        f"<desc>{escape(described(lineage))}</desc>\n"
        + _rectangle(0, 0, wide, high, "#ffffff")
        + "".join(body)
        + "</svg>\n"
    )


def _stage(layout, number):
    top, height = layout.boxes[number]
    level = layout.lineage.levels[number]
    left, right = layout.left[level], layout.right[level]
    box = _rectangle(left, top, right - left, height, STAGE, EDGE, radius=8)
    return box + _text(left + 12, top + 21, f"Stage {number + 1}", GREY, weight="bold")


def _card(layout, step):
    """Name, partitions and the line of code of one RDD."""
    x, top = layout.x[step.id], layout.y[step.id] - CARD // 2
    width = layout.end(step.id) - x
    drawn = [_rectangle(x, top, width, CARD, "#ffffff", EDGE, radius=4)]
    drawn.append(_text(x + 8, top + 15, _name(step), weight="bold"))
    for k, state in enumerate(step.states):
        drawn.append(_square(x + 8 + (SQUARE + 3) * k, top + 20, state))
    after = x + 12 + (SQUARE + 3) * len(step.states)
    drawn.append(_text(after, top + 29, _partitions(step), size=11))
    drawn.append(_text(x + 8, top + 44, _code(step), GREY, size=11, font="mono"))
    return "".join(drawn)


def _square(x, y, state):
    fill = CACHED if "cached" in state else "#ffffff"
    drawn = _rectangle(x, y, SQUARE, SQUARE, fill, INK)
    if "lost" in state:
        low, right = y + SQUARE, x + SQUARE
        lines = f"M{x} {y + 5}l5 -5M{x} {low}L{right} {y}M{x + 5} {low}l5 -5"
        drawn += f'<path d="{lines}" stroke="{LOST}" stroke-width="2"/>\n'
    return drawn


def _inside(layout, ids):
    """The narrow steps within a stage: to the next card, or around some."""
    drawn, steps = [], layout.lineage.steps
    for parent, child in pairwise(ids):
        if parent in steps[child].parents:
            x, end = layout.x[child] + 24, layout.y[child] - CARD // 2
            drawn.append(_line([(x, end - ROW + CARD), (x, end)], GREY, 1.5))
    for parent, children, lane in layout.loops[ids]:
        x, start = layout.x[parent], layout.y[parent] + 16
        turn = x - LANE * (lane + 1)
        for child in children:
            end = layout.y[child] - 16
            path = [(x, start), (turn, start), (turn, end), (x, end)]
            drawn.append(_line(path, GREY, 1.5))
    return "".join(drawn)


def _trunk(layout, trunk):
    """One line, with an arrow to each RDD that it reaches."""
    colour, dash = (SHUFFLE, "") if trunk.is_shuffle else (GREY, "6 4")
    turns = {level: layout.lane(trunk, level) for level in trunk.gaps}
    first, *_, last = sorted(turns.values())[:1] + sorted(turns.values())
    lines = [[(layout.end(trunk.source), trunk.height), (first, trunk.height)]]
    arrows = []
    for level, targets in trunk.gaps.items():
        x, ends = turns[level], [layout.y[target] for target in targets]
        arrows += [[(x, layout.y[i]), (layout.x[i], layout.y[i])] for i in targets]
        ends += [trunk.height] if x == first else []
        ends += [trunk.channel] if trunk.channel else []
        lines.append([(x, min(ends)), (x, max(ends))])
    if trunk.channel:
        lines.append([(first, trunk.channel), (last, trunk.channel)])
    drawn = [_line(line, colour, 2, dash, head="") for line in lines]
    drawn += [_line(arrow, colour, 2, dash) for arrow in arrows]
    if trunk.channel and not trunk.is_shuffle:
        words = f"RDD[{trunk.source}], read in place"
        drawn.append(_text(first + 6, trunk.channel - 5, words, GREY, size=11))
    return "".join(drawn)


def _label(layout, move):
    """The counts, around the end of the arrow: records above, the rest below."""
    x = layout.left[layout.level[move.target]] - LABEL_END
    y = layout.y[move.target]
    drawn = []
    for words, dy in zip(counts(move), (-6, 15, 28, 41)):
        colour = LOST if words.endswith("lost") else INK
        drawn.append(_text(x, y + dy, words, colour, size=11.5, anchor="end"))
    return "".join(drawn)


def _label_width(move):
    return max(_width(words, 6.8) for words in counts(move)) + LABEL_END


def _legend(lineage, y):
    """What the signs in this picture mean, and where that ends."""
    states = {state for step in lineage.steps.values() for state in step.states}
    found = {kind for state in states for kind in state.split() or [""]}
    found |= {"shuffle"} if lineage.moves else set()
    found |= {"in place"} if lineage.in_place else set()
    drawn, x = [], MARGIN
    for sign, kind, words in LEGEND:
        if kind in found:
            if sign == "square":
                drawn.append(_square(x + 14, y - 9, kind))
            else:
                colour, dash = (SHUFFLE, "") if kind == "shuffle" else (GREY, "6 4")
                drawn.append(_line([(x, y - 4), (x + 26, y - 4)], colour, 2, dash))
            drawn.append(_text(x + 32, y, words, GREY, size=11))
            x += 48 + _width(words, 6.6)
    return "".join(drawn), x


def _line(points, colour, width, dash="", head=None):
    """A path, with an arrow at its end."""
    (before, _), (x, y) = points[-2:]
    if head is None:
        head = f"M{x} {y}l-8 -4.5v9z" if before < x else f"M{x} {y}l-4 -7h8z"
    path = "M" + "L".join(f"{a} {b}" for a, b in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ' stroke-linecap="square"'
    drawn = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"'
    return f'{drawn}{dashed}/><path d="{head}" fill="{colour}"/>\n'


def _rectangle(x, y, width, height, fill, stroke="none", radius=0):
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" '
        f'fill="{fill}" stroke="{stroke}"/>\n'
    )


def _text(
    x, y, words, colour=INK, *, size=13, weight="normal", anchor="start", font="sans"
):
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" '
        f'font-weight="{weight}" text-anchor="{anchor}" '
        f'font-family="{FONTS[font]}">{escape(words)}</text>\n'
    )


def _name(step):
    lead = f"RDD[{step.id}] "
    return lead + cut(step.name, LONGEST - 8 - len(lead))


def _code(step):
    return cut(f"{step.made} {step.code}", LONGEST)


def _partitions(step):
    return ("… " if step.partitions > len(step.states) else "") + partitions(step)


def _card_width(step):
    squares = (SQUARE + 3) * len(step.states)
    lines = (
        _width(_name(step), 8.2),
        _width(_partitions(step), 6.6) + squares + 4,
        _width(_code(step), 6.7),
    )
    return max(lines) + 16


def _width(words, each):
    """No font is known here: an estimate from above, in pixels."""
    return round(len(words) * each)
