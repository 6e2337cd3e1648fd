"""Pictures of the fork-join machine: a DAG, and the Gantt chart of a schedule."""

from collections import Counter

from matplotlib.figure import Figure

from cme323.course.plots import MEASURED, PREDICTED, Picture
from cme323.errors import BadInput

COLOURS = PREDICTED, MEASURED, "#009E73", "#CC79A7", "#56B4E9", "#E69F00"
MOST_TASKS = 1000


def dag(graph):
    """The tasks of a DAG in rows, each below all that it waits for; the colours tell
    the operations, and the small grey dots are joins."""
    if not 0 < len(graph.lengths) <= MOST_TASKS:
        raise BadInput(
            f"a picture shows from 1 to {MOST_TASKS} tasks, not "
            f"{len(graph.lengths):,}: draw the DAG of a smaller input"
        )
    places = _places(graph)
    height = min(max(0.8 * len({int(y) for _, y in places}), 2.5), 9)
    figure = Figure(figsize=(8, height), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    for task, parents in enumerate(graph.parents):
        for parent in parents:
            axes.plot(*zip(places[parent], places[task]), color="#BBBBBB", zorder=1)
    for label, tasks, colour, size in _kinds(graph):
        axes.scatter(
            *zip(*(places[task] for task in tasks)),
            s=size,
            color=colour,
            label=f"{label} ({len(tasks)})",
            zorder=2,
        )
    title = f"DAG of work {graph.work:,} and depth {graph.depth:,}"
    axes.set(title=title, ylabel="depth (steps)")
    axes.set_xticks([])
    axes.invert_yaxis()
    axes.yaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside lower center", ncols=6, fontsize=8)
    said = ", ".join(f"{len(tasks)} {label}" for label, tasks, *_ in _kinds(graph))
    return Picture(figure, f"Graph of tasks. {title}: {said}.")


def schedule(plan):
    """What each processor does, over time; white is idle."""
    rows = min(plan.processors, 1 + max((s.processor for s in plan.spans), default=0))
    figure = Figure(
        figsize=(9, min(max(0.3 * rows, 1.5), 8) + 1.2), layout="constrained", dpi=96
    )
    axes = figure.add_subplot()
    spans = {span.task: span for span in plan.spans}
    for label, tasks, colour, _ in _kinds(plan.dag):
        shown = [spans[task] for task in tasks if task in spans]
        if shown:
            axes.barh(
                [span.processor for span in shown],
                [span.end - span.start for span in shown],
                left=[span.start for span in shown],
                label=f"{label} ({len(shown)})",
                color=colour,
                edgecolor="white",
                linewidth=0.5 if len(spans) <= MOST_TASKS else 0,
            )
    title = (
        f"{plan.processors} processors: T_P {plan.makespan:,}, "
        f"idle {plan.idle:,}, speedup {plan.speedup:.4g}"
    )
    axes.set(title=title, xlabel="time (steps)", ylabel="processor (number)")
    axes.set_xlim(0, plan.makespan or 1)
    whole = isinstance(plan.makespan, int)
    axes.xaxis.get_major_locator().set_params(integer=whole)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.yaxis.get_major_locator().set_params(integer=True)
    if spans:
        figure.legend(loc="outside lower center", ncols=6, fontsize=8)
    return Picture(figure, f"Gantt chart. {title}.")


def _places(graph):
    """(x, y) of each task: y is its earliest end, and x the order of the program.

    Joins that follow a task, one after another, have places before the next task.
    """
    joins, heights = [], []
    for length, parents, end in zip(graph.lengths, graph.parents, graph.ends):
        before = [joins[p] for p in parents if graph.ends[p] == end]
        joins.append(0 if length else 1 + max(before, default=0))
        heights.append(end + 1 - 0.7 ** joins[-1])
    wide, seen, places = Counter(heights), Counter(), []
    for height in heights:
        places.append(((seen[height] + 0.5) / wide[height], height))
        seen[height] += 1
    return places


def _kinds(graph):
    """(label, its tasks, colour, size of a dot), in the order of the program."""
    kinds = {}
    for task, length in enumerate(graph.lengths):
        label = graph.labels[task] if graph.labels else "task"
        kinds.setdefault((label, length > 0), []).append(task)
    colours = {}
    for (label, lasts), tasks in kinds.items():
        if lasts:
            colour = colours.setdefault(label, COLOURS[len(colours) % len(COLOURS)])
        yield label, tasks, colour if lasts else "#888888", 60 if lasts else 12
