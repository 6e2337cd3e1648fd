"""Assignment 4: the solution scores in full, the blank nothing, every mutant less."""

import re
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest

from cme323 import Context
from cme323.course.exercises import a4_matrices as specs
from cme323.course.exercises.a4_matrices import EXERCISES, HIDE, SLOPES
from cme323.course.grade.notebook import read_source
from cme323.course.marking import hidden_modules
from cme323.course.release import assignment
from cme323.linalg import gram as grams
from cme323.linalg.grid import in_blocks
from cme323.linalg.matmul_mapreduce import (
    one_round,
    one_round_cost,
    two_rounds,
    two_rounds_cost,
)
from cme323.linalg.summa import summa, summa_cost, summa_words
from cme323.linalg.tsqr import tsqr, tsqr_cost
from cme323.network import Network

pytestmark = pytest.mark.xdist_group("a4")  # all are graded once
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions/a4_matrices/a4_matrices.py"
TASKS = {
    "test_predict_records": 3,
    "test_predict_words": 3,
    "test_predict_slopes": 4,
    "test_one_round_matmul": 10,
    "test_two_round_matmul": 10,
    "test_summa": 8,
    "test_gram_naive": 2,
    "test_gram_local": 4,
    "test_tsqr": 8,
    "test_svd_topk": 8,
    "test_experiment_records": 4,
    "test_experiment_words": 3,
    "test_experiment_slopes": 3,
}
BY_HAND = {"why_two_rounds": 15, "why_kappa": 10, "explain": 5}
NOT_FUNCTIONS = "test_predict", "test_experiment"

