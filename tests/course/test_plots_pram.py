"""Pictures say in words what they show."""

import pytest

from cme323.course import plots_pram
from cme323.errors import BadInput
from cme323.parallel.tree_sum import tree_sum
from cme323.pram import DAG, PRAM, greedy, independent


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
