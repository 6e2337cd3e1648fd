from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.records.late import Late, Policy, read_submitted
from cme323.course.records.policy import read_policy
from cme323.errors import BadInput

DUE = datetime(2027, 1, 22, 23, 59, tzinfo=UTC)
NEXT = DUE + timedelta(days=14)
HOUR = timedelta(hours=1)
POLICY = """
[late]
percent_per_day = 10
free_days = 2
grace_minutes = 30
[due]
hw2 = 2027-02-05T23:59:00Z
hw = 2027-01-22T15:59:00-08:00
[free_days]
ada = 5
[extensions.bob]
hw = 1
"""


@pytest.fixture
def policy(tmp_path):
    (tmp_path / "course.toml").write_text(POLICY)
    return read_policy(tmp_path / "course.toml")


def late(policy, student, **submitted):
    found = policy.late(student, list(submitted)[-1], {student: submitted})
    return found.days, found.free


def test_work_in_time_or_in_the_grace_is_not_late(policy):
    assert late(policy, "eve", hw=DUE) == (0, 0)
    assert late(policy, "eve", hw=DUE + timedelta(minutes=30)) == (0, 0)


def test_a_day_that_has_begun_is_late_and_free_days_go_first(policy):
    assert late(policy, "eve", hw=DUE + HOUR) == (1, 1)
    assert late(policy, "eve", hw=DUE + timedelta(days=3)) == (3, 2)


def test_free_days_are_spent_in_the_order_of_due_dates(policy):
    first, second = DUE + timedelta(days=1), NEXT + timedelta(days=3)
    assert late(policy, "eve", hw=first, hw2=second) == (3, 1)
    assert late(policy, "ada", hw=first, hw2=second) == (3, 3)
    assert policy.late("eve", "hw", {"eve": {"hw": first, "hw2": second}}).free == 1


def test_an_extension_moves_the_due_date_and_uses_up_no_free_day(policy):
    assert late(policy, "bob", hw=DUE + timedelta(hours=23)) == (0, 0)
    assert late(policy, "bob", hw=DUE + timedelta(hours=25)) == (1, 1)
    assert policy.late("bob", "hw", {}).due == "2027-01-23 23:59:00"


def test_work_that_never_came_is_not_late(policy):
    assert policy.late("eve", "hw", {}) == Late("2027-01-22 23:59:00", "", 0, 0, 10)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0, 100), st.floats(0, 100))
def test_a_penalty_is_never_below_zero_or_above_the_points(days, free, percent, points):
    late = Late(days=days, free=min(days, free), percent=percent)
    assert 0 <= late.penalty(points) <= points