# name: (answer's cell, right text, wrong text, the tasks that it must cost)
MUTANTS = {
    "prediction: an entry goes to every reducer": (
        "predict_records",
        "4 * n**4 / q,",
        "8 * n**5 / q**2,",
        ["predict_records", "experiment_records"],
    ),
    "prediction: the second round is free": (
        "predict_records",
        "4 * n**3 / q**0.5",
        "2 * n**3 / q**0.5",
        ["predict_records", "experiment_records"],
    ),
    "prediction: square blocks in two rounds": (
        "predict_records",
        "4 * n**3 / q**0.5",
        "3 * n**3 * (2 / q) ** 0.5",
        ["predict_records", "experiment_records"],
    ),
    "prediction: a list": (
        "predict_records",
        "return 4 * n**4 / q, 4 * n**3 / q**0.5",
        "return [4 * n**4 / q, 4 * n**3 / q**0.5]",
        ["predict_records"],
    ),
    "prediction: the own block comes too": (
        "predict_words",
        "2 * n**2 * (side - 1) / P",
        "2 * n**2 / side",
        ["predict_words"],
    ),
    "prediction: a rank uses all of B": (
        "predict_words",
        "2 * n**2 / side",
        "n**2 * (1 + 1 / P)",
        ["predict_words", "experiment_words"],
    ),
    "prediction: Gram and Schmidt lose as Cholesky": (
        "predict_slopes",
        '"gram_schmidt": 1',
        '"gram_schmidt": 2',
        ["predict_slopes", "experiment_slopes"],
    ),
    "prediction: TSQR loses too": (
        "predict_slopes",
        '"tsqr": 0',
        '"tsqr": 1',
        ["predict_slopes", "experiment_slopes"],
    ),
    "one round: q forgotten": (
        "one_round",
        "    s = q // (2 * n)",
        "    s = 1",
        ["one_round", "experiment_records"],
    ),
    "one round: B goes to the rows of A": (
        "one_round",
        "((row, j // s), (False, k, j, value)) for row in groups",
        "((j // s, row), (False, k, j, value)) for row in groups",
        ["one_round", "experiment_records"],
    ),
    "one round: a sum of one term too few": (
        "one_round",
        "inner = range(n)",
        "inner = range(1, n)",
        ["one_round"],
    ),
    "one round: in two": (
        "one_round",
        "groupByKey().flatMap(reduced)",
        "groupByKey().flatMap(reduced).groupByKey().mapValues(sum)",
        ["one_round", "experiment_records"],
    ),
    "one round: at the driver": (
        "one_round",
        "    s = q",
        "    return product_by_hand(a, b, n)\n    s = q",
        ["one_round", "experiment_records"],
    ),
    "two rounds: a combiner": (
        "two_round",
        "groupByKey().mapValues(sum)",
        "reduceByKey(add)",
        ["two_round", "experiment_records"],
    ),
    "two rounds: t forgotten": (
        "two_round",
        "    groups = range(n // s)",
        "    t, groups = n, range(n // s)",
        ["two_round", "experiment_records"],
    ),
    "two rounds: the last sum wins": (
        "two_round",
        "mapValues(sum)",
        "mapValues(lambda sums: list(sums)[-1])",
        ["two_round"],
    ),
    "two rounds: s and t change places": (
        "two_round",
        "    groups",
        "    s, t = t, s\n    groups",
        ["two_round", "experiment_records"],
    ),
    "SUMMA: rows for columns": (
        "summa",
        "[k * side + j for k in range(side)]",
        "[i * side + k for k in range(side)]",
        ["summa"],
    ),
    "SUMMA: always the first block": (
        "summa",
        "row, a, root=k",
        "row, a, root=0",
        ["summa", "experiment_words"],  # right on ones, but others hear more
    ),
    "SUMMA: both blocks go both ways": (
        "summa",
        "left = yield from broadcast(row, a, root=k)",
        "left, _ = yield from broadcast(row, (a, b), root=k)",
        ["summa", "experiment_words"],
    ),
    "SUMMA: everybody along a row at once": (
        "summa",
        "broadcast(row, a, root=k)",
        "broadcast(rank, a, root=i * side + k)",
        ["summa", "experiment_words"],
    ),
    "SUMMA: square blocks only": (
        "summa",
        "np.zeros((len(a), b.shape[1]))",
        "np.zeros_like(a)",
        ["summa"],
    ),
    "SUMMA: one after another": (
        "summa",
        "        left = yield from broadcast(row, a, root=k)",
        "        left = a\n"
        "        for other in range(side):\n"
        "            if j == k and other != k:\n"
        "                yield row.send(other, a)\n"
        "            elif j != k and other == j:\n"
        "                left = yield row.receive(k)",
        ["summa"],
    ),
    "SUMMA: at rank 0": (
        "summa",
        "    side = isqrt(network.ranks)",
        "    return a @ b\n    side = isqrt(network.ranks)",
        ["summa", "experiment_words"],
    ),
    "Gram, naive: a combiner": (
        "gram_naive",
        "groupByKey().mapValues(sum)",
        "reduceByKey(add)",
        ["gram_naive"],
    ),
    "Gram, naive: zeros move": (
        "gram_naive",
        "enumerate(row) if x]",
        "enumerate(row)]",
        ["gram_naive"],
    ),
    "Gram: everything moves": (
        "gram_local",
        "mapPartitions(local).reduceByKey(add)",
        "flatMap(lambda row: local([row])).groupByKey().mapValues(sum)",
        ["gram_local"],
    ),
    "Gram: A A^T": (
        "gram_local",
        "block.T @ block",
        "block @ block.T",
        ["gram_local"],
    ),
    "Gram: at the driver": (
        "gram_local",
        "    def local(rows):",
        "    return gram_by_hand(rows)\n\n    def local(rows):",
        ["gram_local"],
    ),
    "TSQR: Q of the Gram matrix's way": (
        "tsqr",
        "    return np.vstack([q for q, _ in results]), results[0][1]",
        "    return np.linalg.solve(results[0][1].T, a.T).T, results[0][1]",
        ["test_tsqr", "experiment_slopes"],
    ),
    "TSQR: squares, not triangles": (
        "tsqr",
        "unpacked(theirs)",
        "theirs",
        ["test_tsqr", "experiment_slopes"],
    ),
    "TSQR: children in the wrong order": (
        "tsqr",
        "    for child in children(me, rank.size):\n        both",
        "    for child in reversed(children(me, rank.size)):\n        both",
        ["test_tsqr"],  # orthogonal, but it is another matrix's Q
    ),
    "TSQR: the upper half for the child": (
        "tsqr",
        "        part = both[:n]\n        yield rank.send(child, both[n:])",
        "        part = both[n:]\n        yield rank.send(child, both[:n])",
        ["test_tsqr"],
    ),
    "TSQR: in one piece": (
        "tsqr",
        "    results = ",
        "    return tuple(np.linalg.qr(a))\n    results = ",
        ["test_tsqr"],
    ),
    "SVD: no orthogonalization": (
        "svd",
        "        for _ in range(2):\n            w = w - vs @ (vs.T @ w)\n",
        "",
        ["svd"],
    ),
    "SVD: against the last two only": (
        "svd",
        "w = w - vs @ (vs.T @ w)",
        "w = w - vs[:, -2:] @ (vs[:, -2:].T @ w)",
        ["svd"],
    ),
    "SVD: squares": (
        "svd",
        "np.sqrt(squares[largest])",
        "squares[largest]",
        ["svd"],
    ),
    "SVD: the smallest": (
        "svd",
        "np.argsort(-squares)",
        "np.argsort(squares)",
        ["svd"],
    ),
    "SVD: every row moves": (
        "svd",
        "a.mapPartitions(local)",
        "a.flatMap(lambda row: local([row])).groupByKey().mapValues(sum)",
        ["svd"],
    ),
    "SVD: by the driver": (
        "svd",
        "    n = len(rows[0])",
        "    _, sigma, vt = np.linalg.svd(rows)\n"
        "    return sigma[:k].tolist(), vt[:k].T\n"
        "    n = len(rows[0])",
        ["svd"],
    ),
    "verdict: always confirmed": (
        "experiment_records",
        'else "REFUTED"',
        'else "CONFIRMED"',
        ["experiment_records"],
    ),
    "verdict: no rows confirm": (
        "experiment_records",
        "rows and all",
        "all",
        ["experiment_records"],
    ),
    "verdict: above only": (
        "experiment_records",
        "abs(row[-1] - row[-2])",
        "row[-1] - row[-2]",
        ["experiment_records"],
    ),
    "experiment: measured is predicted": (
        "experiment_words",
        "max(network.received) + 2 * n**2 / P",
        "2 * n**2 / isqrt(P) + (P > 40)",
        ["experiment_words"],
    ),
    "experiment: logarithms forgotten": (
        "experiment_words",
        "np.polyfit(np.log(x), np.log(y), 1)",
        "np.polyfit(x, y, 1)",
        ["experiment_words", "experiment_slopes"],
    ),
    "experiment: one seed": (
        "experiment_slopes",
        "for seed in seeds]",
        "for seed in seeds[:1]]",
        ["experiment_slopes"],
    ),
    "imports the answer": (
        "predict_words",
        "    ### BEGIN",
        "    from cme323.linalg.summa import summa_words\n    ### BEGIN",
        list(TASKS),
    ),
    "imports the specs": (
        "gram_naive",
        "\n    ### BEGIN",
        "    from cme323.course.exercises import a4_matrices\n    ### BEGIN",
        list(TASKS),
    ),
}

