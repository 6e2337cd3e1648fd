"""Assignment 6: the solution scores in full, the blank nothing, every mutant less."""

from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.course.exercises import a6_optimization as specs
from cme323.course.exercises.a6_optimization import EXERCISES, HIDE, X, Y
from cme323.course.grade.notebook import read_source
from cme323.course.marking import hidden_modules
from cme323.course.release import assignment
from cme323.engine import Context
from cme323.optimize import averaging, descent, hogwild, least_squares, svm
from cme323.optimize import distributed as cluster
from cme323.optimize import sgd as stochastic

pytestmark = pytest.mark.xdist_group("a6")  # all are graded once
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions/a6_optimization/a6_optimization.py"
TASKS = {
    "test_gd": 2,
    "test_nesterov": 4,
    "test_sgd": 3,
    "test_svrg": 5,
    "test_pegasos": 6,
    "test_delayed_sgd": 4,
    "test_distributed_gd": 6,
    "test_average_sgd": 3,
    "test_local_sgd": 5,
    "test_admm_consensus": 8,
    "test_als": 4,
    "test_predict_rates": 3,
    "test_predict_stable_step": 3,
    "test_predict_settled": 4,
    "test_experiment_rates": 4,
    "test_experiment_delay": 3,
    "test_experiment_local": 3,
}
BY_HAND = {
    "why_bias_stays": 8,
    "stable_at_one": 9,
    "bytes_of_als": 8,
    "explain": 5,
}

