"""Pictures say in words what they show."""

import pytest

from cme323.course import plots_pram
from cme323.errors import BadInput
from cme323.parallel.tree_sum import tree_sum
from cme323.pram import DAG, PRAM, greedy, independent
from cme323.pram.families import jobs_beside_chain, layered_dag


def recorded(n):
    pram = PRAM(record=True)
    tree_sum(pram, pram.array(range(n)))
    return pram.dag


def test_a_dag_has_a_dot_for_each_operation_and_each_join():
    picture = plots_pram.dag(recorded(8))
    (axes,) = picture.figure.axes
    assert [len(dots.get_offsets()) for dots in axes.collections] == [7, 3]
    assert len(axes.lines) == 9
    assert picture.alt == "Graph of tasks. DAG of work 7 and depth 3: 7 +, 3 join."
    assert picture.png().startswith(b"\x89PNG")


def test_a_task_stands_at_its_depth_and_a_join_before_the_next():
    chain = DAG((1, 0, 0, 1), ((), (0,), (1,), (2,)))
    heights = [y for _, y in plots_pram._places(chain)]
    assert heights == sorted(set(heights))
    assert (heights[0], heights[-1]) == (1, 2)


def test_a_gantt_chart_has_a_bar_for_each_task_on_the_row_of_its_processor():
    picture = plots_pram.schedule(greedy(recorded(8), 3))
    (axes,) = picture.figure.axes
    assert len(axes.patches) == 7
    assert len({bar.get_y() for bar in axes.patches}) == 3
    assert all(tick == int(tick) for tick in axes.get_xticks())
    assert picture.alt == ("Gantt chart. 3 processors: T_P 4, idle 5, speedup 1.75.")


def test_an_empty_schedule_is_an_empty_chart():
    assert plots_pram.schedule(greedy(independent([]), 2)).png()


@pytest.mark.parametrize("tasks", [0, 1001])
def test_refuses_a_dag_that_nobody_could_read(tasks):
    with pytest.raises(BadInput, match="from 1 to 1000 tasks"):
        plots_pram.dag(independent([1] * tasks))


def test_few_tasks_bear_their_numbers_and_many_do_not():
    few, many = (plots_pram.schedule(greedy(recorded(n), 3)) for n in (8, 64))
    (axes,) = few.figure.axes
    tasks = [task for task, length in enumerate(recorded(8).lengths) if length]
    assert [int(text.get_text()) for text in axes.texts] == tasks
    assert not many.figure.axes[0].texts


def test_a_processor_without_a_task_has_an_empty_row():
    (axes,) = plots_pram.schedule(greedy(DAG((1,), ((),)), 3)).figure.axes
    assert axes.get_ylim() == (2.5, -0.5)


def test_times_are_drawn_in_the_band_of_brent():
    dags = {"jobs, then a chain": jobs_beside_chain(240, 10)}
    picture = plots_pram.times(dags | {"layers": layered_dag([25] * 10)}, [1, 5])
    (axes,) = picture.figure.axes
    low, high, chain, layers = [list(line.get_ydata()) for line in axes.lines]
    assert (low, high) == ([250, 50], [250, 58])
    assert (chain, layers) == ([250, 58], [250, 50])
    assert picture.alt.endswith(
        "jobs, then a chain from 250 to 58; layers from 250 to 50."
    )


def test_refuses_one_band_for_unequal_dags():
    with pytest.raises(BadInput, match="not 3 and 2, 7 and 3"):
        plots_pram.times({"4": recorded(4), "8": recorded(8)}, [1, 2])


def test_speedups_have_a_band_each_and_a_line_at_their_parallelism():
    picture = plots_pram.speedups({"4": recorded(4), "8": recorded(8)}, [1, 2, 8])
    (axes,) = picture.figure.axes
    low, high, _, found = [list(line.get_ydata()) for line in axes.lines[4:]]
    assert high == [1, 2, 7 / 3]
    assert all(a <= b <= c for a, b, c in zip(low, found, high))
    assert list(axes.lines[6].get_xdata()) == [7 / 3, 7 / 3]
    assert "8, W/D = 2.333, up to 2.333" in picture.alt