# Right as well: another start, products by rows, sends and receives by hand.
ANOTHER_WAY = {
    "gram_local": """
def gram(sc, rows):
    pairs = lambda row: [
        ((i, j), x * y) for i, x in enumerate(row) for j, y in enumerate(row)
    ]
    return dict(sc.parallelize(rows).flatMap(pairs).reduceByKey(add).collect())
""",
    "one_round_matmul": """
def one_round_matmul(sc, a, b, n, q):
    s, N = q // (2 * n), 2 * n * n // q
    left = sc.parallelize(a).flatMap(
        lambda e: [((e[0][0] // s, J), e) for J in range(N)]
    )
    right = sc.parallelize(b).flatMap(
        lambda e: [((I, e[0][1] // s), e) for I in range(N)]
    )

    def reduced(key, sides):
        x, y = np.zeros((s, n)), np.zeros((n, s))
        for (i, k), value in sides[0]:
            x[i % s, k] = value
        for (k, j), value in sides[1]:
            y[k, j % s] = value
        for (i, j), value in np.ndenumerate(x @ y):
            yield (key[0] * s + i, key[1] * s + j), value

    return dict(left.cogroup(right).flatMap(lambda m: reduced(*m)).collect())
""",
    "tsqr": """
def tsqr(rank, block):
    me, P, n = rank.number, rank.size, block.shape[1]
    q, r = yield rank.compute(np.linalg.qr, block)
    step, kept = 1, []
    while step < P and me % (2 * step) == 0:
        if me + step < P:
            below = unpacked((yield rank.receive(me + step)))
            both, r = yield rank.compute(np.linalg.qr, np.vstack([r, below]))
            kept.append((me + step, both))
        step *= 2
    part = np.eye(n)
    if me:
        yield rank.send(me - step, packed(r))
        part = yield rank.receive(me - step)
    for child, both in reversed(kept):
        yield rank.send(child, both[n:] @ part)
        part = both[:n] @ part
    return q @ part, r

def qr_of(network, a):
    results = network.run(tsqr, np.array_split(a, network.ranks))
    return np.vstack([q for q, _ in results]), results[0][1]
""",
}


