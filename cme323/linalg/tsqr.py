"""TSQR: the QR of a tall matrix by a tree of small ones, one message a level.

    rank i     A_i = Q_i R_i                               (m/P) x n
    level      R_i over R_j  =  Q R                        2n x n, on a binomial tree
    root       has R

ceil(log2 P) messages of n(n+1)/2 words follow one another, a triangle each: Gram and
Schmidt's way needs n reductions. Back down the tree each Q is multiplied by its part of
the Q above: as many messages, of n² words. As all is made of reflections, Q is
orthogonal to rounding, whatever A is.

On an RDD, which may be one of Spark's, tsqr_r() computes R alone, by treeReduce.

Left out: keeping Q as the tree of its factors, which is how it is best applied.
Source: Demmel, Grigori, Hoemmen, Langou, Communication-optimal parallel and sequential
QR and LU factorizations, SIAM J. Scientific Computing 34, 2012.
"""

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.network.tree import children, parent, rounds


def tsqr(rank, block):
    """(this rank's rows of Q, R), from its rows of A; R is None but at rank 0.

    >>> from cme323.network import Network
    >>> (q, r), _ = Network(2).run(tsqr, [np.array([[3.0]]), np.array([[4.0]])])
    >>> abs(r).round(12), abs(q).round(12)
    (array([[5.]]), array([[0.6]]))
    """
    qs, r = yield from climb(rank, block)
    n = block.shape[1]
    part = np.eye(n) if rank.number == 0 else (yield rank.receive(parent(rank.number)))
    for child in children(rank.number, rank.size):  # as they came, backwards
        part = yield rank.compute(np.matmul, qs.pop(), part)
        yield rank.send(child, part[n:])
        part = part[:n]
    q = yield rank.compute(np.matmul, qs.pop(), part)
    return q, r


def climb(rank, block):
    """([the Qs of this rank, its own first], R at rank 0, else None)."""
    if block.shape[0] < block.shape[1]:
        raise BadInput(
            f"tsqr() needs at least as many rows as columns at each rank, and rank "
            f"{rank.number} has {block.shape[0]}x{block.shape[1]}: take fewer ranks"
        )
    q, r = yield rank.compute(np.linalg.qr, block)
    qs = [q]
    for child in reversed(children(rank.number, rank.size)):
        theirs = yield rank.receive(child)
        q, r = yield rank.compute(_stacked, r, unpacked(theirs))
        qs.append(q)
    if rank.number:
        yield rank.send(parent(rank.number), packed(r))
        return qs, None
    return qs, r


def tsqr_r(rows):
    """R of the matrix whose rows are in an RDD, up to the signs of its rows.

    >>> from cme323 import Context
    >>> abs(tsqr_r(Context().parallelize(np.array([[3.0], [4.0]]))))
    array([[5.]])
    """

    def local(rows):
        block = np.array(list(rows))
        return [np.linalg.qr(block, mode="r")] if len(block) else []

    return rows.mapPartitions(local).treeReduce(lambda r, s: _stacked(r, s)[1])


def _stacked(r, s):
    return np.linalg.qr(np.vstack([r, s]))


def packed(r):
    """The n(n+1)/2 words of a triangle."""
    return r[np.triu_indices(len(r))]


def unpacked(words):
    """The triangle of these words.

    >>> unpacked(np.array([1.0, 2.0, 3.0]))
    array([[1., 2.],
           [0., 3.]])
    """
    n = int((2 * len(words)) ** 0.5)
    r = np.zeros((n, n))
    r[np.triu_indices(n)] = words
    return r


def tsqr_r_words(n, P):
    """Words that follow one another until rank 0 has R: for each level a triangle."""
    return rounds(P) * n * (n + 1) // 2


def tsqr_cost(n, P):
    """Predicted cost for n columns, exactly; of messages, not of arithmetic."""
    return Cost(
        rounds=2 * rounds(P),
        records=(P - 1) * (n * (n + 1) // 2 + n**2),
        messages=2 * (P - 1),
    )
