"""The report of `cme323 verify` as a page: one file that needs no net and no script.

    a table of the claims      statement, predicted, measured, verdict, tightness
    an article for each        its experiments, a chart of each, all points, its code

The row of a claim shows the last point of its first experiment; its article has the
others. The page is written beside and then renamed, and never over what is not ours.
"""

import platform
from datetime import date
from html import escape
from pathlib import Path

import cme323
from cme323.claims.claim import CONFIRMED, REFUTED
from cme323.course.mathml import statement_html
from cme323.course.page_article import (
    article,
    both_numbers,
    cell,
    head_cells,
    outcome,
)
from cme323.errors import BadInput
from cme323.replace import replace_file

MADE_BY = '<meta name="generator" content="cme323 verify">'
NO_NET = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def write_page(reports, folder):
    """Write the folder's index.html, and return its path."""
    refuse_foreign(folder)
    page = Path(folder, "index.html")
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        replace_file(page, page_html(reports, page.parent.resolve()).encode())
    except OSError as error:
        raise BadInput(
            f"{page} cannot be written ({error.strerror}): choose another folder"
        ) from error
    return page


def refuse_foreign(folder):
    """Raise BadInput unless the folder is new, empty, or holds a report of ours."""
    folder = Path(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise BadInput(f"--report takes a folder, but {folder} is a file: name another")
    page = folder / "index.html"
    ours = page.is_file() and MADE_BY in page.read_text("utf-8", "replace")[:1000]
    if not ours and any(folder.iterdir()):
        raise BadInput(
            f"{folder} holds files and no report of ours, which might be lost: name a "
            "new or an empty folder"
        )


def page_html(reports, folder):
    """The page, with links that work from `folder`."""
    style = Path(__file__).with_suffix(".css").read_text("utf-8")
    sound = sum(report.sound for report in reports)
    title = f"{sound} of {len(reports)} theorems hold"
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{MADE_BY}
<meta http-equiv="Content-Security-Policy" content="{NO_NET}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>cme323: {title}</title>
<link rel="icon" href="data:,">
<style>
{style}</style>
</head>
<body>
<header>
<p class="kicker">cme323 {cme323.__version__}, {date.today():%d %B %Y}</p>
<h1>Theorems, held against running code</h1>
<p class="lead">{sound} of {len(reports)} claims are confirmed, and the falsehoods
beside them refuted.</p>
<p>A theorem predicts a number; a program runs on a machine that counts; the two are
compared. No verdict comes from a clock. A <em>control</em> is a plausible falsehood,
tested in the same way: it has to be refuted, or the test proves nothing.</p>
<nav aria-label="Claims">{"".join(map(_chip, reports))}</nav>
</header>
<main>
<table class="claims">
<caption>The claims: the first experiment of each, at its last size</caption>
<thead><tr>{head_cells(*HEADINGS)}</tr></thead>
<tbody>
{"".join(map(_claim_row, reports))}</tbody>
</table>
{"".join(article(report, folder) for report in reports)}</main>
<footer><p>Checked in {sum(report.seconds for report in reports):.0f} seconds of
computing, by Python {platform.python_version()} on {platform.system()}. Predicted and
measured numbers are the same on every machine.</p></footer>
</body>
</html>
"""


HEADINGS = "Claim", "Predicted", "Measured", "Verdict", "Tightness", "Control"


def _chip(report):
    kind, mark = ("good", "✓") if report.sound else ("bad", "✗")
    said = f"{report.claim.title}: {report.verdict}"
    return (
        f'<a class="{kind}" href="#{report.claim.id}" title="{escape(said)}">'
        f'{report.claim.id} <span aria-hidden="true">{mark}</span></a>'
    )


def _claim_row(report):
    """The row of a claim in the table of all."""
    claim = report.claim
    name = (
        f'<th scope="row"><a href="#{claim.id}">{claim.id}. {escape(claim.title)}</a>'
        f'<p class="statement">{statement_html(claim.statement)}</p>'
        f'<p class="source">{escape(claim.source)}</p></th>'
    )
    if report.error:
        cells = cell("Error", escape(report.error), 'colspan="5" class="error"')
        return f"<tr>{name}{cells}</tr>\n"
    first = report.findings[0]
    predicted, measured = both_numbers(first.points[-1])
    cells = [
        cell("Predicted", f"{predicted} {_unit(first)}", 'class="number"'),
        cell("Measured", f"{measured} {_unit(first)}", 'class="number"'),
        cell("Verdict", outcome(report.verdict, CONFIRMED)),
        cell("Tightness", escape(first.remark)),
        cell("Control", outcome(report.control, REFUTED)),
    ]
    return f"<tr>{name}{''.join(cells)}</tr>\n"


def _unit(finding):
    return f'<span class="unit">{escape(finding.experiment.unit)}</span>'