def full(task):
    if task in TASKS:
        return task
    return next(name for name in TASKS if task in name)


@pytest.fixture(scope="module")
def scores(solved, caught):
    """{student: {task: (score, reason)}} of one run over everybody."""
    another = solved(SOURCE)
    for cell in another.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = ANOTHER_WAY.get(name, cell.source)
    everybody = {
        "solution": jupytext.read(SOURCE),
        "another": another,
        "blank": assignment(SOURCE),
    }
    return caught(SOURCE, everybody, MUTANTS, full)


def test_it_is_worth_a_hundred_points_of_which_fifty_are_for_functions():
    points = {cell.id: cell.points for cell in read_source(SOURCE) if cell.points}
    assert points == TASKS | BY_HAND
    assert sum(points.values()) == 100
    functions = [p for task, p in TASKS.items() if not task.startswith(NOT_FUNCTIONS)]
    assert sum(functions) == 50


@pytest.mark.parametrize("student", ["solution", "another"])
def test_what_is_right_scores_in_full(scores, student):
    assert scores[student] == {
        **{task: (points, "") for task, points in TASKS.items()},
        **dict.fromkeys(BY_HAND, (None, "to be graded by hand")),
    }


def test_the_blank_scores_nothing(scores):
    assert {scores["blank"][task][0] for task in TASKS} == {0}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_loses_the_points_of_what_is_wrong_and_no_others(scores, name):
    marks = scores[name].items()
    lost = {task for task, (score, _) in marks if score != TASKS.get(task)}
    assert lost == {full(task) for task in MUTANTS[name][3]}
    for task in lost:
        score, reason = scores[name][task]
        assert score == 0
        assert reason


def test_the_sentence_says_why(scores):
    def reason(name, task):
        return scores[name][full(task)][1]

    assert "one round does not move 2048 records" in reason(
        "prediction: an entry goes to every reducer", "predict_records"
    )
    assert "is right, but has rounds 1 and records 128, not 1 and 64" in reason(
        "one round: q forgotten", "one_round"
    )
    assert "records 576, not 2 and 648" in reason("two rounds: a combiner", "two_round")
    assert "has rounds 19, above 16" in reason("SUMMA: one after another", "summa")
    assert "deadlock at second 0" in reason(
        "SUMMA: everybody along a row at once", "summa"
    )
    assert "records 0 and messages 0, not 32 and 8" in reason(
        "SUMMA: at rank 0", "summa"
    )
    assert "has records 81, above 36" in reason("Gram: everything moves", "gram_local")
    assert "far above rounding" in reason("TSQR: Q of the Gram matrix's way", "tsqr")
    assert "one step took 1 rounds and moved 72 records, above 1 and 24" in reason(
        "SVD: every row moves", "svd"
    )
    assert "not computed on `sc`" in reason("SVD: by the driver", "svd")
    assert "was not predicted so: revisit 4.1" in reason(
        "prediction: the second round is free", "experiment_records"
    )
    assert "imports cme323.linalg.summa" in reason("imports the answer", "test_summa")
    assert "imports cme323.course.exercises" in reason("imports the specs", "svd")


