"""Every file is read again, by the columns that its system reads, to equal numbers."""

import csv
import json
from pathlib import Path

import pytest

from cme323.course.records.export import FORMATS, export
from cme323.course.records.formats import disarmed
from cme323.errors import BadInput

TOTALS = {"ada": 10, "bob": 4, "eve": 0, "zoe": 0}
ROSTER = """student,name,email,login,sid,id,section
ada,Ada King,ada@x.edu,adak,0042,17,CME 323-01
bob,"=HYPERLINK(""x"")",bob@x.edu,bobb,0043,18,CME 323-01
eve,Eve O'Neil,eve@x.edu,even,0044,19,CME 323-02
zoe,Zoe,zoe@x.edu,zoez,0045,20,CME 323-02
yan,Yan,yan@x.edu,yany,0046,21,CME 323-02
"""
MANUAL = (
    "student,task,score,reason\nada,explain,4.5,good\nbob,explain,0,\nbob,test_sum,2,\n"
)
POLICY = """[late]
percent_per_day = 20
[due]
hw = 2027-01-22T23:59:00Z
"""
TIMES = """student,assignment,submitted
ada,hw,2027-01-24T12:00:00Z
bob,hw,2027-01-22T12:00:00Z
"""


@pytest.fixture
def files(tmp_path):
    """The options that name the files beside the scores."""
    for name, text in zip(("roster", "manual", "policy", "submitted"), ALL):
        (tmp_path / name).write_text(text)
    return {n: tmp_path / n for n in ("roster", "manual", "policy", "submitted")}


ALL = ROSTER, MANUAL, POLICY, TIMES


def table(path):
    return list(csv.reader(path.read_text().splitlines()))


