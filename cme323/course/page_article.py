"""A claim's article on the page of a report: experiments, charts, points, code, links.

The code stands on the page, for a reader without the repository. Links to lectures
and code lead to files on this machine, relative ones inside a checkout.
"""

import ast
import os
from html import escape
from pathlib import Path
from textwrap import dedent
from urllib.parse import quote

import cme323
from cme323 import claims
from cme323.claims.chart import chart, mean, number
from cme323.claims.claim import CONFIRMED, REFUTED
from cme323.claims.scales import size_label
from cme323.course.home import headline
from cme323.course.lab import material
from cme323.course.mathml import statement_html


def article(report, folder):
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
        predicted, measured = both_numbers(last)
        lead = "<em>Falsehood:</em> " if falsehood else ""
        size = escape(f"{experiment.axes} = {size_label(last.size)}")
        wanted = REFUTED if falsehood else CONFIRMED
        cells = [
            cell("Last size", size),
            cell("Predicted", predicted, 'class="number"'),
            cell("Measured", measured, 'class="number"'),
            cell("Verdict", outcome(finding.verdict, wanted)),
            cell("Tightness", escape(finding.remark)),
        ]
        name = f'<th scope="row">{lead}{escape(experiment.says)}</th>'
        rows.append(f"<tr>{name}{''.join(cells)}</tr>\n")
    headings = (
        "Experiment",
        "Last size",
        *("Predicted", "Measured", "Verdict", "Tightness"),
    )
    return (
        '<table class="experiments"><caption class="hidden">Experiments</caption>'
        f"<thead><tr>{head_cells(*headings)}</tr></thead>"
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
        for predicted, measured in [both_numbers(point)]
    ]
    headings = head_cells("Experiment", "Size", "Predicted", "Measured")
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


def head_cells(*names):
    return "".join(f'<th scope="col">{name}</th>' for name in names)


def cell(heading, content, more=""):
    """A cell that tells its heading where the table is too wide to show one."""
    return f'<td data-of="{heading}" {more}><div>{content}</div></td>'


def outcome(verdict, wanted):
    kind, mark = ("good", "✓") if verdict == wanted else ("bad", "✗")
    return (
        f'<span class="{kind}"><span aria-hidden="true">{mark}</span> {verdict}</span>'
    )


def both_numbers(point):
    return number(point.predicted), number(mean(point.measured))
