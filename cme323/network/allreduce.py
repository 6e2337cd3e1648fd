"""Allreduce: the sum of all ranks' vectors, at every rank; four ways.

                        seconds, P = 2^k                      sent by the busiest rank
    tree                2 log2 P (a + n b)                    n log2 P
    recursive doubling  log2 P (a + n b)                      n log2 P
    ring                2(P-1) a + 2 (P-1)/P n b              2 (P-1)/P n
    Rabenseifner        2 log2 P a + 2 (P-1)/P n b            2 (P-1)/P n

a, b: alpha and beta; the sums take more, by gamma. Short vectors want few messages,
long ones few words. Tree, ring and Rabenseifner send 2n(P - 1) words in all: only the
load of a rank differs.

Sources: Rabenseifner, Optimization of collective reduction operations, ICCS 2004;
Patarasuk, Yuan, Bandwidth optimal all-reduce algorithms, J. Parallel and Distributed
Computing 69 (2009). Each takes an associative, commutative `op`, for arrays.
"""

from operator import add

import numpy as np

from cme323.cost import Cost
from cme323.network.tree import broadcast, broadcast_cost, reduce, reduce_cost, rounds


def tree_allreduce(rank, x, op=add):
    """Reduce to rank 0, then broadcast.

    >>> from cme323.network import Network
    >>> Network(3).run(tree_allreduce, [1, 2, 3])
    [6, 6, 6]
    """
    total = yield from reduce(rank, x, op)
    return (yield from broadcast(rank, total))


def ring_allreduce(rank, x, op=add):
    """P chunks travel round the ring twice: once to be summed, once to be told."""
    me, P = rank.number, rank.size
    right, left = (me + 1) % P, (me - 1) % P
    chunks = np.array_split(x, P)
    for step in range(P - 1):
        mine, theirs = (me - step) % P, (me - step - 1) % P
        received = yield rank.exchange(right, chunks[mine], left)
        chunks[theirs] = yield rank.compute(op, chunks[theirs], received)
    for step in range(P - 1):
        mine, theirs = (me + 1 - step) % P, (me - step) % P
        chunks[theirs] = yield rank.exchange(right, chunks[mine], left)
    return np.concatenate(chunks)


def doubling_allreduce(rank, x, op=add):
    """Pairs at distance 1, 2, 4, ... exchange their sums."""
    return (yield from _folded(rank, x, op, _double))


def rabenseifner_allreduce(rank, x, op=add):
    """Pairs exchange halves, quarters, ... to sum them; then the sums, backwards."""
    return (yield from _folded(rank, x, op, _halve))


def _double(rank, x, op, Q):
    distance = 1
    while distance < Q:
        partner = rank.number ^ distance
        received = yield rank.exchange(partner, x, partner)
        x = yield rank.compute(op, x, received)
        distance *= 2
    return x


def _halve(rank, x, op, Q):
    kept = []  # what each round has given away, as (partner, is mine the lower half)
    distance = Q // 2
    while distance:
        partner, lower = rank.number ^ distance, not rank.number & distance
        low, high = np.array_split(x, 2)
        mine, theirs = (low, high) if lower else (high, low)
        received = yield rank.exchange(partner, theirs, partner)
        x = yield rank.compute(op, mine, received)
        kept.append((partner, lower))
        distance //= 2
    for partner, lower in reversed(kept):
        received = yield rank.exchange(partner, x, partner)
        x = np.concatenate([x, received] if lower else [received, x])
    return x


def _folded(rank, x, op, among):
    """Run `among` on the first Q ranks, Q a power of 2.

    Each rank beyond them gives its vector to one of them, and is told the sum.
    """
    Q = power(rank.size)
    if rank.number >= Q:
        yield rank.send(rank.number - Q, x)
        return (yield rank.receive(rank.number - Q))
    beyond = rank.number + Q
    if beyond < rank.size:
        received = yield rank.receive(beyond)
        x = yield rank.compute(op, x, received)
    x = yield from among(rank, x, op, Q)
    if beyond < rank.size:
        yield rank.send(beyond, x)
    return x


def power(P):
    """The largest power of 2 up to P.

    >>> [power(P) for P in (1, 2, 3, 7, 8)]
    [1, 2, 2, 4, 8]
    """
    return 1 << (P.bit_length() - 1)


def tree_allreduce_cost(n, P):
    """Predicted cost for n words, any P."""
    return reduce_cost(n, P) + broadcast_cost(n, P)


def ring_allreduce_cost(n, P):
    """Predicted cost for n words, any P: a chunk of each in each of 2(P - 1) rounds."""
    return Cost(
        work=n * (P - 1),
        rounds=2 * (P - 1),
        records=2 * n * (P - 1),
        messages=2 * P * (P - 1),
    )


def doubling_allreduce_cost(n, P):
    """Predicted cost for n words: Q log2 Q exchanged vectors, and the folding."""
    Q = power(P)
    core = Cost(
        work=n * Q * rounds(Q),
        rounds=rounds(Q),
        records=n * Q * rounds(Q),
        messages=Q * rounds(Q),
    )
    return core + _folding_cost(n, P)


def rabenseifner_allreduce_cost(n, P):
    """Predicted cost for n words: 2n(Q - 1) of them exchanged, and the folding."""
    Q = power(P)
    core = Cost(
        work=n * (Q - 1),
        rounds=2 * rounds(Q),
        records=2 * n * (Q - 1),
        messages=2 * Q * rounds(Q),
    )
    return core + _folding_cost(n, P)


def _folding_cost(n, P):
    """P - Q ranks send their vector before, and get the sum after."""
    beyond = P - power(P)
    return Cost(
        work=n * beyond,
        rounds=2 * (beyond > 0),
        records=2 * n * beyond,
        messages=2 * beyond,
    )


def tree_seconds(n, P, alpha, beta, gamma):
    """On the clock, any P: log2 P messages and sums up, log2 P messages down."""
    return rounds(P) * (2 * (alpha + n * beta) + n * gamma)


def ring_seconds(n, P, alpha, beta, gamma):
    """On the clock, n a multiple of P."""
    chunk = n / P
    return (P - 1) * (2 * (alpha + chunk * beta) + chunk * gamma)


def doubling_seconds(n, P, alpha, beta, gamma):
    """On the clock, P a power of 2."""
    return rounds(P) * (alpha + n * beta + n * gamma)


def rabenseifner_seconds(n, P, alpha, beta, gamma):
    """On the clock, P a power of 2, n a multiple of it."""
    moved = n * (P - 1) / P
    return 2 * (rounds(P) * alpha + moved * beta) + moved * gamma


def crossover(P, alpha, beta):
    """From how many words on the ring beats the tree, P a power of 2, gamma 0.

    n* = alpha (2(P - 1) - 2 log2 P) / (beta (2 log2 P - 2(P - 1)/P))
    """
    late = 2 * (P - 1) - 2 * rounds(P)
    return alpha * late / (beta * (2 * rounds(P) - 2 * (P - 1) / P))
