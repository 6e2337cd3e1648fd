"""A GPU: cuBLAS and our tiles in Triton, PageRank's product, a copy, steps of a CNN.

    matmul      n x n in float32, without TF32
    product     a CSR matrix of 1e6 pages and 1e7 links times a vector, in float64
    copy        a vector of 1e8 numbers in float32, which is read and written
    cnn         28 x 28 images, 16 and 32 channels, batch 64

What each works on is on the device before the clock starts, after the first run. Each
does its work ten times, and answers with some of what came out, for which it must wait.
The unit is the same on one thread of the CPU, by numpy, scipy and our tape.
"""

import numpy as np

from benchmarks import nn
from benchmarks.engine_targets import Table
from benchmarks.graphs import Web
from benchmarks.suite import Engine, Suite, Target, Workload
from cme323.errors import BadInput

TIMES, TILE = 10, 64
DEVICE = "cuda"


class Device:
    """A GPU, and what is on it."""

    def __enter__(self):
        import torch

        if DEVICE == "cuda" and not torch.cuda.is_available():
            raise BadInput("no CUDA device is here: run this where torch sees one")
        self._there = {}
        return self

    def __exit__(self, *error):
        self._there.clear()

    def put(self, data, make):
        """make(data), a tensor or a tuple of them, made once."""
        if id(data) not in self._there:
            self._there[id(data)] = make(data)
        return self._there[id(data)]


# Data


def matrices(n):
    return np.random.default_rng(0).random((2, n, n), dtype=np.float32)


def vector(n):
    return np.random.default_rng(0).random(n, dtype=np.float32)


# On the CPU


def np_matmul(pair):
    for _ in range(TIMES):
        c = pair[0] @ pair[1]
    return entries(c)


def scipy_product(web):
    x = np.full(web.n, 1.0)
    for _ in range(TIMES):
        y = web.matrix @ x
    return y[::1009].tolist()


def np_copy(x):
    for _ in range(TIMES):
        y = x.copy()
    return y[::100_003].tolist()


def entries(c):
    return c[::41, ::37].ravel().tolist()


# On the device


def cublas(device, pair):
    return repeated(device, pair, lambda a, b: a @ b)


def triton(device, pair):
    from cme323.linalg.matmul_triton import product

    return repeated(device, pair, lambda a, b: product(a, b, TILE))


def repeated(device, pair, multiply):
    a, b = device.put(pair, lambda pair: tuple(map(on_device, pair)))
    for _ in range(TIMES):
        c = multiply(a, b)
    return entries(c.cpu().numpy())


def torch_product(device, web):
    matrix, x = device.put(web, links)
    for _ in range(TIMES):
        y = matrix @ x
    return y[::1009].tolist()


def links(web):
    """M of a Web and a vector of ones, on the device."""
    import torch

    parts = web.matrix.indptr, web.matrix.indices, web.matrix.data
    matrix = torch.sparse_csr_tensor(
        *map(on_device, parts), web.matrix.shape, check_invariants=True
    )
    return matrix, torch.ones(web.n, dtype=torch.float64, device=DEVICE)


def torch_copy(device, x):
    x = device.put(x, on_device)
    for _ in range(TIMES):
        y = x.clone()
    return y[::100_003].tolist()


def torch_cnn(device, task):
    import torch

    from cme323.nn import training_torch

    model = training_torch.mirror(task.model).to(DEVICE)
    x, y = device.put(task, lambda task: (on_device(task.x), on_device(task.y)))
    optimizer = torch.optim.SGD(model.parameters(), nn.RATE)
    loss = torch.nn.functional.cross_entropy
    return [
        training_torch.step(model, x, y, optimizer, loss) for _ in range(task.steps)
    ]


def on_device(array):
    import torch

    return torch.as_tensor(array, device=DEVICE)


def product_bytes(links):
    """Moved by one product: a matrix of 12 bytes a link and 4 a page, two vectors."""
    pages = max(4, links // 10)
    return 12 * links + 4 * pages + 16 * pages


def targets(results, growth):
    at = Table(results)
    cuda, ours = at.seconds("matmul", "cuda"), at.seconds("matmul", "triton")
    copy, product = at.seconds("copy", "cuda"), at.seconds("product", "cuda")
    size = {result.workload: result.size for result in results}
    share = None
    if copy and product:
        bandwidth = 2 * 4 * size["copy"] / copy
        share = product_bytes(size["product"]) / product / bandwidth
    return [
        Target(
            "Triton / cuBLAS, in speed",
            cuda / ours if cuda and ours else None,
            0.8,
            at_least=True,
        ),
        Target("PageRank's product: share of the bandwidth", share, 0.5, at_least=True),
        Target(
            "CNN step: torch on the device / our tape on one core",
            at.ratios(["cnn"], "cuda", "cpu").get("cnn"),
            1,
        ),
    ]


SUITE = Suite(
    title="a GPU",
    workloads={
        workload.name: workload
        for workload in (
            Workload(
                "matmul",
                "10 products, 4096 x 4096",
                4096,
                matrices,
                {"cpu": np_matmul, "cuda": cublas, "triton": triton},
                rounding=1e-4,
            ),
            Workload(
                "product",
                "10 sparse products, 1e7 links",
                10**7,
                Web,
                {"cpu": scipy_product, "cuda": torch_product},
            ),
            Workload(
                "copy",
                "10 copies of 1e8 numbers",
                10**8,
                vector,
                {"cpu": np_copy, "cuda": torch_copy},
            ),
            Workload(
                "cnn",
                "10 steps of 16-32 channels, batch 64",
                10,
                nn.SUITE.workloads["cnn"].data,
                {"cpu": nn.tape, "cuda": torch_cnn},
                rounding=1e-3,
            ),
        )
    },
    engines={
        "cpu": Engine("cpu"),
        "cuda": Engine("cuda", Device),
        "triton": Engine("triton", Device),
    },
    reference="cpu",
    targets=targets,
)
