"""A score, and the files in which scores are kept.

    scores.csv    student, task, score, max, reason
    scores.json   the same, with notebook and seconds

Each file is written beside its old version, which it then replaces: whoever reads
finds the old scores or the new ones, never half of them.
"""

import csv
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from cme323.errors import BadInput
from cme323.replace import replace_file

COLUMNS = ("student", "task", "score", "max", "reason")


@dataclass(frozen=True)
class Score:
    """What a student got for a task; `score` is None until a person gives one."""

    student: str
    task: str
    score: float | None
    max: float
    reason: str
    notebook: str
    seconds: float


def write_scores(scores, out):
    """Write both files into the folder `out`; raises BadInput if that cannot be."""
    out = Path(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / "scores.csv", csv_text(scores).encode())
        replace_file(out / "scores.json", json_text(scores).encode())
    except OSError as error:
        raise BadInput(
            f"the scores need a folder to write into, but {out} is none: {error}"
        ) from error


def csv_text(scores):
    file = io.StringIO()
    table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(asdict(score) for score in scores)
    return file.getvalue()


def json_text(scores):
    rows = [asdict(score) for score in scores]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
