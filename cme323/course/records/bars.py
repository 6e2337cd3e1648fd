"""A histogram as SVG: how many students have each share of a task's points."""

from html import escape

WIDTH, PLOT, LEFT, TOP, BOTTOM = 300, 90, 34, 34, 40
TENTHS = 10


def histogram(title, shares, most):
    """The svg element of `shares` from 0 to 1; `most` is the top of the scale.

    A bar is for a tenth of the points, but the last for all of them.
    """
    counts = counted(shares)
    wide = (WIDTH - LEFT - 8) / (TENTHS + 1)
    bars = [
        bar(LEFT + place * wide, wide, count, most)
        for place, count in enumerate(counts)
    ]
    middle = LEFT + (WIDTH - LEFT) / 2
    return f"""\
<svg class="bars" xmlns="http://www.w3.org/2000/svg" role="img" \
viewBox="0 0 {WIDTH} {TOP + PLOT + BOTTOM}" aria-label="{escape(words(title, counts))}">
<title>{escape(words(title, counts))}</title>
<text class="title" x="{LEFT}" y="13">{escape(short(title))}</text>
{up(most)}
{"".join(bars)}
{across(wide)}
<text class="said" x="{middle:.0f}" y="{TOP + PLOT + 32}" text-anchor="middle">share \
of the points</text>
<text class="said" transform="rotate(-90)" x="{-(TOP + PLOT / 2):.0f}" y="12" \
text-anchor="middle">students</text>
</svg>
"""


def counted(shares):
    """How many shares are in each tenth, and how many are whole.

    >>> counted([0, 0.05, 0.95, 1])
    [2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    """
    counts = [0] * (TENTHS + 1)
    for share in shares:
        counts[min(TENTHS, max(0, int(share * TENTHS + 1e-9)))] += 1
    return counts


def bar(x, wide, count, most):
    if not count:
        return ""
    high = PLOT * count / max(1, most)
    y = TOP + PLOT - high
    return (
        f'<rect class="bar" x="{x + 1:.1f}" y="{y:.1f}" width="{wide - 2:.1f}" '
        f'height="{high:.1f}"/><text x="{x + wide / 2:.1f}" y="{y - 2:.1f}" '
        f'text-anchor="middle">{count}</text>'
    )


def up(most):
    """The axis of students: nothing, and the top."""
    low, high = TOP + PLOT, TOP
    return (
        f'<path class="grid" d="M{LEFT} {high}H{WIDTH - 8}"/>'
        f'<path class="axis" d="M{LEFT} {low}H{WIDTH - 8}"/>'
        f'<text x="{LEFT - 4}" y="{high + 4}" text-anchor="end">{most}</text>'
        f'<text x="{LEFT - 4}" y="{low + 4}" text-anchor="end">0</text>'
    )


def across(wide):
    """The axis of shares: where a bar begins, and the one for all points."""
    places = [(0, "0"), (5, "50%"), (TENTHS, "all")]
    return "".join(
        f'<text x="{LEFT + place * wide + wide / 2:.1f}" y="{TOP + PLOT + 15}" '
        f'text-anchor="middle">{name}</text>'
        for place, name in places
    )


def words(title, counts):
    """What the picture shows, for those who do not see it."""
    told = [
        f"{count} with {'all points' if place == TENTHS else f'{place * 10}% or more'}"
        for place, count in enumerate(counts)
        if count
    ]
    return f"Histogram. {title}: {', '.join(told) or 'nobody graded yet'}."


def short(title):
    return title if len(title) <= 32 else f"{title[:31]}…"
