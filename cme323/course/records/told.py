"""What a student may read of the reason for a score: never a test, never its answer.

    our `check`     "5.1: f([1]) should be 3, but came as 4: add them all."
                    the call (which is the failing input), what came and the idea
                    stay; what was expected goes, and so do numbers in a fault
    a cost          "... is right, but has work 9 and depth 9, not 9 and 4: ..."
                    stays: it is a measurement against a bound
    a plain assert  its line, or what it says, may be the answer: both go, but for
                    a message that begins with "hint:", and one of ours that
                    ends with the exercises to revisit; the call that it made last
                    is added, which the student's function has seen anyway
    the grader      "your function raised ...", "took longer than ...": it is about
                    the student's code alone, and stays

Whatever is not known to be harmless is withheld. `--show-tests` tells all.
"""

import re
from dataclasses import replace

from cme323.course.exercises import exercise
from cme323.errors import BadInput

WITHHELD = "a test failed; what it compares is not shown"
# What came is the student's, who may write as we do. So a call ends where the first
# verdict begins, and `.*` is greedy: what was expected ends at the last "but".
ARGUMENTS = r"\((?:(?!\) (?:should|came|is right)).)*\)"
CALL = rf"(?P<number>\d+(?:\.\d+)*): (?P<call>\w+{ARGUMENTS})"
COST = rf"{CALL} is right, but (was not computed|one step took|has work) .*"
REVISIT = r"\d+(\.\d+)*: ((?!\) should ).)*: revisit [\d.]+(, [\d.]+)*( and [\d.]+)?"
EXPECTED = (
    rf"{CALL} should have .* at place (?P<place>\d+), but has (?P<came>.*) there",
    rf"{CALL} should (?:be|have) .*, but (?P<came>came (?:as|with) .*)",
    rf"{CALL} should be .*, but (?P<came>differs) where that is shortened",
)
# These tell of a student's object after what a test wants of it, and of an argument.
ASKED = r"a test asks for `\w+`, but "
ARGUMENT = "an argument cannot be made in your process"
FAULT = rf"{CALL} (?P<came>came as .*), but (?P<fault>.*)"
HARMLESS = re.compile(
    r"""hint:\ .*
    | \d+(\.\d+)*:\ (\w+\ is\ not\ written\ yet:|check\ needs\ your|this\ notebook)\ .*
    | your\ function\ (raised\ .*|returned\ .*;\ return\ .*|is\ not\ defined\ any\ more)
    | your\ function\ (made\ an\ argument\ .*;\ give\ .*
        | changed\ the\ shape\ or\ dtype\ of\ an\ argument)
    | (grading|its\ test)\ failed:\ (it\ took\ too\ long|its\ process\ ended)\ .*
    | your\ (object\ gave\ .*;\ give\ .*|class\ made\ .*,\ which\ is\ no\ data:\ .*)
    | your\ \w+\ gave\ more\ than\ \S+\ items|the\ length\ of\ your\ \w+\ is\ too\ large
    | .*\ that\ an\ earlier\ cell\ made\ was\ lost\ when\ your\ process\ ended;\ .*
    | `\w+`\ is\ (not\ defined.*|.*;\ make\ it\ .*)
    | raised\ [A-Z]\w*(:\ .*)?
    | the\ test\ took\ longer\ than\ \S+\ s\ with\ what\ it\ was\ given
    | (started\ more\ than|kept\ more\ than)\ \S+\ process(es|ors\ busy)
    | (the\ grader\ failed:\ \w+|grading\ took\ too\ long\ and\ was\ stopped)
    | (took\ longer|ran\ out|ended\ its|sent\ more|did\ not\ answer)\ .*
    | (imports\ .*;\ write\ it|there\ (is|are)\ (no|\d+)\ notebook).*
    | (a\ hidden\ test\ failed|to\ be\ graded\ by\ hand|the\ grader's\ process\ .*)
    """,
    re.VERBOSE | re.DOTALL,
)


def sentence(book, entry, show_tests=False):
    """One sentence on a score, and the call that failed; empty for all points."""
    said = told(entry, unreadable=book.why_unread(entry), show_tests=show_tests)
    call = "" if entry.by_hand or re.match(CALL, said, re.DOTALL) else book.call(entry)
    return f"{said}; the last call was {call}" if said and call else said


def told(entry, *, unreadable="", show_tests=False):
    """One sentence on a score, for the student; empty for all points.

    `unreadable` is what the grader says of work that it could not read.

    >>> from cme323.course.records.book import Entry
    >>> told(Entry("ada", "a5", "t", 0, 6, "a test failed: assert f(3) == 9"))
    'a test failed; what it compares is not shown'
    """
    if entry.by_hand or show_tests or entry.reason in ("", unreadable):
        return entry.reason
    patterns = (HARMLESS, re.compile(COST, re.DOTALL), re.compile(REVISIT, re.DOTALL))
    if any(pattern.fullmatch(entry.reason) for pattern in patterns):
        return entry.reason.removeprefix("hint: ")
    if raised := re.match(r"the test raised (\w+)", entry.reason):
        return f"the test raised {raised[1]}"
    if asked := re.match(ASKED, entry.reason):
        return told(replace(entry, reason=entry.reason[asked.end() :]))
    if entry.reason.startswith(ARGUMENT):
        return ARGUMENT
    return without_answer(entry.reason)


def without_answer(reason):
    """What `check` says, without what it expected; else that a test failed."""
    said, idea = parted(reason)
    for pattern in EXPECTED:
        if match := re.fullmatch(pattern, said, re.DOTALL):
            came = match["came"]
            if "place" in match.groupdict():
                came = f"has {came} at place {match['place']}, which is not right"
            return f"{match['number']}: {match['call']} {came}{idea}"
    if match := re.fullmatch(FAULT, said, re.DOTALL):
        fault = re.sub(r"\d[\d.,]*", "…", match["fault"])
        call = f"{match['number']}: {match['call']}"
        return f"{call} {match['came']}, but {fault}{idea}"
    return WITHHELD


def parted(reason):
    """What `check` said, and the idea that it ends with, as the exercise has it.

    The grader cuts a long reason, whose end is then lost. Other reasons give nothing:
    they are another course's, of which we do not know where an answer stands.
    """
    if reason.endswith("…"):
        return reason, ""
    try:
        idea = f": {exercise(reason.partition(':')[0]).idea}."
    except BadInput:
        return "", ""
    return (reason.removesuffix(idea), idea) if reason.endswith(idea) else ("", "")


def cost_against_bound(reason):
    """[(what, measured, bound)] of a reason that tells of a cost; else empty.

    >>> cost_against_bound("1.1: f(pram) is right, but has work 9 and depth 8, not 9 "
    ...     "and 4: halve.")
    [('work', 9, 9), ('depth', 8, 4)]
    """
    exact = r" is right, but has (work) (\d+) and (depth) (\d+), not (\d+) and (\d+):"
    if found := re.search(exact, reason):
        first, a, second, b, *bounds = found.groups()
    elif found := re.search(
        r" is right, but one step took (\d+) (rounds) and moved (\d+) (records), "
        r"above (\d+) and (\d+):",
        reason,
    ):
        a, first, b, second, *bounds = found.groups()
    else:
        return []
    return [(first, int(a), int(bounds[0])), (second, int(b), int(bounds[1]))]
