"""The scores of a small class, as the grader leaves them in a folder."""

import json

import pytest

TASKS = {"test_sum": 6.0, "test_scan": 4.0, "explain": 5.0}
CLASS = {
    "ada": [(6, ""), (4, ""), (None, "to be graded by hand")],
    "bob": [
        (0, "1.1: tree_sum(pram, [1, 2]) should be 3, but came as 4: add them all."),
        (4, ""),
        (None, "to be graded by hand"),
    ],
    "eve": [
        (0, "a test failed: assert scan([7]) == [777]"),
        (0, 'your function raised ValueError: <script>alert("1")</script>'),
        (None, "to be graded by hand"),
    ],
    "zoe": [(0, "there is no notebook: hand in hw.ipynb")] * 3,
}


@pytest.fixture
def rows():
    """scores.json, as a list."""
    return [
        {
            "student": student,
            "notebook": "hw",
            "task": task,
            "score": score,
            "max": maximum,
            "reason": reason,
            "seconds": 0.5,
            "repaired": "the cell scan is gone" if student == "eve" else "",
        }
        for student, marks in CLASS.items()
        for (task, maximum), (score, reason) in zip(TASKS.items(), marks)
    ]


@pytest.fixture
def write_scores(tmp_path):
    """write_scores(rows): the folder with them in it."""

    def write_scores(rows):
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        (out / "scores.json").write_text(json.dumps(rows))
        result = {"student": "zoe", "notebook": "hw", "key": "", "scores": []}
        result["unreadable"] = CLASS["zoe"][0][1]
        kinds = {"ada": "bubblewrap", "bob": "bubblewrap", "eve": "limits"}
        lines = [result | {"student": "zoe", "sandbox": "bubblewrap"}]
        lines += [
            result | {"student": student, "sandbox": kind, "unreadable": ""}
            for student, kind in kinds.items()
        ]
        text = "\n".join(map(json.dumps, lines))
        (out / "results.jsonl").write_text(text + '\n{"half a li')
        return out

    return write_scores


@pytest.fixture
def out(rows, write_scores):
    return write_scores(rows)