# name: (answer's cell, right text, wrong text, the tasks that it must cost)
MUTANTS = {
    "gd: uphill": (
        "descent",
        "w = w - step",
        "w = w + step",
        ["gd", "experiment_rates"],
    ),
    "gd: no start in the path": (
        "descent",
        "path = [w]",
        "path = []",
        ["gd"],
    ),
    "gd: the last weights only": (
        "descent",
        "np.array(path)",
        "path[-1]",
        ["gd", "experiment_rates"],
    ),
    "gd: not counted": (
        "descent",
        "gradient(pram, w, x, y, ridge)",
        "slope(w, x, y, ridge)",
        ["gd"],
    ),
    "gd: two gradients a step": (
        "descent",
        "        path.append(w)",
        "        path.append(w)\n        gradient(pram, w, x, y, ridge)",
        ["gd"],
    ),
    "nesterov: no momentum": (
        "nesterov",
        "w + momentum * (w - before)",
        "w",
        ["nesterov", "experiment_rates"],
    ),
    "nesterov: the gradient at w": (
        "nesterov",
        "gradient(pram, ahead,",
        "gradient(pram, w,",
        ["nesterov"],
    ),
    "nesterov: the path of v": (
        "nesterov",
        "path.append(w)",
        "path.append(ahead)",
        ["nesterov", "experiment_rates"],
    ),
    "sgd: all examples": (
        "stochastic",
        "gradient(pram, w, x[batch], y[batch], ridge)",
        "gradient(pram, w, x, y, ridge)",
        ["sgd", "experiment_rates"],
    ),
    "sgd: a sum, not a mean": (
        "stochastic",
        "w - step *",
        "w - len(batch) * step *",
        ["sgd", "experiment_rates"],
    ),
    "svrg: no snapshot, which is sgd": (
        "svrg",
        "new - old + whole",
        "new",
        ["svrg", "experiment_rates"],
    ),
    "svrg: all examples in each step": (
        "svrg",
        "            new, old = both(w, snapshot, batch)",
        "            whole = gradient(pram, snapshot, x, y, ridge)\n"
        "            new, old = both(w, snapshot, batch)",
        ["svrg"],
    ),
    "svrg: one gradient after the other": (
        "svrg",
        "pram.map(lambda at: gradient(pram, at, *part), [w, snapshot])",
        "[gradient(pram, at, *part) for at in (w, snapshot)]",
        ["svrg"],
    ),
    "svrg: the snapshot of the first epoch": (
        "svrg",
        "        snapshot, whole = w, gradient(pram, w, x, y, ridge)",
        "        snapshot = path[0]\n"
        "        whole = gradient(pram, snapshot, x, y, ridge)",
        ["svrg", "experiment_rates"],
    ),
    "pegasos: the last weights": (
        "pegasos",
        "    return mean",
        "    return w",
        ["pegasos"],
    ),
    "pegasos: w_0 not in the mean": (
        "pegasos",
        "(w - mean) / (t + 1)",
        "(w - mean) / t",
        ["pegasos"],
    ),
    "pegasos: a margin of 0 is enough": ("pegasos", "< 1", "< 0", ["pegasos"]),
    "pegasos: no mean over the batch": (
        "pegasos",
        " / len(batch)",
        "",
        ["pegasos"],
    ),
    "pegasos: no ridge in the step": (
        "pegasos",
        "pull / (ridge * t)",
        "pull / t",
        ["pegasos"],
    ),
    "delay: none": (
        "delayed_sgd",
        "path[max(t + i - delay, 0)]",
        "path[t]",
        ["delayed_sgd", "experiment_delay"],
    ),
    "delay: one too few": (
        "delayed_sgd",
        "    path = [w]",
        "    path, delay = [w], max(delay - 1, 0)",
        ["delayed_sgd", "experiment_delay"],
    ),
    "delay: one after the other": (
        "delayed_sgd",
        "pram.map(at, read, group)",
        "map(at, read, group)",
        ["delayed_sgd"],
    ),
    "cluster: the mean of the blocks' means": (
        "distributed_gd",
        "len(b[1]) * slope(told.value, *b, 0.0)",
        "n / len(blocks) * slope(told.value, *b, 0.0)",
        ["distributed_gd"],
    ),
    "cluster: counts in every step": (
        "distributed_gd",
        "summed(sc.broadcast(w)) / n",
        "summed(sc.broadcast(w)) / parts.map(lambda b: len(b[1])).reduce(add)",
        ["distributed_gd"],
    ),
    "cluster: on the driver": (
        "distributed_gd",
        "parts.map(lambda b: len(b[1]) * slope(told.value, *b, 0.0)).reduce(add)",
        "sum(len(b[1]) * slope(told.value, *b, 0.0) for b in blocks)",
        ["distributed_gd"],
    ),
    "cluster: the data go to the driver": (
        "distributed_gd",
        "    for _ in range(steps):",
        "    x, y = map(np.concatenate, zip(*parts.collect()))\n"
        "    for _ in range(steps):\n"
        "        w = w - step * slope(w, x, y, ridge)\n"
        "    for _ in range(0):",
        ["distributed_gd"],
    ),
    "average: a sum": (
        "average_sgd",
        ".reduce(add) / len(blocks)",
        ".reduce(add)",
        ["average_sgd"],
    ),
    "average: whole blocks": (
        "average_sgd",
        "slope(own, x[[i]], y[[i]], ridge)",
        "slope(own, x, y, ridge)",
        ["average_sgd"],
    ),
    "local: from the first example in every round": (
        "local_sgd",
        "first=r * H",
        "first=0",
        ["local_sgd", "experiment_local"],
    ),
    "local: a job a step": (
        "local_sgd",
        "    for r in range(rounds):",
        "    H, rounds = 1, H * rounds\n    for r in range(rounds):",
        ["local_sgd", "experiment_local"],
    ),
    "admm: prices never rise": (
        "admm",
        "u = u + w - z",
        "u = u + 0 * (w - z)",
        ["admm_consensus"],
    ),
    "admm: no ridge": ("admm", "(ridge + rho *", "(rho *", ["admm_consensus"]),
    "admm: each block by its own count": (
        "admm",
        "b[0].T @ b[0] / n",
        "b[0].T @ b[0] / len(b[1])",
        ["admm_consensus"],
    ),
    "admm: two jobs": (
        "admm",
        "states.map(lambda state: state[2] + state[3]).reduce(add)",
        "sum(states.map(lambda state, i=i: state[i]).reduce(add) for i in (2, 3))",
        ["admm_consensus"],
    ),
    "als: no ridge": ("als", "ridge * np.eye", "0.01 * np.eye", ["als"]),
    "als: a half sweep": (
        "als",
        "        items = half(by_item, users)",
        "        half(by_item, users)",
        ["als"],
    ),
    "als: the ratings move in every sweep": (
        "als",
        "    for _ in range(sweeps):",
        "    for _ in range(sweeps):\n"
        "        rows.map(lambda r: (r[0], r[2])).groupByKey().count()",
        ["als"],
    ),
    "prediction: momentum is worth nothing": (
        "predict_rates",
        '"nesterov": 0.5',
        '"nesterov": 1.0',
        ["predict_rates", "experiment_rates"],
    ),
    "prediction: 2/(tau + 1)": (
        "predict_stable_step",
        "2 * np.sin(np.pi / (2 * (2 * delay + 1)))",
        "2 / (delay + 1)",
        ["predict_stable_step", "experiment_delay"],
    ),
    "prediction: curvature forgotten": (
        "predict_stable_step",
        " / curvature",
        "",
        ["predict_stable_step", "experiment_delay"],
    ),
    "prediction: H is free": (
        "predict_settled",
        "(1 - step * a) ** H",
        "(1 - step * a)",
        ["predict_settled", "experiment_local"],
    ),
    "prediction: the mean of the centres": (
        "predict_settled",
        "1 - (1 - step * a) ** H",
        "1.0",
        ["predict_settled", "experiment_local"],
    ),
    "rates: measured is predicted": (
        "experiment_rates",
        "said[name] - 0.1, found,",
        "said[name] - 0.1, said[name],",
        ["experiment_rates"],
    ),
    "rates: a band that holds everything": (
        "experiment_rates",
        "said[name] - 0.1, found, said[name] + 0.1",
        "found - 1, found, found + 1",
        ["experiment_rates"],
    ),
    "verdict: always confirmed": (
        "experiment_rates",
        'else "REFUTED"',
        'else "CONFIRMED"',
        ["experiment_rates"],
    ),
    "verdict: nothing confirms": (
        "experiment_rates",
        "rows and all",
        "all",
        ["experiment_rates"],
    ),
    "delay: measured is predicted": (
        "experiment_delay",
        "(stable + grows) / 2, 1.01",
        "said, 1.01",
        ["experiment_delay"],
    ),
    "delay: the step that grows": (
        "experiment_delay",
        "if settles",
        "if not settles",
        ["experiment_delay"],
    ),
    "local: compared with itself": (
        "experiment_local",
        "weight(SAME, 0.1, H, 32) - weight(SAME, 0.1, 1, 32)",
        "weight(SAME, 0.1, H, 32)",
        ["experiment_local"],
    ),
    "local: the same is said to be the same": (
        "experiment_local",
        "abs(weight(SAME, 0.1, H, 32) - weight(SAME, 0.1, 1, 32))",
        "0.0",
        ["experiment_local"],
    ),
    "local: H times as many steps": (
        "experiment_local",
        "steps // H",
        "steps",
        ["experiment_local"],
    ),
    "imports the answers": (
        "pegasos",
        "    ### BEGIN",
        "    from cme323.optimize.svm import pegasos\n    ### BEGIN",
        list(TASKS),
    ),
    "imports another's answers": (
        "predict_rates",
        "    ### BEGIN",
        "    import scipy.optimize\n    ### BEGIN",
        list(TASKS),
    ),
    "takes the answer by another way": (
        "predict_stable_step",
        "    ### BEGIN",
        "    return __import__('importlib').import_module("
        "'cme323.opti' + 'mize.hogwild').stable_step(delay, curvature)\n    ### BEGIN",
        ["predict_stable_step", "experiment_delay"],
    ),
    "imports the specs": (
        "descent",
        "    ### BEGIN",
        "    from cme323.course.exercises.a6_optimization import descent\n"
        "    ### BEGIN",
        list(TASKS),
    ),
}


