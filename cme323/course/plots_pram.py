"""Pictures of the fork-join machine: a DAG, the Gantt chart of a schedule, and what
P processors make of a DAG, in the band of Brent."""

from collections import Counter

from matplotlib.figure import Figure

from cme323.course.plots import MEASURED, PREDICTED, Picture
from cme323.errors import BadInput
from cme323.pram.schedule import brent_bound, greedy

COLOURS = PREDICTED, MEASURED, "#009E73", "#CC79A7", "#56B4E9", "#E69F00"
MOST_TASKS = 1000
MOST_NUMBERS = 40  # tasks, so that each can bear its number
NUMBER = {"color": "white", "fontsize": 7, "ha": "center", "va": "center"}
MARKERS = ("o", 9), ("s", 7), ("^", 6), ("D", 4)  # so that equal points all show


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
    for task in _numbered(graph):
        axes.annotate(task, places[task], **NUMBER)
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
    used = 1 + max((span.processor for span in plan.spans), default=0)
    rows = min(plan.processors, max(used, 8))
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
    for task in _numbered(plan.dag):
        span = spans[task]
        middle = (span.start + span.end) / 2, span.processor
        axes.annotate(task, middle, **NUMBER)
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


def times(dags, processors):
    """T_P of greedy schedules of up to four {name: DAG}, all of one work and depth, as
    points in the band from max(W/P, D) to (W - D)/P + D."""
    sizes = {(dag.work, dag.depth) for dag in dags.values()}
    if len(sizes) != 1:
        raise BadInput(
            "times() draws one band, so all DAGs need the same work and depth, not "
            f"{', '.join(f'{work} and {depth}' for work, depth in sorted(sizes))}"
        )
    ((work, depth),) = sizes
    figure, axes = _log_axes(processors, "T_P (steps)")
    _band(axes, processors, *_limits(next(iter(dags.values())), processors), "#777777")
    said = []
    for (name, dag), (marker, size), colour in zip(dags.items(), MARKERS, COLOURS):
        found = [greedy(dag, P).makespan for P in processors]
        axes.plot(processors, found, marker, color=colour, label=name, markersize=size)
        said.append(f"{name} from {found[0]:,} to {found[-1]:,}")
    title = f"Work {work:,}, depth {depth:,}: the band of Brent, and what came out"
    axes.set_title(title)
    figure.legend(loc="outside lower center", ncols=2, fontsize=8)
    return Picture(figure, f"Chart. {title}. T_P over P: {'; '.join(said)}.")


def speedups(dags, processors):
    """The speedup of greedy schedules of up to four {name: DAG}, as points, each in its
    band; a dotted line where P = W/D."""
    figure, axes = _log_axes(processors, "speedup T_1 / T_P (number)")
    said = []
    for (name, dag), (marker, size), colour in zip(dags.items(), MARKERS, COLOURS):
        least, most = _limits(dag, processors)
        low, high = ([dag.work / steps for steps in end] for end in (most, least))
        _band(axes, processors, low, high, colour)
        axes.axvline(dag.parallelism, color=colour, linestyle=":")
        found = [greedy(dag, P).speedup for P in processors]
        label = f"{name}, W/D = {dag.parallelism:.4g}"
        axes.plot(processors, found, marker, color=colour, label=label, markersize=size)
        said.append(f"{label}, up to {found[-1]:.4g}")
    title = "Speedup: points in the band of Brent; dotted, where P = W/D"
    axes.set_title(title)
    figure.legend(loc="outside lower center", fontsize=8)
    return Picture(figure, f"Chart. {title}. Over P: {'; '.join(said)}.")


def _log_axes(processors, ylabel):
    figure = Figure(figsize=(8, 4.2), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    axes.set(xlabel="P, processors (number)", ylabel=ylabel)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlim(min(processors) * 0.9, max(processors) * 1.1)
    return figure, axes


def _limits(dag, processors):
    """The least and the most steps by theory, for each P."""
    least = [max(dag.work / P, dag.depth) for P in processors]
    return least, [brent_bound(dag, P) for P in processors]


def _band(axes, x, low, high, colour):
    axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
    for edge in (low, high):
        axes.plot(x, edge, color=colour, linewidth=0.8)


def _numbered(graph):
    """The tasks that bear their number: those that last, unless they are too many."""
    lasting = [task for task, length in enumerate(graph.lengths) if length]
    return lasting if len(lasting) <= MOST_NUMBERS else []


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
        size = 150 if _numbered(graph) else 60
        yield label, tasks, colour if lasts else "#888888", size if lasts else 12