def test_predictions_are_told_without_the_right_number():
    for told, right in (
        (specs.records_fault((1, 1), 16, 256), "1024"),
        (specs.words_fault((1, 1), 12, 4), "72"),
        (specs.words_fault((72, 1), 12, 4), "144"),
    ):
        assert told
        assert right not in told
    assert specs.records_fault((1024, 1024), 16, 256) is None
    assert specs.words_fault((72, 144), 12, 4) is None
    assert "a tuple of two numbers" in specs.records_fault((True, 1), 16, 256)
    assert "a tuple of two numbers" in specs.words_fault(None, 12, 4)
    assert "keys tsqr" in specs.slopes_fault({"tsqr": 0})
    assert "should have a number" in specs.slopes_fault(SLOPES | {"cholesky": "2"})


def context_of(f, *matrices):
    """(the result of f on the RDDs of these, what it cost)."""
    sc = Context(specs.PARTITIONS)
    return f(*(sc.parallelize(matrix) for matrix in matrices)), sc.cost


@pytest.mark.parametrize("s", [1, 2, 4])
def test_products_by_reducers_are_those_of_the_course_s_own_code(s):
    a, b = specs.entries(4, 1), specs.entries(4, 2)
    right = specs.product(a, b, 4)
    one, cost = context_of(lambda x, y: one_round(x, y, 4, s).collectAsMap(), a, b)
    two, more = context_of(lambda x, y: two_rounds(x, y, 4, s, 2).collectAsMap(), a, b)
    assert one == two == right
    expected = specs.one_round_cost(a, b, 4, 8 * s)
    assert expected == one_round_cost(4, s)
    assert (cost.rounds, cost.records) == (expected.rounds, expected.records)
    expected = specs.two_rounds_cost(a, b, 4, s, 2)
    assert expected == two_rounds_cost(4, s, 2)
    assert (more.rounds, more.records) == (expected.rounds, expected.records)


def test_gram_matrices_are_those_of_the_course_s_own_code():
    rows = specs.whole(9, 3)
    right = specs.gram(rows.tolist())
    for f in (grams.gram, grams.gram_naive):
        found, cost = context_of(f, rows)
        assert dict(np.ndenumerate(found)) == right
    assert cost.records == specs.naive_cost(rows.tolist()).records == 81
    assert specs.gram_most(rows.tolist()).records == grams.gram_cost(3, 4).records


@pytest.mark.parametrize("P", [1, 4, 9, 16])
def test_programs_for_ranks_cost_what_the_course_s_own_code_costs(P):
    side, a = int(P**0.5), specs.whole(144, 3)
    x = specs.whole(12, 12)
    network = Network(P)
    network.run(summa, in_blocks(x, side, side), in_blocks(x, side, side))
    cost = specs.summa_cost(P, x, x)
    assert (network.cost.records, network.cost.messages) == (
        cost.records,
        cost.messages,
    )
    assert network.cost.rounds <= specs.summa_most(P, x, x).rounds
    assert specs.summa_most(P, x, x).rounds == summa_cost(12, P).rounds
    assert specs.words_fault((summa_words(12, P), 288 / side), 12, P) is None
    network = Network(P)
    results = network.run(tsqr, np.array_split(a, P))
    found = np.vstack([q for q, _ in results]), results[0][1]
    assert specs.qr_fault(found, P, a) is None
    cost = specs.tsqr_cost(P, a)
    assert (cost.records, cost.messages) == (
        tsqr_cost(3, P).records,
        tsqr_cost(3, P).messages,
    )
    assert network.cost.rounds <= specs.tsqr_most(P, a).rounds


