"""Two quick ways to the QR of a tall matrix, and what they lose.

    Cholesky          A^T A = R^T R,  Q = A R^-1         one reduction of n² words
    Gram, Schmidt     subtract from each column what     n reductions, one after another
                      earlier ones have of it

In exact arithmetic both give what Householder's reflections give. With rounding eps and
a condition number kappa = sigma_1/sigma_n the columns of Q are off from orthogonal by

    eps kappa² (Cholesky)     eps kappa (modified Gram-Schmidt)     eps (reflections)

and Cholesky's way fails from kappa of about 1/sqrt(eps) = 7e7 on.

Sources: Björck, BIT 7, 1967; Stathopoulos, Wu, SIAM J. Scientific Computing 23, 2002;
Demmel, Grigori, Hoemmen, Langou, SIAM J. Scientific Computing 34, 2012.
"""

import numpy as np

from cme323.errors import BadInput


def cholesky_qr(a):
    """(Q, R) by the Cholesky factor of A^T A.

    >>> q, r = cholesky_qr(np.array([[3.0], [4.0]]))
    >>> q.round(12), r
    (array([[0.6],
           [0.8]]), array([[5.]]))
    """
    try:
        r = np.linalg.cholesky(a.T @ a).T
    except np.linalg.LinAlgError as error:
        raise BadInput(
            "A^T A has lost its smallest eigenvalue to rounding, or never had it, and "
            "has no Cholesky factor: use tsqr"
        ) from error
    return np.linalg.solve(r.T, a.T).T, r


def gram_schmidt(a):
    """(Q, R) by modified Gram-Schmidt: later columns are cleaned at once.

    >>> gram_schmidt(np.array([[3.0, 1.0], [4.0, 1.0]]))[1].round(12)
    array([[5. , 1.4],
           [0. , 0.2]])
    """
    q, n = np.array(a, dtype=float), a.shape[1]
    r = np.zeros((n, n))
    for j in range(n):
        r[j, j] = np.linalg.norm(q[:, j])
        q[:, j] /= r[j, j]
        r[j, j + 1 :] = q[:, j] @ q[:, j + 1 :]
        q[:, j + 1 :] -= np.outer(q[:, j], r[j, j + 1 :])
    return q, r


def departure(q):
    """How far the columns of Q are from orthogonal: the norm of Q^T Q - I.

    >>> departure(np.eye(3))
    0.0
    """
    return float(np.linalg.norm(q.T @ q - np.eye(q.shape[1]), 2))
