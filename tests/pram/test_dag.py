import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.pram import DAG, independent


@st.composite
def dags(draw, longest=4):
    """Any DAG: each task waits for a few of the earlier ones."""
    n = draw(st.integers(0, 20))
    parents = [
        draw(st.sets(st.integers(0, task - 1), max_size=3)) if task else ()
        for task in range(n)
    ]
    of = draw(st.lists(st.integers(0, longest), min_size=n, max_size=n))
    return DAG(tuple(of), tuple(map(tuple, parents)))


def test_a_diamond_by_hand():
    diamond = DAG((1, 2, 5, 1), ((), (0,), (0,), (1, 2)))
    assert (diamond.work, diamond.depth) == (9, 7)
    assert diamond.ends == [1, 3, 6, 7]
    assert diamond.tails == [7, 3, 6, 1]
    assert diamond.children == [[1, 2], [3], [3], []]
    assert diamond.parallelism == 9 / 7


@given(dags())
def test_depth_is_the_longest_path_of_networkx(dag):
    graph = nx.DiGraph()
    graph.add_node("start")
    for task, parents in enumerate(dag.parents):
        for parent in parents or ("start",):
            graph.add_edge(parent, task, weight=dag.lengths[task])
    assert dag.depth == nx.dag_longest_path_length(graph)


@given(dags())
def test_a_longest_path_goes_through_the_task_where_head_and_tail_meet(dag):
    through = [
        end + tail - length
        for end, tail, length in zip(dag.ends, dag.tails, dag.lengths)
    ]
    assert max(through, default=0) == dag.depth


def test_independent_jobs_are_as_deep_as_the_longest():
    jobs = independent([3, 1, 2])
    assert (jobs.work, jobs.depth) == (6, 3)


@pytest.mark.parametrize(
    ("lengths", "parents", "says"),
    [
        ((1,), (), "got 1 lengths and the parents of 0"),
        ((1, -1), ((), ()), "task 1 needs a length from 0 up, not -1"),
        ((float("nan"),), ((),), "task 0 needs a length"),
        ((1, 1), ((1,), ()), "task 0 must wait for earlier tasks only"),
    ],
)
def test_refuses_what_is_no_dag(lengths, parents, says):
    with pytest.raises(BadInput, match=says):
        DAG(lengths, parents)
