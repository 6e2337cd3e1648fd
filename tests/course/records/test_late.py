from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.records.late import Late, Policy, read_policy, read_submitted
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
    found = policy.late(student, list(submitted)[-1], submitted)
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
    assert policy.late("eve", "hw", {"hw": first, "hw2": second}).free == 1


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
    spent = sum(policy.late("eve", name, times).free for name in due)
    assert spent == min(free, sum(days))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[lat]\n", "has lat in the file"),
        ("[late]\npercent = 3", "has percent in"),
        ("[late]\npercent_per_day = 101", "above 100"),
        ("[late]\npercent_per_day = -1", "from 0 up"),
        ("[late]\nfree_days = 1.5", "whole number"),
        ("[due]\nhw = 2027-01-22", "without a time of day"),
        ("[due]\nhw = 2027-01-22T12:00:00", "no time with an offset"),
        ("late = 3", "correct it"),
        ("late = [", "must be TOML"),
    ],
)
def test_what_is_no_rule_is_one_sentence(tmp_path, text, says):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(BadInput, match=says):
        read_policy(tmp_path / "course.toml")


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
