"""A score, and the files in which scores are kept.

    scores.csv    student, notebook, task, score, max, reason, seconds, repaired
    scores.json   the same

Each file is written beside its old version, which it then replaces: whoever reads
finds the old scores or the new ones, never half of them.
"""

import csv
import io
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cme323.errors import BadInput
from cme323.replace import replace_file


@dataclass(frozen=True)
class Score:
    """What a student got for a task; `score` is None until a person gives one.

    reason    why it is not all of `max`; or else empty
    repaired  what was wrong with the cells of this task, and did no harm
    """

    student: str
    notebook: str
    task: str
    score: float | None
    max: float
    reason: str
    seconds: float
    repaired: str = ""


FORMULA = tuple("=+-@＝＋－＠")  # some spreadsheets take the wide ones, too
COLUMNS = [field.name for field in fields(Score)]


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
    table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(map(safe, scores))
    return file.getvalue()


def safe(score):
    """A row that no spreadsheet takes for a formula, whatever a student made it say."""
    row = asdict(score)
    for name, value in row.items():
        if isinstance(value, str) and value.startswith(FORMULA):
            row[name] = f"'{value}"
    return row


def json_text(scores):
    rows = [asdict(score) for score in scores]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
