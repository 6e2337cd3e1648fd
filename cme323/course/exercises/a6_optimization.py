"""Assignment 6, optimization at scale: the specs are slow, and right.

All models are least squares with a ridge, but for Pegasos's. A path is an array with
the weights at first, and after each step, as its rows.
"""

from math import pi, sin

import numpy as np

from cme323.cost import Cost
from cme323.course.exercises.exercise import Exercise

HIDE = (
    "cme323.optimize",
    "cme323.claims",
    "scipy.optimize",
    "sklearn",
    "torch.optim",
    "pyspark.ml",
    "pyspark.mllib",
)
PARTITIONS = 4
EXPONENTS = {
    "gd": 1.0,
    "nesterov": 0.5,
    "svrg": 0.0,
    "sgd, constant step": 1.0,
    "sgd, step 1/t": -1.0,
}


# --- One machine


def slope(w, x, y, ridge):
    """The gradient, one example after another."""
    total = np.zeros(len(w))
    for features, target in zip(x, y):
        total = total + (features @ w - target) * features
    return total / len(y) + ridge * w


def descent(w, x, y, ridge, step, steps):
    return momentous(w, x, y, ridge, step, 0.0, steps)


def momentous(w, x, y, ridge, step, momentum, steps):
    path, ahead = [w], w
    for _ in range(steps):
        path.append(ahead - step * slope(ahead, x, y, ridge))
        ahead = path[-1] + momentum * (path[-1] - path[-2])
    return np.array(path)


def stochastic(w, x, y, ridge, steps, batches):
    path = [w]
    for length, batch in zip(steps, batches):
        path.append(path[-1] - length * slope(path[-1], x[batch], y[batch], ridge))
    return np.array(path)


def reduced(w, x, y, ridge, step, epochs):
    path = [w]
    for batches in epochs:
        now, whole = path[-1], slope(path[-1], x, y, ridge)
        for batch in batches:
            part = x[batch], y[batch], ridge
            now = now - step * (slope(now, *part) - slope(path[-1], *part) + whole)
        path.append(now)
    return np.array(path)


def margins_short(x, y, ridge, batches):
    """Pegasos: the mean of all weights, from 0 on."""
    path = [np.zeros(x.shape[1])]
    for t, batch in enumerate(batches, start=1):
        total = ridge * path[-1]
        for features, label in zip(x[batch], y[batch]):
            if label * (features @ path[-1]) < 1:
                total = total - label * features / len(batch)
        path.append(path[-1] - total / (ridge * t))
    return np.mean(path, axis=0)


def late(w, x, y, ridge, step, delay, batches):
    path = [w]
    for t, batch in enumerate(batches):
        read = path[max(t - delay, 0)]
        path.append(path[-1] - step * slope(read, x[batch], y[batch], ridge))
    return np.array(path)


# --- A cluster


def together(blocks):
    return [np.concatenate(parts) for parts in zip(*blocks)]


def distributed(blocks, w, ridge, step, steps):
    return descent(w, *together(blocks), ridge, step, steps)[-1]


def averaged(blocks, w, ridge, step):
    return np.mean([local(block, w, ridge, step, len(block[1])) for block in blocks], 0)


def local(block, w, ridge, step, count, first=0):
    """So many steps on one machine, an example each, from example `first` on."""
    x, y = block
    order = np.arange(first, first + count)[:, None] % len(y)
    return stochastic(w, x, y, ridge, [step] * count, order)[-1]


def local_rounds(blocks, w, ridge, step, H, rounds):
    for r in range(rounds):
        w = np.mean([local(block, w, ridge, step, H, r * H) for block in blocks], 0)
    return w


def consensus(blocks, ridge, rho, iterations):
    d, n = blocks[0][0].shape[1], sum(len(y) for _, y in blocks)
    z, u = np.zeros(d), [np.zeros(d) for _ in blocks]
    for _ in range(iterations):
        w = [
            np.linalg.solve(
                x.T @ x / n + rho * np.eye(d), x.T @ y / n + rho * (z - dual)
            )
            for (x, y), dual in zip(blocks, u)
        ]
        z = rho * (sum(w) + sum(u)) / (ridge + rho * len(blocks))
        u = [dual + own - z for dual, own in zip(u, w)]
    return z


