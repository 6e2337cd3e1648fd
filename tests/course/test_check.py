import numpy as np
import pytest

from cme323.course.check import Wrong, _called, _fault, _short, check
from cme323.course.exercises import a5_graphs, exercise
from cme323.course.exercises.a1_work_depth import list_starts
from cme323.course.exercises.a6_optimization import averaged
from cme323.errors import BadInput
from cme323.graphs.pagerank import pagerank, pagerank_textbook


def safe(sc, edges, damping, iterations):
    return pagerank(sc, edges, damping, iterations)


def sentence(number, f, **more):
    with pytest.raises(Wrong) as error:
        check(number, f, **more)
    return str(error.value)


def test_a_right_answer_says_so():
    assert repr(check("5.2", safe)) == "5.2 is right on all 5 cases."


def test_a_wrong_answer_gets_input_expected_received_and_idea():
    def textbook(sc, *case):
        return pagerank_textbook(sc, *case)

    assert sentence("5.2", textbook) == (
        "5.2: textbook(sc, [('a', 'b'), ('c', 'b')], 0.85, 1) should be "
        "{'a': 0.144444, 'b': 0.711111, 'c': 0.144444}, but came as {'b': 0.616667}: "
        "every page has a rank, and what does not arrive over links is shared by all "
        "pages, so that the ranks sum to 1."
    )


def test_types_are_exact():
    assert "(210, 100.0)" in sentence("5.3", lambda n, m, P: (210, 100.0))
    assert "a list" in sentence("5.3", lambda n, m, P: [2 * m + n, min(m, n * P)])
    truths = lambda n, m, P: (2 * m + n, (m == 1) or min(m, n * P))  # noqa: E731
    assert "5.3: <lambda>(1, 1, 1)" in sentence("5.3", truths)


def test_the_types_of_keys_are_exact():
    def keyed_by_floats(*case):
        return {float(page): rank for page, rank in safe(*case).items()}

    assert "0.0: " in sentence("5.1", keyed_by_floats)


def test_an_object_that_equals_everything_is_wrong():
    class Yes(dict):
        def __eq__(self, other):
            return True

        __hash__ = None

    assert "a Yes" in sentence("5.1", lambda *case: Yes())


def test_an_answer_that_avoids_the_machine_is_told():
    def on_one_machine(sc, edges, damping, iterations):
        return a5_graphs.ranks(edges, damping, iterations)

    assert "was not computed on `sc`" in sentence("5.2", on_one_machine)


def test_an_answer_that_moves_too_much_is_told_by_how_much():
    def textbook(sc, *case):
        pagerank_textbook(sc, *case)
        return pagerank(sc, *case)

    told = sentence("5.4", textbook)
    assert "one step took 3 rounds" in told
    assert "above 1 and 2" in told


def test_of_the_inputs_that_fail_the_smallest_is_told():
    large = list(range(30))
    told = sentence("1.1", lambda pram, x: None, more=[(large,), ([7, 7, 7],)])
    assert told.startswith("1.1: <lambda>(pram, [2]) should be 2, an int, but")


def test_a_right_answer_has_its_cost_on_the_largest_case_and_its_bound():
    def partitioned(sc, *case):
        return pagerank(sc, *case)

    found = check("5.4", partitioned).costs
    assert [name for name, *_ in found] == ["rounds", "records"]
    assert all(measured <= bound for _, measured, bound in found)
    assert check("5.2", safe).costs == ()


def test_more_cases_are_tried():
    def by_heart(n, m, P):
        return 2 * m + n, m if m < 100 else min(m, n * P)

    check("5.3", by_heart)
    assert "5.3: by_heart(2, 50, 3)" in sentence("5.3", by_heart, more=[(2, 50, 3)])


def test_a_stub_is_told_that_it_is_one():
    def stub(n, m, P):
        raise NotImplementedError

    assert sentence("5.3", stub).startswith("5.3: stub is not written yet")


def test_what_is_no_function_is_told():
    assert sentence("5.3", 7) == "5.3: check needs your function, but got 7."