# Right as well: other shapes of the same programs.
ANOTHER_WAY = {
    "descent": """
def gd(pram, w, x, y, ridge, step, steps):
    path = np.tile(w, (steps + 1, 1))
    for t in range(steps):
        path[t + 1] -= step * gradient(pram, path[t], x, y, ridge) + (w - path[t])
    return path
""",
    "stochastic": """
def sgd(pram, w, x, y, ridge, steps, batches):
    path = np.empty((len(batches) + 1, len(w)))
    path[0] = w
    for t, batch in enumerate(batches):
        down = gradient(pram, path[t], x[batch], y[batch], ridge)
        path[t + 1] = path[t] - steps[t] * down
    return path
""",
    "svrg": """
def svrg(pram, w, x, y, ridge, step, epochs):
    path = [w]
    for batches in epochs:
        s, whole = path[-1], gradient(pram, path[-1], x, y, ridge)
        v = s
        for b in batches:
            new, old = pram.fork(
                lambda: gradient(pram, v, x[b], y[b], ridge),
                lambda: gradient(pram, s, x[b], y[b], ridge),
            )
            v = v - step * (whole + new - old)
        path += [v]
    return np.stack(path)
""",
    "pegasos": """
def pegasos(pram, x, y, ridge, batches):
    path = [np.zeros(x.shape[1])]
    for t, batch in enumerate(batches, start=1):
        w = path[-1]
        m = margins(pram, w, x[batch], y[batch])
        loss = -(x[batch] * y[batch][:, None])[m < 1].sum(axis=0) / len(batch)
        path.append(w - (ridge * w + loss) / (ridge * t))
    return sum(path) / len(path)
""",
    "delayed_sgd": """
def delayed_sgd(pram, w, x, y, ridge, step, delay, batches):
    path = [w]
    old = [w] * (delay + 1)
    while len(path) <= len(batches):
        t = len(path) - 1
        now = batches[t : t + delay + 1]
        got = pram.map(lambda v, b: gradient(pram, v, x[b], y[b], ridge), old, now)
        for g in got:
            path.append(path[-1] - step * g)
        old = path[-delay - 1 :]
    return np.array(path)
""",
    "distributed_gd": """
def distributed_gd(sc, blocks, w, ridge, step, steps):
    def plus(so_far, block):
        x, y = block
        return so_far[0] + x.T @ (x @ w - y), so_far[1] + len(y)

    def both(a, b):
        return a[0] + b[0], a[1] + b[1]

    rdd = sc.parallelize(blocks, len(blocks))
    for _ in range(steps):
        total, n = rdd.aggregate((0.0, 0), plus, both)
        w = w - step * total / n - step * ridge * w
    return w
""",
    "average_sgd": """
def average_sgd(sc, blocks, w, ridge, step):
    def run(part):
        for x, y in part:
            own = w
            for features, target in zip(x, y):
                own = own - step * ((features @ own - target) * features + ridge * own)
            yield own

    return np.mean(sc.parallelize(blocks, len(blocks)).mapPartitions(run).collect(), 0)
""",
    "admm": """
def admm_consensus(sc, blocks, ridge, rho, iterations):
    n, P, d = sum(len(b[1]) for b in blocks), len(blocks), blocks[0][0].shape[1]
    rdd = sc.parallelize(list(enumerate(blocks)), P).cache()
    z, u = np.zeros(d), np.zeros((P, d))
    for _ in range(iterations):
        told = sc.broadcast((z, u))

        def local(pair):
            p, (x, y) = pair
            z, u = told.value
            a = x.T @ x / n + rho * np.eye(d)
            return np.linalg.solve(a, x.T @ y / n + rho * (z - u[p]))

        w = np.array(rdd.map(local).collect())
        z = rho * (w + u).sum(axis=0) / (ridge + rho * P)
        u = u + w - z
    return z
""",
}


