"""The report of `cme323 verify` as a page: one file that needs no net and no script.

    a table of the claims      statement, predicted, measured, verdict, tightness
    an article for each        its experiments, a chart of each, all points, its code

The row of a claim shows the last point of its first experiment; its article has the
others. The page is written beside and then renamed, and never over what is not ours.
"""

import ast
import os
import platform
from datetime import date
from html import escape
from pathlib import Path
from textwrap import dedent
from urllib.parse import quote

import cme323
from cme323 import claims
from cme323.claims.chart import chart, mean, number, size_label
from cme323.claims.claim import CONFIRMED, REFUTED
from cme323.course.home import headline
from cme323.course.lab import material
from cme323.course.mathml import statement_html
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
<thead><tr>{_head(*HEADINGS)}</tr></thead>
<tbody>
{"".join(map(_claim_row, reports))}</tbody>
</table>
{"".join(_article(report, folder) for report in reports)}</main>
<footer><p>Checked in {sum(report.seconds for report in reports):.0f} seconds of
computing, by Python {platform.python_version()} on {platform.system()}. Predicted and
measured numbers are the same on every machine.</p></footer>
</body>
</html>
"""


HEADINGS = "Claim", "Predicted", "Measured", "Verdict", "Tightness", "Control"


def _head(*names):
    return "".join(f'<th scope="col">{name}</th>' for name in names)


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
        cells = _cell("Error", escape(report.error), 'colspan="5" class="error"')
        return f"<tr>{name}{cells}</tr>\n"
    first = report.findings[0]
    predicted, measured = _numbers(first.points[-1])
    cells = [
        _cell("Predicted", f"{predicted} {_unit(first)}", 'class="number"'),
        _cell("Measured", f"{measured} {_unit(first)}", 'class="number"'),
        _cell("Verdict", _verdict(report.verdict, CONFIRMED)),
        _cell("Tightness", escape(first.remark)),
        _cell("Control", _verdict(report.control, REFUTED)),
    ]
    return f"<tr>{name}{''.join(cells)}</tr>\n"


def _unit(finding):
    return f'<span class="unit">{escape(finding.experiment.unit)}</span>'


def _cell(heading, content, more=""):
    """A cell that tells its heading where the table is too wide to show one."""
    return f'<td data-of="{heading}" {more}><div>{content}</div></td>'


def _verdict(verdict, wanted):
    kind, mark = ("good", "✓") if verdict == wanted else ("bad", "✗")
    return (
        f'<span class="{kind}"><span aria-hidden="true">{mark}</span> {verdict}</span>'
    )


def _numbers(point):
    return number(point.predicted), number(mean(point.measured))


def _article(report, folder):
    """All about one claim."""
    claim = report.claim
    shown = [(finding, False) for finding in report.findings]
    shown += [(finding, True) for finding in report.controls]
    return f"""\
<article id="{claim.id}">
<h2>{claim.id}. {escape(claim.title)}</h2>
<p class="statement">{statement_html(claim.statement)}</p>
<p class="source">{escape(claim.source)}.{_links(claim, folder)}</p>
{_experiments(shown) if shown else f'<p class="error">{escape(report.error)}</p>'}
<div class="charts">
{"".join(f"<figure>{chart(*one)}</figure>{chr(10)}" for one in shown)}</div>
{_points(shown) if shown else ""}
{_code(claim)}
</article>
"""


def _experiments(shown):
    """A row for each experiment, with the last point of its sweep."""
    rows = []
    for finding, falsehood in shown:
        experiment, last = finding.experiment, finding.points[-1]
        predicted, measured = _numbers(last)
        lead = "<em>Falsehood:</em> " if falsehood else ""
        size = escape(f"{experiment.axes} = {size_label(last.size)}")
        wanted = REFUTED if falsehood else CONFIRMED
        cells = [
            _cell("Last size", size),
            _cell("Predicted", predicted, 'class="number"'),
            _cell("Measured", measured, 'class="number"'),
            _cell("Verdict", _verdict(finding.verdict, wanted)),
            _cell("Tightness", escape(finding.remark)),
        ]
        name = f'<th scope="row">{lead}{escape(experiment.says)}</th>'
        rows.append(f"<tr>{name}{''.join(cells)}</tr>\n")
    headings = "Experiment", "Last size", *HEADINGS[1:5]
    return (
        '<table class="experiments"><caption class="hidden">Experiments</caption>'
        f"<thead><tr>{_head(*headings)}</tr></thead>"
        f"<tbody>\n{''.join(rows)}</tbody></table>"
    )


def _points(shown):
    """Every point of every chart, as a table."""
    rows = [
        f'<tr><th scope="row">{escape(finding.experiment.says)}</th>'
        f"<td>{escape(size_label(point.size))}</td>"
        f'<td class="number">{predicted}</td><td class="number">{measured}</td></tr>\n'
        for finding, _ in shown
        for point in finding.points
        for predicted, measured in [_numbers(point)]
    ]
    headings = _head("Experiment", "Size", "Predicted", "Measured")
    return (
        f'<details class="points"><summary>All {len(rows)} points</summary><table>'
        f"<thead><tr>{headings}</tr></thead>"
        f"<tbody>\n{''.join(rows)}</tbody></table></details>"
    )


def _code(claim):
    """The claim as it is written, for a reader without the repository."""
    found = source_of(claim.id)
    if found is None:
        return ""
    code = escape(found[2], quote=False)
    return (
        f'<details class="code"><summary>The code of {claim.id}</summary>'
        f'<pre tabindex="0"><code>{code}</code></pre></details>'
    )


def source_of(name):
    """(file, line, text) of the `Claim(id=name, ...)` in cme323/claims, or None."""
    for path in sorted(Path(claims.__file__).parent.glob("*.py")):
        text = path.read_text("utf-8")
        if f'id="{name}"' not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and any(
                word.arg == "id" and getattr(word.value, "value", None) == name
                for word in node.keywords
            ):
                lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
                return path, node.lineno, dedent("\n".join(lines))
    return None


def lectures_about(name):
    """The notebooks of the lectures in which the claim with this id is checked."""
    sources = sorted(Path(material(), "lectures").glob("*.py"))
    about = [s for s in sources if f'claim("{name}")' in s.read_text("utf-8")]
    return [s.with_suffix(".ipynb") for s in about if s.with_suffix(".ipynb").exists()]


def _links(claim, folder):
    """To lectures and code, as they lie on this machine."""
    links = [
        f'<a href="{_href(notebook, folder)}">{escape(headline(notebook)[0])}</a>'
        for notebook in lectures_about(claim.id)
    ]
    if found := source_of(claim.id):
        path, line, _ = found
        said = f"{path.parent.name}/{path.name}, line {line}"
        links.append(f'<a href="{_href(path, folder)}">{said}</a>')
    return "".join(f' <span class="link">{link}</span>' for link in links)


def _href(path, folder):
    """Relative where both are in this checkout, so that it can be moved; else whole."""
    checkout = Path(cme323.__file__).resolve().parents[1]
    path = path.resolve()
    if folder.is_relative_to(checkout) and path.is_relative_to(checkout):
        return quote(Path(os.path.relpath(path, folder)).as_posix())
    return path.as_uri()
