"""The product on a line of ranks: each has rows of A, of B, and computes those of C.

    C_i = sum over j of A_ij B_j       A_ij: the columns of A_i that meet the rows B_j

All of B comes to each rank, a slab after the other, round a ring: n²(1 - 1/P) words in
P - 1 rounds. More ranks do not lessen it. A stays where it is.

Source: Golub, Van Loan, Matrix Computations, 2013, section 1.6 (ring multiplication).
"""

import numpy as np

from cme323.cost import Cost


def matmul_1d(rank, a, b):
    """This rank's rows of the product, from its rows of A and B; P divides n.

    >>> from cme323.network import Network
    >>> rows = [np.array([[1, 2]]), np.array([[3, 4]])]
    >>> Network(2).run(matmul_1d, rows, rows)
    [array([[ 7, 10]]), array([[15, 22]])]
    """
    P, height = rank.size, len(b)
    right, left = (rank.number + 1) % P, (rank.number - 1) % P
    c = np.zeros((len(a), b.shape[1]), dtype=np.result_type(a, b))
    for step in range(P):
        owner = (rank.number - step) % P
        columns = a[:, owner * height : (owner + 1) * height]
        c += yield rank.compute(np.matmul, columns, b)
        if step < P - 1:
            b = yield rank.exchange(right, b, left)
    return c


def matmul_1d_words(n, P):
    """Words that come to each rank, exactly: B but for its own rows."""
    return n**2 * (P - 1) // P


def matmul_1d_cost(n, P):
    """Predicted cost for n x n matrices, exactly; of messages, not of arithmetic."""
    return Cost(rounds=P - 1, records=P * matmul_1d_words(n, P), messages=P * (P - 1))