def alternated(ratings, items, ridge, sweeps):
    """({user: factors}, {item: factors})"""
    users = {}
    for _ in range(sweeps):
        users = {u: best_for(u, 0, items, ratings, ridge) for u, _, _ in ratings}
        items = {i: best_for(i, 1, users, ratings, ridge) for _, i, _ in ratings}
    return users, items


def best_for(one, side, others, ratings, ridge):
    mine = [rating for rating in ratings if rating[side] == one]
    met = np.array([others[rating[1 - side]] for rating in mine])
    stars = np.array([rating[2] for rating in mine])
    return np.linalg.solve(met.T @ met + ridge * np.eye(met.shape[1]), met.T @ stars)


# --- Predictions


def longest(delay, curvature):
    return 2 * sin(pi / (2 * (2 * delay + 1))) / curvature


def settled(curvatures, centres, step, H):
    """Where local steps settle: each machine goes a share of the way to its centre."""
    shares = [1 - (1 - step * a) ** H for a in curvatures]
    return sum(s * c for s, c in zip(shares, centres)) / sum(shares)


def judged(rows):
    kept = rows and all(low <= measured <= high for _, low, measured, high in rows)
    return "CONFIRMED" if kept else "REFUTED"


# --- What is wrong


def difference(expected, received):
    """What is wrong with an array, as the end of a sentence, or None."""
    if type(received) is not np.ndarray:
        return f"should be an array of shape {expected.shape}"
    if received.shape != expected.shape:
        return f"should have the shape {expected.shape}, not {received.shape}"
    if received.dtype.kind != "f":
        return f"should be an array of floats, not of {received.dtype}"
    near = np.isclose(received, expected, rtol=1e-7, atol=1e-9)
    if near.all():
        return None
    place = tuple(int(i) for i in np.argwhere(~near)[0])
    where = place[0] if len(place) == 1 else place
    return f"should have {expected[place]:.6g} at place {where}"


def apart_from(spec):
    """A fault: how an array differs from that of the spec."""

    def fault(received, *case):
        return difference(spec(*case), received)

    return fault


def factors_fault(received, *case):
    """What is wrong with ({user: factors}, {item: factors})."""
    if type(received) is not tuple or [type(part) for part in received] != [dict] * 2:
        return "should be two dicts, of the users and of the items"
    for name, expected, found in zip(("user", "item"), alternated(*case), received):
        if set(expected) != set(found):
            return f"should have a key for each {name}: {sorted(expected)}"
        for key in expected:
            if told := difference(expected[key], found[key]):
                return f"{name} {key!r} {told}"
    return None


def exponents_fault(said):
    """What is wrong with a prediction; it does not say what is right."""
    if type(said) is not dict or set(said) != set(EXPONENTS):
        return f"should be a dict with the keys {', '.join(map(repr, EXPONENTS))}"
    for name, exponent in EXPONENTS.items():
        if type(said[name]) not in (int, float):
            return f"{name!r} should have a number, not {said[name]!r}"
        if abs(said[name] - exponent) > 1e-9:
            return f"theory has another exponent for {name!r}"
    return None


def untold(spec):
    """A fault of a predicted number that does not say the right one."""

    def fault(received, *case):
        if not isinstance(received, float | int | np.floating):
            return "should be a number"
        if not np.isclose(received, spec(*case), rtol=1e-9, atol=1e-12):
            return "theory has another number"
        return None

    return fault


# --- Costs


def all_examples(w, x, y, ridge, step, *rest):
    return Cost(work=len(y) * rest[-1], depth=rest[-1])


def drawn(w, x, y, ridge, steps, batches):
    return Cost(work=batches.size, depth=len(batches))


def reduced_cost(w, x, y, ridge, step, epochs):
    return Cost(
        work=len(epochs) * len(y) + 2 * epochs.size,
        depth=len(epochs) * (1 + epochs.shape[1]),
    )


def pegasos_cost(x, y, ridge, batches):
    return Cost(work=batches.size, depth=len(batches))


