"""verify: run claims with a progress bar, and print what became of each.

The claims are checked on all cores, and printed in their order as they come.
"""

from contextlib import closing, nullcontext

from pylatexenc.latex2text import LatexNodes2Text
from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cme323.claims import claims
from cme323.claims.chart import mean, number
from cme323.claims.claim import CONFIRMED, REFUTED
from cme323.claims.scales import size_label
from cme323.course.checking import all_checked, checked, cores
from cme323.datasets import import_graph, read_edges
from cme323.errors import BadInput


def verify(ids=(), *, spark=False, graph=None, jobs=None, console=None):
    """The reports of the claims with these ids, or of all; printed as they come.

    spark: ask Spark too, where a claim says what to ask. graph: the path of an
    edge list, instead of Python's own import graph. jobs: the number of
    processes, one for each core by default; 1 is this process.
    """
    console = console or Console()
    edges = read_edges(graph) if graph else None
    found = claims(ids, (lambda: edges) if graph else import_graph)
    chosen = list({claim.id: claim for claim in found}.values())  # each once
    jobs = min(_jobs(jobs, spark), len(chosen))
    with _machine(spark) as sc, _progress(console) as progress:
        total = sum(_size(claim, sc) for claim in chosen)
        bar = progress.add_task("verifying", total=total)

        def step(experiment):
            progress.advance(bar)

        if jobs == 1:
            come = (checked(claim, sc, step) for claim in chosen)
        else:
            come = all_checked(chosen, jobs, graph, step)
        reports = []
        with closing(come):
            for report in _in_order(chosen, come):
                reports.append(report)
                progress.console.print(_page(report))
    console.print(_summary(reports))
    return reports


def _jobs(jobs, spark):
    """How many processes: all but one would need a Spark of their own."""
    if jobs is not None and jobs < 1:
        raise BadInput(f"-j takes a number of processes, at least 1, not {jobs}")
    if spark and jobs not in (None, 1):
        raise BadInput(
            f"--spark asks one Spark, from one process: leave out -j {jobs}, or --spark"
        )
    return 1 if spark else jobs or cores()


def _in_order(chosen, come):
    """Each report as soon as it and all before it have come."""
    early = {}
    for claim in chosen:
        while claim.id not in early:
            report = next(come)
            early[report.claim.id] = report
        yield early[claim.id]


def _machine(spark):
    """A SparkContext to ask, or None."""
    if not spark:
        return nullcontext()
    try:
        from cme323.engine.context_pyspark import spark_context
    except ImportError as error:
        raise BadInput(
            'PySpark is not installed: run pip install "cme323[spark]", or leave out '
            "--spark"
        ) from error
    return spark_context()


def _progress(console):
    columns = ("verifying", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _size(claim, sc):
    asked = (*claim.experiments, *claim.controls, *(claim.on_spark(sc) if sc else ()))
    return len(asked)


def _page(report):
    """One claim, as it is printed."""
    claim = report.claim
    if report.error:
        return Text(f"{claim.id}  {claim.title}: BROKEN, {report.error}\n", "bold red")
    head = Text.assemble(
        (f"{claim.id}  {claim.title}: ", "bold"),
        (report.verdict, _style(report.verdict == CONFIRMED)),
        ", control ",
        (report.control, _style(report.control == REFUTED)),
        f", {report.seconds:.1f} s",
    )
    lines = Text(f"{_plain(claim.statement)}\nSource: {claim.source}.")
    return Group(head, Padding(Group(lines, _table(report)), (0, 0, 1, 2)))


def _plain(latex):
    """A formula as a terminal can show it."""
    return LatexNodes2Text().latex_to_text(latex.replace("\\|", "‖"))


def _table(report):
    """A row for each experiment, with the last point of its sweep."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("experiment")
    for name in ("last size", "predicted", "measured"):
        table.add_column(name, justify="right")
    table.add_column("verdict", no_wrap=True)
    table.add_column("over the whole sweep")
    for finding in report.findings:
        table.add_row(*_cells(finding, "", CONFIRMED))
    for finding in report.controls:
        table.add_row(*_cells(finding, "falsehood: ", REFUTED))
    return table


def _cells(finding, lead, wanted):
    experiment, last = finding.experiment, finding.points[-1]
    return (
        Text(lead + experiment.says),
        Text(f"{experiment.axes} = {size_label(last.size)}"),
        number(last.predicted),
        number(mean(last.measured)),
        Text(finding.verdict, _style(finding.verdict == wanted)),
        Text(finding.remark),
    )


def _summary(reports):
    sound = sum(report.sound for report in reports)
    text = f"{sound} of {len(reports)} claims are confirmed, their controls refuted."
    return Text(text, _style(sound == len(reports)))


def _style(good):
    return "bold green" if good else "bold red"