def records(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_the_plain_table_has_all_tasks_and_sums(out, tmp_path, files):
    path, _ = export(out, "csv", tmp_path / "x.csv", **files)
    ada, bob, *_ = records(path)
    assert (ada["student"], ada["sid"], ada["explain"]) == ("ada", "0042", "4.5")
    assert (ada["raw_score"], ada["late_days"], ada["late_penalty"]) == (
        "14.5",
        "2",
        "5.8",
    )
    assert (ada["score"], ada["max_score"], ada["ungraded"]) == ("8.7", "15", "0")
    assert (bob["test_sum"], bob["raw_score"], bob["late_penalty"]) == ("2", "6", "0")


def test_canvas_finds_its_columns_and_points_possible(out, tmp_path, files):
    path, _ = export(out, "canvas", tmp_path / "x.csv", title="HW (4711)", **files)
    head, possible, *students = table(path)
    assert head == [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "HW (4711)",
    ]
    assert possible[0].strip() == "Points Possible"
    assert float(possible[-1]) == 15
    assert students[0] == ["King, Ada", "17", "0042", "adak", "CME 323-01", "8.7"]


OURS = ("Current Score", "Current Points", "Current Grade", "Final Score")


def read_as_canvas_does(path, knows):
    """{user: {assignment: grade}}, as lib/gradebook_importer.rb reads a file.

    knows: {id: sortable name} of the course; `points` has what is possible.
    """
    head, *rows = table(path)
    assert len(head) > 3 and "Student" in head[0] and "ID" in head[1]  # noqa: PT018
    first = 5 if (head[2], head[3]) == ("SIS User ID", "SIS Login ID") else 3
    assert "Section" in head[first - 1]
    mine = [n for n in range(first, len(head)) if not any(o in head[n] for o in OURS)]
    found, points = {}, {}
    for row in rows:
        assert row[0].count(";") < len(row)
        grades = {head[n]: row[n].strip() for n in mine}
        if "Points Possible" in row[0]:
            points = {name: float(value) for name, value in grades.items()}
        else:
            by_name = {name: number for number, name in knows.items()}
            found[row[1] if row[1] in knows else by_name[row[0]]] = grades
    return found, points


def test_canvas_reads_its_file_by_its_own_rules(out, tmp_path, files):
    path, _ = export(out, "canvas", tmp_path / "x.csv", **files)
    knows = {"17": "King, Ada", "18": "Bob", "19": "O'Neil, Eve", "20": "Zoe"}
    found, points = read_as_canvas_does(path, knows)
    assert points == {"hw": 15}
    grades = {number: float(grade["hw"]) for number, grade in found.items()}
    assert grades == {"17": 8.7, "18": 6, "19": 0, "20": 0}


def test_a_title_that_canvas_would_drop_is_refused(out, tmp_path):
    with pytest.raises(BadInput, match="for a column of its own"):
        export(out, "canvas", tmp_path / "x.csv", title="My Final Grade")


def test_moodle_is_told_of_its_limit_and_gets_words_that_are_no_html(
    rows, write_scores, tmp_path
):
    out = write_scores([row | {"max": 60.0} for row in rows])
    path, said = export(out, "moodle", tmp_path / "x.csv")
    assert said[0].startswith("Moodle refuses a grade above 100, but there are 180")
    assert "<script>" not in path.read_text()
    assert "&lt;script&gt;" in path.read_text()
    _, said = export(out, "csv", tmp_path / "y.csv")
    assert not any("Moodle" in sentence for sentence in said)


def test_moodle_finds_people_grades_and_feedback(out, tmp_path, files):
    path, _ = export(out, "moodle", tmp_path / "x.csv", roster=files["roster"])
    found = {row["Username"]: row for row in records(path)}
    assert {k: float(row["hw"]) for k, row in found.items()} == {
        "adak": 10,
        "bobb": 4,
        "even": 0,
        "zoez": 0,
    }
    assert found["even"]["ID number"] == "0044"
    assert found["adak"]["hw (feedback)"].startswith("test_sum 6/6; test_scan 4/4; ")
    assert "777" not in path.read_text()


def test_without_a_roster_the_folder_is_the_login(out, tmp_path):
    path, _ = export(out, "moodle", tmp_path / "x.csv")
    assert [row["Username"] for row in records(path)] == list(TOTALS)


def test_gradescope_reads_a_file_for_each_student(out, tmp_path, files):
    path, _ = export(out, "gradescope", tmp_path / "x", **files)
    ada, bob = (
        json.loads((path / s / "results.json").read_text()) for s in ("ada", "bob")
    )
    assert sum(test["score"] for test in ada["tests"]) == pytest.approx(ada["score"])
    assert ada["score"] == 8.7
    assert sum(test["max_score"] for test in ada["tests"]) == 15
    assert ada["execution_time"] == 1.5
    assert [test["status"] for test in bob["tests"]] == ["failed", "passed", "failed"]
    assert {test["visibility"] for test in ada["tests"]} == {"visible"}


WORDS = {"name", "number", "output"}
CHOICES = {
    "visibility": {"hidden", "after_due_date", "after_published", "visible"},
    "output_format": {"text", "html", "simple_format", "md", "ansi"},
    "name_format": {"text", "html", "simple_format", "md", "ansi"},
    "status": {"passed", "failed"},
}
NUMBERS = {"score", "max_score", "execution_time"}


def follow_the_specification(told):
    """The fields, types and choices of gradescope-autograders.readthedocs.io/specs."""
    for key, value in told.items():
        if key in NUMBERS:
            assert type(value) in (int, float)
        elif key in CHOICES:
            assert value in CHOICES[key]
        else:
            assert key in WORDS
            assert type(value) is str


def test_gradescopes_file_is_as_it_is_specified(out, tmp_path, files):
    path, _ = export(out, "gradescope", tmp_path / "x", **files)
    for student in TOTALS:
        results = json.loads((path / student / "results.json").read_text())
        for test in results.pop("tests"):
            follow_the_specification(test)
            assert test["output_format"] == "text"  # else a student's words are live
        follow_the_specification(results)
        assert "score" in results


def test_gradescope_gets_the_points_so_far_and_none_for_what_a_person_grades(
    out, tmp_path
):
    path, _ = export(out, "gradescope", tmp_path / "x")
    results = json.loads((path / "ada" / "results.json").read_text())
    assert results["score"] == 10
    assert "score" not in results["tests"][2]
    assert results["tests"][2]["output"].startswith("to be graded by hand")


def test_gradescopes_container_gets_one_file(rows, write_scores, tmp_path):
    out = write_scores(rows[:3])
    path, _ = export(out, "gradescope", tmp_path / "results" / "results.json")
    assert len(json.loads(path.read_text())["tests"]) == 3


def test_nbgraders_columns_are_those_of_its_own_exporter(out, tmp_path, files):
    plugin = pytest.importorskip("nbgrader.plugins.export").__file__
    path, _ = export(out, "nbgrader", tmp_path / "x.csv", **files)
    rows = records(path)
    source = Path(plugin).read_text()
    named = source[
        source.index("keys = [") : source.index("]", source.index("keys = ["))
    ]
    assert list(rows[0]) == named.split('"')[1::2]
    assert rows[0] == {
        "assignment": "hw",
        "duedate": "2027-01-22 23:59:00",
        "timestamp": "2027-01-24 12:00:00",
        "student_id": "ada",
        "last_name": "King",
        "first_name": "Ada",
        "email": "ada@x.edu",
        "raw_score": "14.5",
        "late_submission_penalty": "5.8",
        "score": "8.7",
        "max_score": "15.0",
    }


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "gradescope"])
def test_every_table_has_the_same_totals_without_any_file(out, tmp_path, kind):
    path, _ = export(out, kind, tmp_path / "x.csv")
    head, *rows = table(path)
    place = head.index("score") if "score" in head else head.index("hw")
    totals = [float(row[place]) for row in rows if "Points Possible" not in row[0]]
    assert totals == list(TOTALS.values())


