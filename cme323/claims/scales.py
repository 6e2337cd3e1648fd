"""Where numbers and sizes go on a chart, and which of them are named there.

Scale     from values to places, linear or logarithmic, with round ticks
Places    sizes side by side, each named as long as there is room
"""

from math import ceil, floor, log10

LETTER = 6  # how wide one is, about


class Scale:
    """From values to places on the paper."""

    def __init__(self, low, high, start, end, log=False):
        self.low, self.high, self.start, self.end, self.log = low, high, start, end, log

    def __call__(self, value):
        low, high, value = (
            log10(v) if self.log else v for v in (self.low, self.high, value)
        )
        share = (value - low) / (high - low)
        return self.start + share * (self.end - self.start)

    def ticks(self):
        """From three to six round values."""
        if not self.log:
            step = _round_step((self.high - self.low) / 4)
            return [
                i * step
                for i in range(ceil(self.low / step), floor(self.high / step) + 1)
            ]
        decades = range(floor(log10(self.low)), ceil(log10(self.high)))
        parts = (1, 2, 5) if len(decades) < 3 else (1,)
        every = ceil(len(decades) / 6)
        ticks = [part * 10.0**k for k in decades[::every] for part in parts]
        return [tick for tick in ticks if self.low <= tick <= self.high]


def _round_step(step):
    """The next of ..., 1, 2, 5, 10, 20, 50, ...

    >>> _round_step(300), _round_step(0.03)
    (500.0, 0.05)
    """
    power = 10.0 ** floor(log10(step))
    return next(part * power for part in (1, 2, 5, 10) if part * power >= step * 0.999)


class Places:
    """Where the sizes are across the paper: `at` each, and which of them are named.

    tilted  long names are, and take more room
    """

    def __init__(self, sizes, at, width):
        letters = max(len(size_label(size)) for size in sizes)
        self.at = at
        self.tilted = letters > 4 and letters * LETTER * len(sizes) > width
        self.room = min(letters, 18) * 4.3 + 14 if self.tilted else 18
        wide = 15 if self.tilted else letters * LETTER + 8
        self.named, right = [], -wide
        for place, size in zip(at, sizes):
            if place - right >= wide:
                most = min(18, int(place / 4.3)) if self.tilted else letters
                self.named.append((place, _cut(size_label(size), most)))
                right = place


def _cut(name, letters):
    """Shortened where it has most to lose.

    >>> _cut("Zipf words, 256, 4", 14)
    'Zipf …, 256, 4'
    """
    if len(name) <= letters:
        return name
    parts = name.split(", ")
    longest = max(parts, key=len)
    kept = longest[: max(0, len(longest) - (len(name) - letters) - 1)] + "…"
    return ", ".join(kept if part is longest else part for part in parts)


def size_label(size):
    """A size as text.

    >>> size_label((64, "ring", 0.1 + 0.2))
    '64, ring, 0.3'
    """
    parts = size if isinstance(size, tuple) else (size,)
    return ", ".join(f"{p:.6g}" if isinstance(p, float) else str(p) for p in parts)
