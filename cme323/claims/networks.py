"""Part F, networks: linear autoencoders (F6), and training on many ranks (F7).

Autoencoders of all seeds are trained at once: an array has an axis for the seeds.
"""

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal
from cme323.network import Network
from cme323.nn.activations import relu
from cme323.nn.data_parallel import train_together
from cme323.nn.layers import BatchNorm, Chain, Linear
from cme323.nn.losses import softmax_cross_entropy
from cme323.nn.models import MLP
from cme323.nn.optimizers import SGD, Momentum
from cme323.nn.tensor import Tensor
from cme323.nn.training import step

BALDI = (
    "Eckart, Young, 1936; Baldi, Hornik, Neural networks and principal component "
    "analysis: learning from examples without local minima, 1989"
)
DISTBELIEF = "Dean et al., Large scale distributed deep networks, 2012"


def experiment(says, unit, axes, sweep, predict, run, verdict=None):
    return Experiment(says, unit, axes, sweep, predict, run, verdict or Equal())


# F6: a linear autoencoder is PCA

SEEDS = 20
DIRECTIONS = 6
SIGMA = np.sqrt(
    1 - np.arange(DIRECTIONS) / DIRECTIONS
)  # the singular values of the data


def data():
    """40 rows of 6 numbers with the singular values above; (rows, directions)."""
    rng = np.random.default_rng(0)
    left, _ = np.linalg.qr(rng.standard_normal((40, DIRECTIONS)))
    right, _ = np.linalg.qr(rng.standard_normal((DIRECTIONS, DIRECTIONS)))
    return left * SIGMA @ right.T, right


def trained(k, steps=300):
    """(losses of each seed, encoders W, decoders V), |X - X W V|² made small."""
    x, _ = data()
    rng = np.random.default_rng(k)
    w, v = (
        Tensor(rng.standard_normal(shape) / 3)
        for shape in ((SEEDS, DIRECTIONS, k), (SEEDS, k, DIRECTIONS))
    )
    optimizer = Momentum([w, v], rate=0.1, mu=0.9)
    for _ in range(steps):
        lost(x, w, v).sum().backward()
        optimizer.step()
    return lost(x, w, v).value, w.value, v.value


def lost(x, w, v):
    left = x @ w @ v - x
    return (left * left).sum(axis=(1, 2))


def optimum(k):
    """What no k directions can keep."""
    return float(np.sum(SIGMA[k:] ** 2))


def angle(k):
    """The largest sine between what a seed keeps and the first k directions."""
    _, w, v = trained(k)
    _, directions = data()
    first = directions[:, :k]
    return float(abs(w @ v - first @ first.T).max())


def equal_seeds(k):
    """How many of the seeds found the encoder of the first one."""
    _, w, _ = trained(k)
    return int(np.sum(abs(w - w[0]).max(axis=(1, 2)) < 1e-3)) - 1


def off_axis(k):
    """The least cosine of a unit of the code with the direction nearest to it."""
    _, w, _ = trained(k)
    _, directions = data()
    cosines = abs(directions[:, :k].T @ w) / np.linalg.norm(w, axis=1, keepdims=True)
    return float(cosines.max(axis=1).min())


CODES = (1, 2, 3)


F6 = Claim(
    id="F6",
    title="A linear autoencoder is PCA",
    statement=(
        "The least $\\|X - XWV\\|_F^2$ over all $W$ of $k$ columns and $V$ of $k$ rows "
        "is $\\sum_{i>k}\\sigma_i^2$, and gradient descent finds it from any start: "
        "there are no bad local minima. $WV$ projects to the first $k$ principal "
        "directions, while $W$ itself is known only up to an invertible $k \\times k$ "
        "matrix."
    ),
    source=BALDI,
    experiments=(
        experiment(
            "the worst of 20 seeds ends at sum of sigma_i^2, i > k",
            "squared error",
            "k",
            CODES,
            optimum,
            lambda k: float(trained(k)[0].max()),
            Equal(rounding=1e-6),
        ),
        experiment(
            "none of them is below it, at any time",
            "share of the squared error",
            "k, steps",
            tuple((k, steps) for k in CODES for steps in (0, 30, 100)),
            lambda k, steps: 1,
            lambda k, steps: optimum(k) / float(trained(k, steps)[0].min()),
            AtMost(rounding=1e-12),
        ),
        experiment(
            "W V is the projection to the first k directions, at all seeds",
            "largest difference of an entry",
            "k",
            CODES,
            lambda k: 1e-3,
            angle,
            AtMost(),
        ),
        experiment(
            "no other seed finds the same W",
            "seeds that do",
            "k",
            CODES[1:],
            lambda k: 0,
            equal_seeds,
        ),
    ),
    controls=(
        experiment(
            "some seeds end elsewhere: the worst loses sigma_k too",
            "squared error",
            "k",
            CODES,
            lambda k: optimum(k - 1),
            lambda k: float(trained(k)[0].max()),
            Equal(rounding=1e-6),
        ),
        experiment(
            "each unit of the code is a principal direction",
            "least cosine, of all seeds",
            "k",
            CODES[1:],
            lambda k: 1,
            off_axis,
            Equal(rounding=1e-3),
        ),
        experiment(
            "k numbers keep k of 6 parts of the whole",
            "squared error",
            "k",
            CODES,
            lambda k: (1 - k / DIRECTIONS) * optimum(0),
            lambda k: float(trained(k)[0].max()),
            Equal(rounding=1e-2),
        ),
    ),
)


