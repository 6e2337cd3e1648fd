"""Families of DAGs: by chance, in layers, and those that attain or upset a law.

    random_dag          each task waits for a few that are not long before it
    layered_dag         each task waits for one or two of the layer above
    jobs_beside_chain   a greedy schedule may take all of Brent's (W - D)/P + D
    graham_anomaly      12 steps on 3 processors, and 15 on 4

Source of the last: Graham, SIAM Journal on Applied Mathematics 17 (1969).
"""

import numpy as np

from cme323.pram.dag import DAG


def random_dag(tasks, reach=20, most=3, longest=1, seed=0):
    """Each task waits for at most `most` of the `reach` tasks before it.

    The lengths are whole numbers from 1 to `longest`.

    >>> random_dag(100)
    DAG(tasks=100, work=100, depth=17)
    """
    rng = np.random.default_rng(seed)
    parents = [
        _some(rng, range(max(task - reach, 0), task), rng.integers(most + 1))
        for task in range(tasks)
    ]
    return DAG(tuple(rng.integers(1, longest + 1, tasks).tolist()), tuple(parents))


def layered_dag(widths, seed=0):
    """Unit tasks in layers of these widths; the depth is the number of layers.

    >>> layered_dag([25] * 10)
    DAG(tasks=250, work=250, depth=10)
    """
    rng, parents, above = np.random.default_rng(seed), [], range(0)
    for width in widths:
        layer = range(len(parents), len(parents) + width)
        parents += [_some(rng, above, rng.integers(1, 3)) for _ in layer]
        above = layer
    return DAG((1,) * len(parents), tuple(parents))


def jobs_beside_chain(jobs, depth):
    """Unit jobs that wait for nobody, and then, in the list, a chain.

    A list in this order keeps the chain for the end, if P divides the jobs.

    >>> jobs_beside_chain(240, 10)
    DAG(tasks=250, work=250, depth=10)
    """
    chain = tuple((task - 1,) for task in range(jobs + 1, jobs + depth))
    labels = ("job",) * jobs + ("chain",) * depth
    return DAG((1,) * (jobs + depth), ((),) * (jobs + 1) + chain, labels)


def graham_anomaly(shorter=0, waits=(4, 5, 6, 7)):
    """Nine tasks in a list that every help makes slower.

    shorter: by how much each task is; waits: who waits for task 3.

    >>> from cme323.pram import greedy
    >>> [greedy(graham_anomaly(), processors).makespan for processors in (3, 4)]
    [12, 15]
    """
    lengths = (length - shorter for length in (3, 2, 2, 2, 4, 4, 4, 4, 9))
    parents = {8: (0,), **dict.fromkeys(waits, (3,))}
    return DAG(tuple(lengths), tuple(parents.get(task, ()) for task in range(9)))


def _some(rng, tasks, count):
    """That many of the tasks, or all if they are fewer, in order."""
    count = min(int(count), len(tasks))
    return tuple(sorted(rng.choice(tasks, count, replace=False).tolist()))
