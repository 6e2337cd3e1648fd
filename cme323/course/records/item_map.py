"""The tasks on a map, as SVG: how many solve each, and whether it tells them apart.

    across   the mean share of its points: the hard tasks are on the left
    up       discrimination: below the line a task says little, or the opposite

A task is a number, that of its row in the table of tasks.
"""

from html import escape
from math import isnan

WIDTH, HEIGHT, LEFT, BOTTOM, EDGE = 460, 260, 46, 38, 18
TICKS = 0, 0.25, 0.5, 0.75, 1


def item_map(items, weak):
    """The svg element; empty if no task has both numbers."""
    placed = [(n, i) for n, i in enumerate(items, 1) if not isnan(i.discrimination)]
    if not placed:
        return ""
    low = min(0, *(item.discrimination for _, item in placed))
    low = -1 if low < 0 else 0
    up = [low + (1 - low) * tick for tick in TICKS]
    return f"""\
<svg class="bars" xmlns="http://www.w3.org/2000/svg" role="img" \
viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{escape(words(placed))}">
<title>{escape(words(placed))}</title>
{"".join(rung(value, low) for value in up)}
{"".join(foot(value) for value in TICKS)}
{threshold(weak, low)}
{"".join(dot(n, item, low) for n, item in spread(placed))}
<text class="said" x="{(LEFT + WIDTH) / 2:.0f}" y="{HEIGHT - 4}" \
text-anchor="middle">mean share of the points</text>
<text class="said" transform="rotate(-90)" x="{-(HEIGHT - BOTTOM) / 2:.0f}" y="12" \
text-anchor="middle">discrimination</text>
</svg>
"""


def x_of(share):
    return LEFT + EDGE + (WIDTH - LEFT - 2 * EDGE) * share


def y_of(value, low):
    return EDGE + (HEIGHT - BOTTOM - 2 * EDGE) * (1 - value) / (1 - low)


def rung(value, low):
    y = y_of(value, low)
    return (
        f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH}"/><text x="{LEFT - 4}" '
        f'y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    )


def foot(share):
    return (
        f'<text x="{x_of(share):.1f}" y="{HEIGHT - BOTTOM + 14}" '
        f'text-anchor="middle">{share:.0%}</text>'
    )


def threshold(weak, low):
    y = y_of(weak, low)
    return f'<path class="weak" d="M{LEFT} {y:.1f}H{WIDTH}"/>'


def spread(placed):
    """The tasks, those first that others at the same place would hide."""
    return sorted(placed, key=lambda one: (-one[1].difficulty, -one[0]))


def dot(number, item, low):
    x, y = x_of(item.difficulty), y_of(item.discrimination, low)
    return (
        f'<g><title>{escape(item.task)}</title><circle class="dot" cx="{x:.1f}" '
        f'cy="{y:.1f}" r="9"/><text class="number" x="{x:.1f}" y="{y + 4:.1f}" '
        f'text-anchor="middle">{number}</text></g>'
    )


def words(placed):
    """What the picture shows, for those who do not see it."""
    told = [
        f"{item.task} {item.difficulty:.0%} and {item.discrimination:.2f}"
        for _, item in placed
    ]
    return f"Map of the tasks by mean share and discrimination: {', '.join(told)}."