def test_errors_are_the_students_own():
    with pytest.raises(ZeroDivisionError):
        check("5.3", lambda n, m, P: 1 // 0)


def test_a_notebook_shows_the_sentence_without_a_traceback():
    assert Wrong("5.1: no.")._render_traceback_() == ["Not yet. 5.1: no."]


def test_the_packages_own_answer_is_refused():
    assert "imports cme323.graphs.pagerank, which answers" in sentence("5.2", pagerank)


def test_an_import_in_the_notebook_is_refused():
    cells = ["", "%time 1\nfrom cme323.graphs import pagerank as p"]
    names = {"In": cells, "safe": safe}
    exec("def mine(*case): return safe(*case)", names)
    assert "restart the kernel" in sentence("5.2", names["mine"])


@pytest.mark.parametrize("number", ["5.9", "", "x"])
def test_an_unknown_exercise_names_the_known(number):
    with pytest.raises(BadInput, match=r"the exercises are 1\.1, .*, 5\.1, 5\.2"):
        check(number, safe)


def test_every_exercise_hides_what_answers_it():
    hidden = exercise("5.1").hide
    assert {"cme323.graphs.pagerank", "networkx"} <= set(hidden)


def test_two_long_answers_that_look_alike_are_told_apart():
    def last_is_wrong(jobs, P):
        return [0] * (len(jobs) - 1) + [1]

    def one_too_many(jobs, P):
        return [0] * (len(jobs) + 1)

    case = ([1] * 20, 20)
    many = exercise("1.11")
    assert _fault(many, last_is_wrong(*case), case) == (
        "should have 0 at place 19, but has 1 there"
    )
    assert _fault(many, one_too_many(*case), case) == (
        "should have 20 items, but came with 21"
    )


def test_arrays_are_told_by_their_shapes_and_functions_by_their_names():
    assert _short((safe, [np.ones((2, 3))])) == "(safe, [array(2, 3)])"


def test_a_program_for_the_pram_is_told_what_it_should_have_cost():
    def loop(pram, x):
        total = x[0]
        for value in x[1:]:
            total = total + value
        return total

    assert sentence("1.1", loop).startswith(
        "1.1: loop(pram, [3, 1, 4, 1, 5]) is right, but has work 4 and depth 4, not 4 "
        "and 3: both halves are summed at the same time"
    )


def test_an_answer_of_many_that_are_right_is_told_what_is_wrong_with_it():
    def at_once(dag, P):
        return [0] * len(dag)

    assert sentence("1.9", at_once).startswith(
        "1.9: at_once([[], [0], [1]], 8) came as [0, 0, 0], but task 1 "
        "starts at 0, and should wait until task 0 has ended at 1: at each time"
    )


def test_who_imports_the_specs_is_refused():
    names = {"In": ["from cme323.course import exercises as e"], "spec": list_starts}
    exec("def mine(jobs, P): return spec(jobs, P)", names)
    assert "imports cme323.course.exercises" in sentence("1.11", names["mine"])


def no_words(network, a, b):
    return a @ b


def test_a_program_for_ranks_is_told_what_it_should_have_cost():
    told = sentence("4.7", no_words)
    assert told.startswith("4.7: no_words(Network(4), array(")
    assert "is right, but has records 0 and messages 0, not 32 and 8: in step k" in told


def test_an_answer_that_costs_more_than_it_may_is_told():
    def everything_moves(sc, rows):
        pairs = sc.parallelize(rows).flatMap(
            lambda row: [
                ((i, j), x * y) for i, x in enumerate(row) for j, y in enumerate(row)
            ]
        )
        return pairs.groupByKey().mapValues(sum).collectAsMap()

    told = sentence("4.9", everything_moves)
    assert "is right, but has records 81, above 36: each partition adds up" in told


def test_a_long_argument_is_cut():
    told = _called(exercise("4.4"), no_words, ([list("abcdefgh")] * 9, 4))
    assert told.startswith("4.4: no_words(sc, [['a', 'b'")
    assert told.endswith("..., 4)")
    assert len(told) < 130


def test_a_program_for_the_cluster_is_told_how_many_tasks_it_should_have():
    def on_the_driver(sc, blocks, w, ridge, step):
        return averaged(blocks, w, ridge, step)

    told = sentence("6.8", on_the_driver)
    assert "is right, but has tasks 0, not 2: each block's machine" in told
    assert "(array(3, 2), array([1., 0., 2.]))" in told