@given(st.integers(0, 10), st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_nobody_has_more_free_days_than_they_were_given(free, days):
    due = {f"hw{i}": DUE + timedelta(days=7 * i) for i in range(4)}
    policy = Policy(10, free, due=due)
    times = {f"hw{i}": due[f"hw{i}"] + timedelta(days=n) for i, n in enumerate(days)}
    spent = sum(policy.late("eve", name, {"eve": times}).free for name in due)
    assert spent == min(free, sum(days))


@pytest.fixture
def rules(tmp_path):
    """rules(text): the Policy of [due] hw and hw2, and of this text."""

    def rules(text):
        due = f"[due]\nhw = {DUE.isoformat()}\nhw2 = {NEXT.isoformat()}\n"
        (tmp_path / "rules.toml").write_text(f"{text}\n{due}")
        return read_policy(tmp_path / "rules.toml")

    return rules


def hours_late(policy, hours, student="eve"):
    return policy.late(student, "hw", {student: {"hw": DUE + timedelta(hours=hours)}})


def test_weekends_do_not_count_where_the_rules_say_so(rules):
    policy = rules("late.skip_weekends = true")  # DUE is a Friday, a minute to twelve
    assert [hours_late(policy, h).days for h in (0, 1, 48)] == [0, 1, 1]
    assert [hours_late(policy, h).days for h in (72, 73, 96, 97)] == [1, 2, 2, 3]
    every_day = rules("")
    assert [hours_late(every_day, h).days for h in (1, 48, 72, 97)] == [1, 2, 3, 5]


def test_a_weekend_is_one_by_the_clock_of_the_due_date(tmp_path):
    (tmp_path / "p.toml").write_text(
        "late.skip_weekends = true\ndue.hw = 2027-01-22T15:59:00-08:00"
    )
    at = datetime(2027, 1, 23, 7, 30, tzinfo=UTC)  # 23:30 on Friday in California
    policy = read_policy(tmp_path / "p.toml")
    assert policy.late("eve", "hw", {"eve": {"hw": at}}).days == 1
    assert policy.late("eve", "hw", {"eve": {"hw": at + 40 * HOUR}}).days == 1


def test_holidays_do_not_count_either(rules):
    policy = rules("late.skip = [2027-01-23, 2027-01-25]")
    assert hours_late(policy, 24).days == 1
    assert hours_late(policy, 24 + 24).days == 1
    assert hours_late(policy, 73).days == 2


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_days_grow_with_time_and_a_week_has_five_that_count(hours, more):
    policy = Policy(skip_weekends=True, due={"hw": DUE})
    first, second = hours_late(policy, hours), hours_late(policy, hours + more)
    assert first.days <= second.days
    assert hours_late(policy, hours + 7 * 24).days == first.days + 5
    assert first.days <= hours_late(Policy(due={"hw": DUE}), hours).days


def test_an_extension_is_of_days_that_count(rules):
    policy = rules("late.skip_weekends = true\nextensions.eve.hw = 1")
    assert hours_late(policy, 72).days == 0
    assert hours_late(policy, 73).days == 1
    assert hours_late(policy, 1).due == "2027-01-25 23:59:00"


def test_an_extension_may_be_another_due_date(rules):
    policy = rules("extensions.eve.hw = 2027-01-24T12:00:00Z")
    assert [hours_late(policy, hours).days for hours in (36, 37)] == [0, 1]
    assert hours_late(policy, 37, "ada").days == 2


def test_an_assignment_takes_so_many_of_the_free_days_and_no_more(rules):
    policy = rules("late.free_days = 4\nlate.free_days_each = 2")
    assert hours_late(policy, 71).free == 2
    times = {"eve": {"hw": DUE + 71 * HOUR, "hw2": NEXT + 71 * HOUR}}
    assert policy.late("eve", "hw2", times).free == 2


def test_work_that_is_too_late_gets_nothing_and_spends_no_free_day(rules):
    policy = rules("late.most_days = 2\nlate.free_days = 3")
    late = hours_late(policy, 49)
    assert (late.penalty(7), late.free, late.refused) == (7, 0, True)
    assert str(late) == "3 days late, which is too late to count"
    assert hours_late(policy, 48).penalty(7) == 0
    times = {"eve": {"hw": DUE + 49 * HOUR, "hw2": NEXT + 25 * HOUR}}
    assert policy.late("eve", "hw2", times).free == 2


GROUPS = "late.free_days = 1\nfree_days.bob = 3\n"


def test_a_group_hands_in_once_and_each_member_spends_days_of_their_own(rules):
    policy = rules(GROUPS + 'groups.owls = ["ada", "bob"]')
    times = {"ada": {"hw": DUE}, "bob": {"hw": DUE + 25 * HOUR}}
    found = {s: policy.late(s, "hw", times) for s in ("ada", "bob", "owls", "eve")}
    assert {s: (late.days, late.free) for s, late in found.items()} == {
        "ada": (2, 1),
        "bob": (2, 2),
        "owls": (2, 1),
        "eve": (0, 0),
    }
    assert policy.late("ada", "hw", {"owls": {"hw": DUE + HOUR}}).days == 1


def test_an_extension_of_one_member_holds_for_the_group(rules):
    policy = rules('extensions.bob.hw = 2\ngroups.owls = ["ada", "bob"]')
    assert hours_late(policy, 48, "ada").days == 0
    policy = rules('extensions.owls.hw = 2\ngroups.owls = ["ada", "bob"]')
    assert hours_late(policy, 49, "ada").days == 1


def test_groups_may_differ_from_assignment_to_assignment(rules):
    policy = rules('groups.owls = ["ada", "bob"]\n[groups.hw2]\ncats = ["bob", "eve"]')
    assert policy.party("bob", "hw") == ("owls", "ada", "bob")
    assert policy.party("bob", "hw2") == ("cats", "bob", "eve")
    assert policy.party("ada", "hw2") == ("ada",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[lat]\n", "has lat in the file"),
        ("[late]\npercent = 3", "has percent in"),
        ("[late]\npercent_per_day = 101", "above 100"),
        ("[late]\npercent_per_day = -1", "from 0 up"),
        ("[late]\npercent_per_day = nan", "from 0 up"),
        ("[late]\ngrace_minutes = inf", "too large"),
        ("[late]\nfree_days = 1.5", "whole number"),
        ("[late]\nmost_days = '5'", "has most_days = '5', which must be a number"),
        ("[late]\nskip_weekends = 1", "true or false"),
        ("[late]\nskip = ['Monday']", "a list of days as"),
        ("[due]\nhw = 2027-01-22", "without a time of day"),
        ("[due]\nhw = 2027-01-22T12:00:00", "no time with an offset"),
        ("[extensions]\nada = 2", "has extensions.ada = 2, which must be a .table"),
        ("[extensions.ada]\nhw9 = 2", "has hw9 in .extensions.ada., but .due. has no"),
        ("[groups]\nowls = 'ada'", "is no list of names"),
        ("[groups]\nowls = []", "must have members"),
        ("[groups.hw9]\nowls = ['ada']", "has hw9 in .groups., but"),
        (
            "due.hw = 2027-01-22T12:00:00Z\n[groups]\na = ['x']\nb = ['x']",
            "has x twice in the groups of hw, in b too",
        ),
        ("late = 3", "has late = 3, which must be a .table"),
        ("due = []", "has due = .., which must be a .table"),
        ("free_days = 3", "has free_days = 3, which must be a .table"),
        ("late = [", "must be TOML"),
    ],
)
def test_what_is_no_rule_is_one_sentence(tmp_path, text, says):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(BadInput, match=says) as told:
        read_policy(tmp_path / "course.toml")
    assert "\n" not in str(told.value)


def test_an_assignment_without_a_due_date_is_refused(policy):
    with pytest.raises(BadInput, match="must have a date for hw9"):
        policy.late("eve", "hw9", {})


def test_times_come_from_a_file_or_from_nbgraders_stamps(tmp_path):
    file = tmp_path / "times.csv"
    file.write_text("student,assignment,submitted\nada,hw,2027-01-22T15:59:00-08:00\n")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in/ada/timestamp.txt").write_text("2027-01-22 23:59:00.0 UTC\n")
    assert read_submitted(file, "hw") == {"ada": {"hw": DUE}}
    assert read_submitted(tmp_path / "in", "hw") == {"ada": {"hw": DUE}}


def test_a_time_without_an_offset_is_refused(tmp_path):
    file = tmp_path / "times.csv"
    file.write_text("student,assignment,submitted\nada,hw,2027-01-22T15:59:00\n")
    with pytest.raises(BadInput, match="or end in UTC"):
        read_submitted(file, "hw")
