"""Tasks as items of a test: how hard each is, and whether it tells students apart.

    difficulty       the mean share of its points: 1 if all have them, 0 if nobody
    discrimination   the correlation of its points with those of all *other* tasks

An item that is in its own total correlates with itself, so it is taken out (corrected
item-total correlation; Nunnally, Psychometric Theory, 1978). Below about 0.2 an item
says little of a student, or says the opposite of the rest: look at it.

Left out: students without readable work, who failed nothing but to hand it in, and
scores that a person has still to give.
"""

import re
from collections import Counter
from dataclasses import dataclass
from math import nan

import numpy as np

from cme323.course.records.told import sentence

UNWRITTEN = r"[\d.]+: \w+ is not written yet:|your function raised NotImplementedError"
FEW = 5  # students; a correlation of fewer says nothing


@dataclass(frozen=True)
class Item:
    """A task: shares of its points, one for each graded student, and what they say."""

    task: str
    max: float
    shares: tuple[float, ...]
    discrimination: float
    seconds: float
    slowest: float
    waiting: int

    @property
    def difficulty(self):
        return float(np.mean(self.shares)) if self.shares else nan


def items(book) -> list[Item]:
    """An Item for each task of a Book, in its order."""
    points = points_of(book)
    return [
        item(task, entries, points, column)
        for column, (task, entries) in enumerate(book.by_task.items())
    ]


def points_of(book):
    """Students with readable work down, tasks across; nan where a score is open."""
    rows = {student: {} for student in book.students if student not in book.lost}
    for task, entries in book.by_task.items():
        for entry in entries:
            if entry.score is not None and not book.why_unread(entry):
                rows[entry.student][task] = entry.score
    return np.array(
        [[row.get(task, nan) for task in book.by_task] for row in rows.values()]
    ).reshape(len(rows), len(book.by_task))


def item(task, entries, points, column):
    graded = points[:, column][~np.isnan(points[:, column])]
    seconds = [entry.seconds for entry in entries] or [0.0]
    maximum = entries[0].max
    return Item(
        task=task,
        max=maximum,
        shares=tuple((graded / maximum).tolist()) if maximum else (),
        discrimination=discrimination(points, column),
        seconds=float(np.median(seconds)),
        slowest=max(seconds),
        waiting=sum(entry.score is None for entry in entries),
    )


def discrimination(points, column):
    """The correlation of a column with the sum of the others; nan if there is none.

    Columns in which nobody has points yet are no part of the sum; students with a
    hole in any other column are left out.

    >>> discrimination(np.array([[0, 1.0], [1, 2], [2, 3], [3, 4], [4, 5]]), 0)
    1.0
    """
    graded = points[:, ~np.isnan(points).all(axis=0)]
    if np.isnan(points[:, column]).all() or graded.shape[1] < 2:
        return nan
    own = points[:, column]
    rest = np.nansum(graded, axis=1) - np.nan_to_num(own)
    whole = ~np.isnan(graded).any(axis=1)
    own, rest = own[whole], rest[whole]
    if len(own) < FEW or np.ptp(own) < 1e-9 or np.ptp(rest) < 1e-9:
        return nan
    return round(float(np.corrcoef(own, rest)[0, 1]), 6)


def failures(book, most=12):
    """The most frequent reasons: [(count, kind of reason, tasks, an example)]."""
    lost = [e for e in book.entries if e.score is not None and e.score < e.max]
    counts, tasks, examples = Counter(), {}, {}
    for entry in lost:
        if book.why_unread(entry) or not entry.reason:
            continue
        kind = kind_of(entry.reason)
        counts[kind] += 1
        tasks.setdefault(kind, Counter())[book.label(entry)] += 1
        examples.setdefault(kind, sentence(book, entry, show_tests=True))
    return [
        (count, kind, list(tasks[kind]), examples[kind])
        for kind, count in counts.most_common(most)
    ]


def kind_of(reason):
    """A reason without what differs between students: values, names and numbers.

    >>> kind_of("5.1: f(sc, [1, 2]) should be 3, but came as {'a': 4}: add all 4.")
    '5.1: f(…) should be …, but came as …: add all 4.'
    >>> kind_of("your function raised KeyError: 'ada'")
    'your function raised KeyError'
    >>> kind_of("5.2: f is not written yet: put your code in the place of ...")
    'not written yet'
    """
    if re.match(UNWRITTEN, reason):
        return "not written yet"
    reason = re.sub(
        r"(\w+)\(.*?\) (?=should|came|is right)", r"\1(…) ", reason, count=1
    )
    reason = re.sub(r"(should (?:be|have)) .*, but ", r"\1 …, but ", reason)
    reason = re.sub(r"(came as) .*: (?=[^:]*$)", r"\1 …: ", reason)
    reason = re.sub(r"(has work) .*?:", r"\1 …:", reason)
    reason = re.sub(r"(one step took) .*?:", r"\1 …:", reason)
    reason = re.sub(r"(raised \w+): .*", r"\1", reason)
    return re.sub(r"cell \d+", "cell …", reason)