# F7: data parallel is a large batch


def mlp():
    return MLP([6, 8, 3])


def normed():
    """The same with batch norm, which looks at all examples of a batch."""
    rng = np.random.default_rng(0)
    return Chain(Linear(6, 8, rng), BatchNorm(8), relu, Linear(8, 3, rng))


def shards(sizes):
    """(examples of each rank, labels of each rank), given "5 + 7"."""
    sizes = [int(size) for size in sizes.split(" + ")]
    rng, total = np.random.default_rng(sum(sizes)), sum(sizes)
    x, y = rng.standard_normal((total, 6)), rng.integers(0, 3, total)
    ends = np.cumsum(sizes)[:-1]
    return np.split(x, ends), np.split(y, ends)


def difference(model, sizes, program=train_together, steps=3):
    """The largest relative difference of a weight, to one machine with all examples."""
    x, y = shards(sizes)
    alone, rate = model(), 0.2
    optimizer = SGD(alone.parameters, rate)
    for _ in range(steps):
        step(alone, np.concatenate(x), np.concatenate(y), optimizer)
    options = {"model": model(), "steps": steps, "rate": rate}
    nets = Network(len(x)).run(program, x, y, **options)
    return max(
        float(np.max(abs(p.value - q.value)) / np.max(abs(q.value)))
        for net in nets
        for p, q in zip(net.parameters, alone.parameters)
    )


EXAMPLES = 12


def by_plain_mean(rank, x, y, model, steps, rate):
    """Each rank's gradient counts the same, however many examples it is of."""

    def loss(scores, labels):
        share = EXAMPLES / (rank.size * len(labels))
        return softmax_cross_entropy(scores, labels) * share

    return (yield from train_together(rank, x, y, model, steps, rate, loss))


def sent(batch, P):
    """Words on the network for one step of P ranks with `batch` examples each."""
    network = Network(P)
    x, y = shards(" + ".join([str(batch)] * P))
    network.run(train_together, x, y, model=mlp(), steps=1, rate=0.2)
    return network.cost.records


EVEN = ("12", "6 + 6", "4 + 4 + 4", "3 + 3 + 3 + 3", "2 + 2 + 2 + 2 + 2 + 2")
UNEVEN = ("1 + 11", "5 + 7", "1 + 2 + 9", "3 + 1 + 6 + 2")


F7 = Claim(
    id="F7",
    title="Many ranks are one large batch",
    statement=(
        "$P$ ranks that average their gradients, each weighed by its examples, take "
        "the step of one machine with all of them, to rounding: after 3 steps no "
        "weight differs by more than $10^{-12}$. It is not so with batch norm. A ring "
        "sends $2(P-1)$ words for each parameter, and as many for the number of "
        "examples, however many there are."
    ),
    source=DISTBELIEF,
    experiments=(
        experiment(
            "even shards: no difference",
            "relative difference",
            "examples of each rank",
            EVEN,
            lambda sizes: 1e-12,
            lambda sizes: difference(mlp, sizes),
            AtMost(),
        ),
        experiment(
            "uneven shards, by a weighted mean: no difference",
            "relative difference",
            "examples of each rank",
            UNEVEN,
            lambda sizes: 1e-12,
            lambda sizes: difference(mlp, sizes),
            AtMost(),
        ),
        experiment(
            "a ring sends 2(P - 1)(parameters + 1) words whatever the batch",
            "words",
            "batch, P",
            tuple((batch, P) for batch in (1, 8, 64) for P in (2, 4)),
            lambda batch, P: 2 * (P - 1) * (mlp().size + 1),
            sent,
        ),
    ),
    controls=(
        experiment(
            "with batch norm: no difference either",
            "relative difference",
            "examples of each rank",
            EVEN[1:5],
            lambda sizes: 1e-12,
            lambda sizes: difference(normed, sizes),
            AtMost(),
        ),
        experiment(
            "a plain mean does for uneven shards, too",
            "relative difference",
            "examples of each rank",
            UNEVEN,
            lambda sizes: 1e-12,
            lambda sizes: difference(mlp, sizes, by_plain_mean),
            AtMost(),
        ),
        experiment(
            "larger batches send more: a word for each number of an example",
            "words",
            "batch, P",
            tuple((batch, P) for batch in (1, 8, 64) for P in (2, 4)),
            lambda batch, P: 6 * batch * P,
            sent,
        ),
    ),
)

CLAIMS = (F6, F7)