def full(task):
    return task if task in TASKS else f"test_{task}"


@pytest.fixture(scope="module")
def scores(solved, caught):
    """{student: {task: (score, reason)}} of one run over everybody."""
    another = solved(SOURCE)
    for cell in another.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = ANOTHER_WAY.get(name, cell.source)
    everybody = {
        "solution": solved(SOURCE),
        "another": another,
        "blank": assignment(SOURCE),
    }
    return caught(SOURCE, everybody, MUTANTS, full)


def test_it_is_worth_a_hundred_points_of_which_fifty_are_for_functions():
    points = {cell.id: cell.points for cell in read_source(SOURCE) if cell.points}
    assert points == TASKS | BY_HAND
    assert sum(points.values()) == 100
    functions = [p for task, p in TASKS.items() if not task[5:].startswith(PREDICTED)]
    assert sum(functions) == 50


PREDICTED = "predict", "experiment"


@pytest.mark.parametrize("student", ["solution", "another"])
def test_what_is_right_scores_in_full(scores, student):
    assert scores[student] == {
        **{task: (points, "") for task, points in TASKS.items()},
        **dict.fromkeys(BY_HAND, (None, "to be graded by hand")),
    }


def test_the_blank_that_students_get_is_committed_and_has_no_answers():
    blank = assignment(SOURCE)
    given = nbformat.read(ROOT / "assignments/a6_optimization/a6_optimization.ipynb", 4)
    assert [c.source for c in given.cells] == [c.source for c in blank.cells]
    text = "\n".join(c.source for c in given.cells)
    answers = "SOLUTION", "HIDDEN", "hidden", "(stable + grows)", "1.0275", "2 points."
    assert not [answer for answer in answers if answer in text]


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

    assert "is right, but has work 0 and depth 0, not 9 and 3" in reason(
        "gd: not counted", "gd"
    )
    assert "should have the shape (4, 2), not (3, 2)" in reason(
        "gd: no start in the path", "gd"
    )
    assert "and depth 9, not 11 and 5" in reason(
        "svrg: one gradient after the other", "svrg"
    )
    assert "has tasks 12, not 6" in reason(
        "cluster: counts in every step", "distributed_gd"
    )
    assert "has tasks 0, not 6" in reason("cluster: on the driver", "distributed_gd")
    assert "one step took 1 rounds and moved 5 records" in reason(
        "als: the ratings move in every sweep", "als"
    )
    assert "theory has another exponent for 'nesterov'" in reason(
        "prediction: momentum is worth nothing", "predict_rates"
    )
    assert "imports cme323.optimize" in reason("imports the answers", "gd")
    assert "imports scipy.optimize" in reason("imports another's answers", "gd")
    assert "imports cme323.course.exercises" in reason("imports the specs", "als")
    assert "No module named 'cme323.optimize.hogwild'" in reason(
        "takes the answer by another way", "predict_stable_step"
    )


