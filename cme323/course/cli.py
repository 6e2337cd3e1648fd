"""The command line: lab, verify, release, grade, doctor, bench.

Exit status: 0 if all is well, 1 if a claim, a release, a submission or a target is
not, 2 if the input was bad; then one sentence on stderr says what to do.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cme323.errors import BadInput
from cme323.replace import replace_file

app = typer.Typer(
    name="cme323",
    help="Distributed algorithms from scratch, where every theorem runs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main():
    """Run a command; bad input is a sentence, not a traceback."""
    try:
        app()
    except BadInput as error:
        print(f"cme323: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(2)


@app.command()
def lab(
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    port: Annotated[int | None, typer.Option(help="Any free one by default.")] = None,
    work: Annotated[Path, typer.Option(help="Your own copy of the course.")] = Path(
        "work"
    ),
):
    """Open the course in JupyterLab, in your own working copy."""
    from cme323.course.lab import lab

    lab(work, browser=browser, port=port, say=typer.echo)


@app.command()
def verify(
    ids: Annotated[list[str] | None, typer.Argument(help="All by default.")] = None,
    spark: Annotated[bool, typer.Option("--spark", help="Ask Spark too.")] = False,
    graph: Annotated[
        Path | None,
        typer.Option(help="A real graph of your own: a page and its target a line."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all points to this file.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a page into this folder: index.html.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", help="Processes; one for each core by default."),
    ] = None,
):
    """Hold theorems against running code; fails unless all of them are confirmed."""
    from cme323.course.verify import verify

    if report:
        from cme323.course.page import refuse_foreign, write_page

        refuse_foreign(report)
    reports = verify(ids or [], spark=spark, graph=graph, jobs=jobs)
    if report:
        typer.echo(f"The report is {write_page(reports, report)}")
    if json_file:
        _write(json_file, json.dumps([r.as_json() for r in reports], indent=1))
    if not all(report.sound for report in reports):
        raise typer.Exit(1)


@app.command()
def release(
    root: Annotated[Path, typer.Argument(help="A checkout of the course.")] = Path("."),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if anything differs.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="A notebook's name, such as 08_sgd.")
    ] = None,
):
    """Build the notebooks of lectures and assignments from their sources."""
    from cme323.course.release import differences, release

    if not check:
        release(root, only or (), lambda path: typer.echo(f"built {path}"))
        return
    found = differences(root, only or (), lambda path: typer.echo(f"compared {path}"))
    for sentence in found:
        typer.echo(sentence)
    if found:
        raise typer.Exit(1)
    typer.echo("All notebooks are what their sources build.")


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="Such as a5_graphs.")],
    submissions: Annotated[Path, typer.Option(help="Holds a folder for each student.")],
    out: Annotated[Path, typer.Option(help="Where scores.csv and .json go.")],
    source: Annotated[
        Path, typer.Option(help="Holds ASSIGNMENT/ with the instructor's notebooks.")
    ] = Path("solutions"),
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", help="At a time; one for each core.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep results in OUT of unchanged work.")
    ] = False,
    require_sandbox: Annotated[
        bool,
        typer.Option("--require-sandbox", help="No sandbox, no grading."),
    ] = False,
    seconds: Annotated[float, typer.Option(help="For each task and cell.")] = 20.0,
    memory: Annotated[int, typer.Option(help="For each student, in MiB.")] = 2048,
    gradebook: Annotated[
        Path | None, typer.Option(help="nbgrader's gradebook.db, for formgrader too.")
    ] = None,
    spark: Annotated[
        str | None, typer.Option(help="A master, as spark://host:7077, to grade there.")
    ] = None,
):
    """Grade every student's notebook; the tests never meet the students' code."""
    from cme323.course.checking import cores
    from cme323.course.grade.sandbox import find
    from cme323.course.marking import grade_assignment
    from cme323.course.records.book import read_book
    from cme323.course.records.sandboxes import graded_in

    sandbox = find()
    if require_sandbox and not sandbox.sealed:
        raise BadInput(f"--require-sandbox: there is none here ({sandbox.why})")
    unreadable = grade_assignment(
        assignment,
        submissions,
        out,
        source,
        seconds,
        memory,
        gradebook=gradebook,
        spark=spark,
        jobs=jobs if spark else jobs or cores(),
        resume=resume,
    )
    for student, reason in unreadable.items():
        typer.echo(f"{student}: {reason}", err=True)
    told = graded_in(read_book(out), {sandbox.kind: str(sandbox)})
    typer.echo(f"The scores are in {out / 'scores.csv'}. {told}")
    if unreadable:
        raise typer.Exit(1)


@app.command()
def doctor():
    """Say what this machine has for the course, and how to get what it lacks."""
    from rich.console import Console

    from cme323.course import doctor

    Console().print(doctor.table(doctor.examine()))


@app.command()
def bench(
    suite: Annotated[str, typer.Argument(help="What to race: engine, grade.")],
    only: Annotated[
        str, typer.Option(help="Workloads, as wordcount,join; all by default.")
    ] = "",
    engines: Annotated[
        str, typer.Option(help="As serial,pyspark; all by default.")
    ] = "",
    runs: Annotated[
        int, typer.Option(help="Warm runs, of which the median counts.")
    ] = 3,
    growth: Annotated[
        bool, typer.Option("--growth", help="Sizes from 1e4 to 1e7 too: minutes more.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every run to this file.")
    ] = None,
):
    """Race the engine, or the grader; fails if an answer or a target is missed."""
    from cme323.course.bench import bench

    told, well = bench(
        suite, only=_names(only), engines=_names(engines), runs=runs, growth=growth
    )
    if json_file:
        _write(json_file, json.dumps(told, indent=1))
    if not well:
        raise typer.Exit(1)


def _names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def _write(path, text):
    try:
        replace_file(path, f"{text}\n".encode())
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written ({error.strerror}): choose another file"
        ) from error


@app.command()
def export(
    scores: Annotated[Path, typer.Option(help="What `cme323 grade --out` wrote.")],
    kind: Annotated[
        str,
        typer.Option("--format", help="csv, canvas, moodle, gradescope or nbgrader."),
    ],
    to: Annotated[
        Path | None, typer.Option(help="The file; a folder for Gradescope.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="A CSV of names and ids; see the README.")
    ] = None,
    manual: Annotated[
        Path | None, typer.Option(help="A CSV: student, task, score, perhaps reason.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A TOML file of due dates and late days.")
    ] = None,
    submitted: Annotated[
        Path | None,
        typer.Option(help="When: a CSV, or submissions with nbgrader's timestamp.txt."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="The assignment's name in the other system.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
):
    """Write the scores for Canvas, Moodle, Gradescope, nbgrader or a spreadsheet."""
    from cme323.course.records.export import export

    path, remarks = export(
        scores,
        kind,
        to,
        roster=roster,
        manual=manual,
        policy=policy,
        submitted=submitted,
        title=title,
        force=force,
    )
    for remark in remarks:
        typer.echo(remark, err=True)
    typer.echo(f"The scores are in {path}")


@app.command()
def feedback(
    assignment: Annotated[str, typer.Argument(help="Such as a5_graphs.")],
    scores: Annotated[Path, typer.Option(help="What `cme323 grade --out` wrote.")],
    submissions: Annotated[Path, typer.Option(help="Holds a folder for each student.")],
    to: Annotated[Path, typer.Option(help="Gets a folder for each student.")],
    show_tests: Annotated[
        bool, typer.Option("--show-tests", help="Tell hidden tests and answers.")
    ] = False,
    source: Annotated[
        Path, typer.Option(help="Holds the tests that --show-tests shows.")
    ] = Path("solutions"),
    manual: Annotated[
        Path | None, typer.Option(help="A CSV: student, task, score, perhaps reason.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A TOML file of due dates and late days.")
    ] = None,
    submitted: Annotated[
        Path | None, typer.Option(help="When, as for `export`; else the submissions.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files.")] = False,
):
    """Write a page and a notebook for each student: scores, and why."""
    from cme323.course.records.feedback import feedback

    pages = feedback(
        assignment,
        scores,
        submissions,
        to,
        show_tests=show_tests,
        source=source,
        manual=manual,
        policy=policy,
        submitted=submitted,
        force=force,
    )
    typer.echo(f"{len(pages)} pages and notebooks are in {to}")


@app.command()
def report(
    scores: Annotated[Path, typer.Option(help="What `cme323 grade --out` wrote.")],
    to: Annotated[Path, typer.Option(help="The folder that gets an index.html.")],
    manual: Annotated[
        Path | None, typer.Option(help="A CSV: student, task, score, perhaps reason.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A TOML file of due dates and late days.")
    ] = None,
    submitted: Annotated[Path | None, typer.Option(help="As for `export`.")] = None,
):
    """Write a page about an assignment, for the teacher: points, tasks, failures."""
    from cme323.course.records.report import report

    page = report(scores, to, manual=manual, policy=policy, submitted=submitted)
    typer.echo(f"The report is {page}")


@app.command()
def similar(
    submissions: Annotated[Path, typer.Option(help="Holds a folder for each student.")],
    assignment: Annotated[str, typer.Option(help="Such as a5_graphs.")],
    to: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    released: Annotated[
        Path | None,
        typer.Option(help="The notebook that students got; ours by default."),
    ] = None,
    most: Annotated[int, typer.Option(help="How many pairs.")] = 50,
):
    """List the pairs of submissions that share most code, for a person to judge."""
    from cme323.course.records.similar import columns, similar, table

    found, remarks = similar(submissions, assignment, to, released=released, most=most)
    for remark in remarks:
        typer.echo(remark, err=True)
    typer.echo(f"The table is {to}" if to else columns(table(found)))


if __name__ == "__main__":
    main()