def test_a_groups_points_are_those_of_its_members(out, tmp_path, files):
    groups = '[groups]\nada = ["yan", "yin"]\nbob = ["bib", "eve"]\n'
    files["policy"].write_text(POLICY + groups)
    del files["manual"]
    path, _ = export(out, "csv", tmp_path / "x.csv", **files)
    rows = {row["student"]: row for row in records(path)}
    assert list(rows) == ["yan", "yin", "bib", "eve", "zoe"]
    assert rows["yan"]["raw_score"] == rows["yin"]["raw_score"] == "10"
    assert rows["yan"]["late_days"] == rows["yin"]["late_days"] == "2"
    assert (rows["bib"]["raw_score"], rows["eve"]["raw_score"]) == ("4", "0")


def test_scores_json_stays_as_it_is(out, tmp_path, files):
    before = (out / "scores.json").read_bytes()
    for kind in FORMATS:
        export(out, kind, tmp_path / kind, **files)
    assert (out / "scores.json").read_bytes() == before


def test_no_cell_is_a_formula(out, tmp_path, files):
    path, _ = export(out, "canvas", tmp_path / "x.csv", roster=files["roster"])
    assert "'=HYPERLINK" in path.read_text()
    assert disarmed("@x") == "'@x"


def test_the_teacher_is_told_what_is_open(out, tmp_path, files):
    _, said = export(out, "csv", tmp_path / "x.csv", roster=files["roster"])
    assert said[0].startswith("3 scores of 3 students are for a person")
    assert said[1:] == [
        "no readable work, or not all of it: zoe",
        "in the roster, but handed in nothing: yan",
    ]


def test_nothing_is_written_over_unless_asked(out, tmp_path):
    path, _ = export(out, "csv", tmp_path / "x.csv")
    with pytest.raises(BadInput, match="is there already"):
        export(out, "csv", path)
    export(out, "csv", path, force=True)
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []


def test_a_students_name_leads_nowhere_else(rows, write_scores, tmp_path):
    out = write_scores([rows[0] | {"student": "../../evil"}])
    with pytest.raises(BadInput, match="no name of a student's folder"):
        export(out, "gradescope", tmp_path / "x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("student,task\n", "has no score"),
        ("student,task,score\nada,explain,6\n", "go from 0 to 5"),
        ("student,task,score\nada,explain,nan\n", "go from 0 to 5"),
        ("student,task,score\nada,explain,ok\n", "go from 0 to 5"),
        ("student,task,score\nada,essay,3\n", "no such"),
    ],
)
def test_points_by_hand_that_cannot_be_are_one_sentence(out, tmp_path, text, says):
    (tmp_path / "manual").write_text(text)
    with pytest.raises(BadInput, match=says):
        export(out, "csv", tmp_path / "x.csv", manual=tmp_path / "manual")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name\nAda\n", "has no student"),
        ("student,phone\nada,1\n", "has 'phone'"),
        ("student\nada\nada\n", "ada twice"),
    ],
)
def test_a_roster_that_is_none_is_one_sentence(out, tmp_path, text, says):
    (tmp_path / "roster").write_text(text)
    with pytest.raises(BadInput, match=says):
        export(out, "csv", tmp_path / "x.csv", roster=tmp_path / "roster")


def test_unknown_formats_and_policies_without_times_are_refused(out, files, tmp_path):
    with pytest.raises(BadInput, match="a format is one of"):
        export(out, "excel")
    with pytest.raises(BadInput, match="give --submitted"):
        export(out, "csv", tmp_path / "x", policy=files["policy"])