def test_a_prediction_is_told_that_it_is_wrong_but_not_what_is_right():
    told = specs.exponents_fault(dict.fromkeys(specs.EXPONENTS, 1.0))
    assert told == "theory has another exponent for 'nesterov'"
    assert "a dict with the keys 'gd'" in specs.exponents_fault({"gd": 1.0})
    assert "should have a number" in specs.exponents_fault(
        dict.fromkeys(specs.EXPONENTS, "1")
    )
    fault = specs.untold(specs.longest)
    assert fault(0.5, 1, 2.0) is None
    assert fault(0.6, 1, 2.0) == "theory has another number"
    assert fault(None, 1, 2.0) == "should be a number"


def test_every_test_of_an_exercise_hides_its_answers():
    hidden = hidden_modules(read_source(SOURCE))
    assert set(hidden) == set(TASKS)
    assert all(set(modules) == set(HIDE) for modules in hidden.values())
    assert all(exercise.hide == HIDE for exercise in EXERCISES)


# --- The specs compute what the course's own code does


def problem(seed, n=6, d=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=d), rng.normal(size=(n, d)), rng.normal(size=n)


def cut(seed, sizes):
    w, x, y = problem(seed, sum(sizes))
    ends = np.cumsum(sizes)[:-1]
    return w, tuple(zip(np.split(x, ends), np.split(y, ends)))


few = settings(max_examples=10)


@few
@given(st.integers(0, 99), st.floats(0, 1))
def test_descent_is_the_course_s(seed, ridge):
    w, x, y = problem(seed)
    slope = partial(least_squares.gradient, x=x, y=y, ridge=ridge)
    path = list(descent.gradient_descent(slope, w, 0.1, 5))
    assert specs.descent(w, x, y, ridge, 0.1, 5) == pytest.approx(np.array(path))
    assert specs.momentous(w, x, y, ridge, 0.1, 0.0, 5) == pytest.approx(np.array(path))


@few
@given(st.integers(0, 99))
def test_stochastic_steps_and_averages_are_the_course_s(seed):
    w, blocks = cut(seed, (4, 4))
    slope, step = partial(least_squares.gradient, ridge=0.1), lambda t: 0.2 / t
    (x, y), order = blocks[0], np.arange(4)[:, None]
    examples = [[(x[[i]], y[[i]]) for i in range(4)] for x, y in blocks]
    path = list(stochastic.sgd(slope, w, examples[0], step))
    found = specs.stochastic(w, x, y, 0.1, [step(t) for t in (1, 2, 3, 4)], order)
    assert found == pytest.approx(np.array(path))
    rdd = Context(2).parallelize(examples[0] + examples[1], 2)
    mean = averaging.averaged_runs(rdd, slope, w, lambda t: 0.2)
    assert specs.averaged(blocks, w, 0.1, 0.2) == pytest.approx(mean)


@few
@given(st.integers(0, 99))
def test_descent_on_blocks_is_the_course_s(seed):
    w, blocks = cut(seed, (1, 4, 2))
    rdd = Context(3).parallelize(blocks, 3)
    found = cluster.gradient_descent(rdd, least_squares.gradient, w, 0.1, 4, 0.3)
    assert specs.distributed(blocks, w, 0.3, 0.1, 4) == pytest.approx(found)