A = np.array([[3.0, 1.0], [4.0, 1.0], [0.0, 2.0]])
Q, R = np.linalg.qr(A)


@pytest.mark.parametrize(
    ("received", "fault"),
    [
        ((Q, R), None),
        ((-Q, -R), None),
        ([Q, R], "a tuple (Q, R)"),
        ((Q, None), "R should be an array of shape (2, 2), not NoneType"),
        ((Q[:2], R), "Q should be an array of shape (3, 2), not (2, 2)"),
        ((A, np.eye(2)), "the norm of Q^T Q - I is"),
        ((Q, 2 * R), "Q R should be A: at (0, 0) it should have 3, not 6"),
        ((Q @ R, np.ones((2, 2))), "R is not zero below its diagonal"),
    ],
)
def test_a_factorization_is_told_what_is_wrong(received, fault):
    told = specs.qr_fault(received, 1, A)
    assert told is None if fault is None else fault in told


SIGMA, V = np.linalg.svd(A)[1:]


@pytest.mark.parametrize(
    ("received", "fault"),
    [
        ((SIGMA.tolist(), V.T), None),
        ((SIGMA, -V.T), None),
        (SIGMA, "a tuple: the k singular values"),
        ((SIGMA[:1], V.T), "should have 2 singular values and an array of shape"),
        ((SIGMA[::-1], V.T[:, ::-1]), "singular value 1 should be 5."),
        ((SIGMA, np.eye(2)), "A^T A v is not sigma^2 v"),
        ((SIGMA, 2 * V.T), "not orthogonal, or not of length 1"),
    ],
)
def test_singular_values_are_told_what_is_wrong(received, fault):
    told = specs.svd_fault(received, A.tolist(), 2, 2)
    assert told is None if fault is None else fault in told


def test_an_array_is_told_where_it_differs():
    assert specs.array_fault(A + 0.0, A) is None
    assert specs.array_fault(A.tolist(), A) == "should be an array, and is a list"
    assert "(3, 2), and has (2, 3)" in specs.array_fault(A.T, A)
    assert "at (2, 1) it should have 2, not nan" in specs.array_fault(
        np.where(A == 2, np.nan, A), A
    )


def test_the_release_shows_no_answer_and_is_what_the_source_builds():
    blank = assignment(SOURCE)
    text = "\n".join(cell.source for cell in blank.cells)
    answers = re.findall("BEGIN SOLUTION(.*?)### END", SOURCE.read_text(), re.DOTALL)
    assert len(answers) == 15
    assert not [answer for answer in answers if answer.strip() in text]
    for word in ("SOLUTION", "HIDDEN", "more=", "4 * n**4", "polyfit(", "(2 points.)"):
        assert word not in text
    committed = ROOT / "assignments/a4_matrices/a4_matrices.ipynb"
    assert [(cell.id, cell.source) for cell in blank.cells] == [
        (cell.id, cell.source) for cell in nbformat.read(committed, as_version=4).cells
    ]


def test_every_test_of_an_exercise_hides_its_answers():
    hidden = hidden_modules(read_source(SOURCE))
    assert set(hidden) == set(TASKS)
    assert all(set(modules) == set(HIDE) for modules in hidden.values())
    assert all(exercise.hide == HIDE for exercise in EXERCISES)


def test_all_of_linalg_is_hidden_but_what_answers_nothing():
    modules = {path.stem for path in (ROOT / "cme323/linalg").glob("*.py")}
    answers = modules - {"__init__", "cache", "grid", "roofline"}
    assert answers == set(specs.LINALG)


def test_stock_nbgrader_grades_the_same_notebooks(solved, autograded):
    """The release, the solved and the blank notebook through `nbgrader autograde`."""
    everybody = {"solved": solved(SOURCE), "blank": assignment(SOURCE)}
    scores = autograded(SOURCE, everybody)
    assert scores == {"solved": sum(TASKS.values()), "blank": 0}