def delayed_cost(w, x, y, ridge, step, delay, batches):
    return Cost(work=batches.size, depth=-(-len(batches) // (delay + 1)))


# --- Cases: some by hand, some drawn


def fixed(values):
    """An array that no program can change, so that every one gets the same."""
    array = np.array(values)
    array.setflags(write=False)
    return array


X = fixed([[1.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
Y = fixed([1.0, 0.0, 2.0])
SIGNS = fixed([1.0, -1.0, 1.0])
START = fixed([0.0, 0.0])
ASIDE = fixed([3.0, -1.0])
ORDER = fixed([[0], [2], [1], [1], [0]])
PAIRS = fixed([[0, 1], [2, 1], [1, 0]])
EPOCHS = fixed([[[0], [2], [1], [1]], [[2], [2], [0], [1]]])
EVEN = ((X, Y), (fixed(X[::-1] + 1), fixed(-Y)))
UNEVEN = ((X, Y), (fixed(X[:1] * 3), Y[:1]), (X[1:], SIGNS[1:]))
RATINGS = (
    ("ann", "up", 5.0),
    ("ann", "heat", 1.0),
    ("bob", "heat", 4.0),
    ("bob", "jaws", 5.0),
    ("eve", "up", 4.0),
)
ITEMS = {"up": fixed([1.0, 0]), "heat": fixed([0, 1.0]), "jaws": fixed([1.0, 1.0])}

EXERCISES = (
    Exercise(
        "6.1",
        spec=None,
        fault=apart_from(descent),
        cases=(
            (START, X, Y, 0.1, 0.5, 3),
            (ASIDE, X, SIGNS, 0.0, 0.1, 5),
            (ASIDE, X, Y, 0.1, 0.5, 0),
        ),
        idea="a step takes one gradient of all examples, and the path has a row more "
        "than there are steps",
        cost=all_examples,
        hide=HIDE,
    ),
    Exercise(
        "6.2",
        spec=None,
        fault=apart_from(momentous),
        cases=(
            (START, X, Y, 0.1, 0.5, 0.3, 4),
            (ASIDE, X, SIGNS, 0.0, 0.1, 0.9, 5),
            (ASIDE, X, Y, 0.1, 0.2, 0.0, 3),
            (ASIDE, X, Y, 0.1, 0.2, 0.5, 0),
        ),
        idea="the one gradient of a step is taken at v, which is ahead of w by the "
        "momentum times the last step, and the rows of the path are the w",
        cost=all_examples,
        hide=HIDE,
    ),
    Exercise(
        "6.3",
        spec=None,
        fault=apart_from(stochastic),
        cases=(
            (START, X, Y, 0.1, np.array([0.5, 0.2, 0.1, 0.1, 0.1]), ORDER),
            (ASIDE, X, SIGNS, 0.0, np.array([0.1, 0.2, 0.3]), PAIRS),
        ),
        idea="step t looks at the examples of batch t alone, and takes their mean",
        cost=drawn,
        hide=HIDE,
    ),
    Exercise(
        "6.4",
        spec=None,
        fault=apart_from(reduced),
        cases=(
            (START, X, Y, 0.1, 0.1, EPOCHS),
            (ASIDE, X, SIGNS, 0.0, 0.2, EPOCHS[:1]),
            (ASIDE, X, Y, 0.5, 0.05, np.array([PAIRS, PAIRS[::-1]])),
        ),
        idea="an epoch takes the gradient of all examples once, at its snapshot; each "
        "step inside takes its batch's at w and, at the same time by `pram.map`, at "
        "the snapshot",
        cost=reduced_cost,
        hide=HIDE,
    ),
    Exercise(
        "6.5",
        spec=None,
        fault=apart_from(margins_short),
        cases=(
            (X, SIGNS, 0.5, ORDER),
            (X, -SIGNS, 0.1, PAIRS),
            (X, SIGNS, 0.5, ORDER[:0]),
        ),
        idea="step t has length 1/(ridge t), only examples with a margin below 1 pull, "
        "each by 1/b, and the answer is the mean of all weights, from 0 on",
        cost=pegasos_cost,
        hide=HIDE,
    ),
    Exercise(
        "6.6",
        spec=None,
        fault=apart_from(late),
        cases=(
            (ASIDE, X, Y, 0.1, 0.1, 0, ORDER),
            (ASIDE, X, Y, 0.1, 0.1, 1, ORDER),
            (START, X, Y, 0.0, 0.2, 3, ORDER),
            (START, X, SIGNS, 0.5, 0.2, 2, PAIRS),
        ),
        idea="update t has read the weights as they were `delay` updates before, or at "
        "first; so delay + 1 gradients in a row can be taken at the same time",
        cost=delayed_cost,
        hide=HIDE,
    ),
    Exercise(
        "6.7",
        spec=None,
        fault=apart_from(distributed),
        cases=(
            (EVEN, START, 0.1, 0.1, 3),
            (UNEVEN, ASIDE, 0.0, 0.05, 4),
            (UNEVEN, ASIDE, 0.5, 0.05, 1),
        ),
        idea="in each step one job adds up the gradients of all examples; blocks may "
        "differ in size, and a job has a task for each block, by "
        "`sc.parallelize(blocks, len(blocks))`",
        partitions=PARTITIONS,
        cost=lambda blocks, w, ridge, step, steps: Cost(tasks=len(blocks) * steps),
        hide=HIDE,
    ),
    Exercise(
        "6.8",
        spec=None,
        fault=apart_from(averaged),
        cases=((EVEN, START, 0.1, 0.1), (UNEVEN, ASIDE, 0.0, 0.05)),
        idea="each block's machine starts at w, takes one step for each of its "
        "examples, in their order, and all that moves is its last weights, in one job",
        partitions=PARTITIONS,
        cost=lambda blocks, w, ridge, step: Cost(tasks=len(blocks)),
        hide=HIDE,
    ),
    Exercise(
        "6.9",
        spec=None,
        fault=apart_from(local_rounds),
        cases=(
            (EVEN, START, 0.1, 0.1, 1, 4),
            (EVEN, START, 0.1, 0.1, 2, 3),
            (UNEVEN, ASIDE, 0.0, 0.05, 4, 2),
        ),
        idea="a round is one job: each machine goes on from the mean, with its next H "
        "examples, from the first one again after the last",
        partitions=PARTITIONS,
        cost=lambda blocks, w, ridge, step, H, rounds: Cost(tasks=len(blocks) * rounds),
        hide=HIDE,
    ),
    Exercise(
        "6.10",
        spec=None,
        fault=apart_from(consensus),
        cases=(
            (EVEN, 0.1, 1.0, 1),
            (EVEN, 0.1, 1.0, 5),
            (UNEVEN, 0.5, 0.3, 4),
        ),
        idea="in an iteration each machine solves its own d equations, one job adds up "
        "w + u, and u then grows by w - z",
        partitions=PARTITIONS,
        cost=lambda blocks, ridge, rho, iterations: Cost(
            tasks=len(blocks) * iterations
        ),
        hide=HIDE,
    ),
    Exercise(
        "6.11",
        spec=None,
        fault=factors_fault,
        cases=(
            (RATINGS, ITEMS, 0.1, 1),
            (RATINGS, ITEMS, 0.5, 3),
        ),
        idea="the ratings are grouped by user and by item once; a half sweep tells "
        "every machine the factors of one side, and solves for the other",
        partitions=PARTITIONS,
        rounds=lambda ratings, items, ridge, sweeps: 2,
        step=lambda ratings, items, ridge, sweeps: Cost(rounds=0, records=0),
        hide=HIDE,
    ),
    Exercise(
        "6.15",
        spec=None,
        fault=exponents_fault,
        cases=((),),
        idea="ask by which factor a doubled size changes each of the five",
        hide=HIDE,
    ),
    Exercise(
        "6.16",
        spec=None,
        fault=untold(longest),
        cases=((0, 1.0), (0, 4.0), (1, 1.0), (2, 1.0), (5, 0.5)),
        idea="at the limit a root of z^(tau+1) - z^tau + a lies on the unit circle, "
        "and a is step times curvature",
        hide=HIDE,
    ),
    Exercise(
        "6.17",
        spec=None,
        fault=untold(settled),
        cases=(
            ((1.0, 1.0), (0.0, 1.0), 0.1, 8),
            ((1.0, 3.0), (0.0, 1.0), 0.1, 1),
            ((1.0, 3.0), (0.0, 1.0), 0.1, 8),
            ((0.5, 1.0, 2.0), (2.0, -1.0, 5.0), 0.2, 3),
        ),
        idea="after H steps of its own a machine has gone the share 1 - (1 - step a)^H "
        "of the way to its centre, and at the end the mean of all ways is 0",
        hide=HIDE,
    ),
    Exercise(
        "6.18",
        spec=judged,
        cases=(
            ([("a", 2.0, 3.0, 5.0), ("b", 2.0, 4.0, 4.0)],),
            ([("a", 2.0, 3.0, 5.0), ("b", 2.0, 5.0, 4.0)],),
            ([("a", 2.0, 1.0, 5.0), ("b", 2.0, 4.0, 4.0)],),
            ([],),
        ),
        idea="one row outside of its band, above or below, refutes it, and no rows "
        "confirm nothing",
        hide=HIDE,
    ),
)