def test_pegasos_is_the_course_s():
    _, x, y = problem(0, n=20)
    y = np.sign(y)
    drawn = np.random.default_rng(5).integers(20, size=(9, 2))
    found = svm.pegasos(x, y, 0.1, 10, batch=2, seed=5)
    assert specs.margins_short(x, y, 0.1, drawn) == pytest.approx(found)


@pytest.mark.parametrize("delay", [0, 1, 2, 7])
def test_late_gradients_are_the_course_s(delay):
    w, x, y = problem(3, n=1)
    always = np.zeros((12, 1), int)
    path = hogwild.hogwild(least_squares.gradient, w, x, y, 0.05, 12, delay)
    found = specs.late(w, x, y, 0.0, 0.05, delay, always)
    assert found == pytest.approx(np.array(list(path)))
    assert specs.longest(delay, 2.0) == pytest.approx(hogwild.stable_step(delay, 2.0))


def test_svrg_and_admm_end_at_the_best_weights():
    w, blocks = cut(7, (5, 9, 6))
    x, y = specs.together(blocks)
    best = least_squares.fit(x, y, 0.2)
    epochs = np.random.default_rng(0).integers(20, size=(40, 60, 1))
    assert specs.reduced(w, x, y, 0.2, 0.05, epochs)[-1] == pytest.approx(best, 1e-4)
    assert specs.consensus(blocks, 0.2, 0.3, 200) == pytest.approx(best, 1e-6)


def test_local_steps_settle_as_predicted():
    curvatures, centres = (1.0, 3.0), (2.0, -1.0)
    blocks = tuple(
        (np.sqrt([[a]]), np.sqrt([a]) * c) for a, c in zip(curvatures, centres)
    )
    found = specs.local_rounds(blocks, np.zeros(1), 0.0, 0.1, 5, 100)
    assert found[0] == pytest.approx(specs.settled(curvatures, centres, 0.1, 5))


def test_no_half_sweep_of_als_raises_its_objective():
    def objective(users, items):
        errors = [(users[u] @ items[i] - s) ** 2 for u, i, s in specs.RATINGS]
        factors = [*users.values(), *items.values()]
        return sum(errors) + 0.3 * sum(f @ f for f in factors)

    found = [
        objective(*specs.alternated(specs.RATINGS, specs.ITEMS, 0.3, sweeps))
        for sweeps in (1, 2, 3, 4)
    ]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("received", "fault"),
    [
        (np.array([1.0, 2.0]), None),
        (np.array([1.0, 2.0 + 1e-12]), None),
        ([1.0, 2.0], "should be an array of shape (2,)"),
        (np.array([[1.0, 2.0]]), "should have the shape (2,), not (1, 2)"),
        (np.array([1, 2]), "should be an array of floats, not of int64"),
        (np.array([1.0, np.nan]), "should have 2 at place 1"),
        (None, "should be an array"),
    ],
)
def test_an_array_is_told_how_it_differs(received, fault):
    told = specs.difference(np.array([1.0, 2.0]), received)
    assert told is None if fault is None else fault in told


@pytest.mark.parametrize(
    ("received", "fault"),
    [
        (None, "should be two dicts"),
        (({}, {}), "should have a key for each user"),
    ],
)
def test_factors_are_told_what_is_wrong(received, fault):
    assert fault in specs.factors_fault(received, specs.RATINGS, specs.ITEMS, 0.1, 1)


def test_the_cases_cannot_be_changed_by_a_program():
    with pytest.raises(ValueError, match="read-only"):
        specs.START[0] = 1.0


def test_costs_are_of_the_examples_looked_at():
    steps = specs.all_examples(None, X, Y, 0.1, 0.5, 7)
    assert (steps.work, steps.depth) == (21, 7)
    epochs = specs.reduced_cost(None, X, Y, 0.1, 0.5, specs.EPOCHS)
    assert (epochs.work, epochs.depth) == (2 * (3 + 2 * 4), 2 * (1 + 4))
    late = specs.delayed_cost(None, X, Y, 0.1, 0.1, 2, specs.ORDER)
    assert (late.work, late.depth) == (5, 2)


def test_stock_nbgrader_grades_the_same_notebooks(solved, autograded):
    """The release, the solved and the blank notebook through `nbgrader autograde`."""
    blank = assignment(SOURCE)
    blank.cells = [cell for cell in blank.cells if "course.plots" not in cell.source]
    everybody = {"solved": solved(SOURCE), "blank": blank}
    scores = autograded(SOURCE, everybody)
    assert scores == {"solved": sum(TASKS.values()), "blank": 0}
