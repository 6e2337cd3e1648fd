"""The product of n x n matrices in one round and in two, by reducers of q inputs.

A reducer is a key with all its values; q is how many of them it can hold.

    one round    reducer (I, J) has s rows of A and s columns of B: q = 2sn
                 an entry goes to n/s reducers: 2n³/s = 4n⁴/q records

    two rounds   reducer (I, J, K) has s x t of A and t x s of B: q = 2st
                 2n³/s records; it gives s² sums of t products each
                 in the second round these n³/t sums meet and are added

Of all shapes with 2st = q the best is s = sqrt(q), t = sqrt(q)/2: 4n³/sqrt(q) records.
So two rounds move less than one as long as q < n².

The RDDs may be Spark's. No combiner: reducers are what the theorem counts.
Source: Afrati, Das Sarma, Salihoglu, Ullman, Upper and lower bounds on the cost of a
map-reduce computation, VLDB 2013.
"""

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


def one_round(a, b, n, s):
    """The entries ((i, j), value) of A B, from RDDs of those of A and B; s divides n.

    >>> from cme323 import Context
    >>> a = Context(partitions=2).parallelize([((0, 0), 2.0), ((0, 1), 3.0)])
    >>> b = a.context.parallelize([((0, 0), 5.0), ((1, 0), 7.0)])
    >>> one_round(a, b, n=2, s=2).filter(lambda entry: entry[1]).collect()
    [((0, 0), 31.0)]
    """
    return sums(cubes(a, b, n, s, n), s, n)


def two_rounds(a, b, n, s, t):
    """The same; s and t divide n."""
    return sums(cubes(a, b, n, s, t), s, t).groupByKey().mapValues(sum)


def cubes(a, b, n, s, t):
    """((I, J, K), the entries of A and B that meet there)."""
    if n % s or n % t:
        raise BadInput(f"s and t must divide n={n}, and they are s={s} and t={t}")

    def of_a(entry):
        (i, k), value = entry
        here = (0, i % s, k % t, value)
        return [((i // s, other, k // t), here) for other in range(n // s)]

    def of_b(entry):
        (k, j), value = entry
        here = (1, k % t, j % s, value)
        return [((other, j // s, k // t), here) for other in range(n // s)]

    return a.flatMap(of_a).union(b.flatMap(of_b)).groupByKey()


def sums(met, s, t):
    """((i, j), sum over the k of one reducer of A_ik B_kj)."""

    def multiplied(group):
        (top, left, _), entries = group
        a, b = np.zeros((s, t)), np.zeros((t, s))
        for side, row, column, value in entries:
            (b if side else a)[row, column] = value
        return [
            ((top * s + i, left * s + j), float(value))
            for (i, j), value in np.ndenumerate(a @ b)
        ]

    return met.flatMap(multiplied)


def one_round_cost(n, s):
    """Predicted cost of dense matrices, exactly."""
    return Cost(rounds=1, records=2 * n**3 // s)


def two_rounds_cost(n, s, t):
    """Predicted cost of dense matrices, exactly."""
    return Cost(rounds=2, records=2 * n**3 // s + n**3 // t)
