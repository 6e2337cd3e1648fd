"""The product of two matrices on a GPU, by two kernels in Triton: naive and tiled.

    naive   a program for each row of C: a vector of C_i* += A_ik B_k*, k by k
    tiled   a program for each tile of C: both tiles of A and B come, and are multiplied

Each reads what it needs from the memory of the GPU, m x k times k x n:

    naive   mk + mkn words             all of B for each row
    tiled   mkn/T (twice) words        tiles of T x T: each word is used T times

Where there is no GPU, TRITON_INTERPRET=1, set before Python starts, runs the same
kernels by numpy, slowly.

Left out: an order of tiles that suits the second cache, half precision, autotuning.
Source: Tillet, Kung, Cox, Triton: an intermediate language and compiler for tiled
neural network computations, MAPL 2019; the tutorial on matrix multiplication.
"""

import os

import torch
import triton
import triton.language as tl

from cme323.cost import Cost
from cme323.errors import BadInput

DEVICE = "cpu" if os.environ.get("TRITON_INTERPRET") == "1" else "cuda"


def matmul(a, b, size=32):
    """The product of two arrays in float32 as a numpy array, by tiles of size x size.

    size: a power of 2, at least 16, which the units that multiply tiles need.
    """
    return product(*_on_the_device(a, b), size).cpu().numpy()


def product(a, b, size=32):
    """The same of two tensors in float32 that are on the device, as a third."""
    (m, k), n = a.shape, b.shape[1]
    c = torch.empty((m, n), device=a.device)
    grid = triton.cdiv(m, size), triton.cdiv(n, size)
    tiled[grid](a, b, c, m, n, k, size=size)
    return c


def matmul_naive(a, b):
    """The same, row by row."""
    a, b = _on_the_device(a, b)
    (m, k), n = a.shape, b.shape[1]
    c = torch.empty((m, n), device=DEVICE)
    naive[(m,)](a, b, c, n, k, width=triton.next_power_of_2(n))
    return c.cpu().numpy()


@triton.jit
def tiled(a, b, c, m, n, k, size: tl.constexpr):
    """One tile of C; entries outside of the matrices are read as 0."""
    rows = tl.program_id(0) * size + tl.arange(0, size)
    columns = tl.program_id(1) * size + tl.arange(0, size)
    total = tl.zeros((size, size), dtype=tl.float32)
    for start in range(0, k, size):
        inner = start + tl.arange(0, size)
        in_a = (rows[:, None] < m) & (inner[None, :] < k)
        in_b = (inner[:, None] < k) & (columns[None, :] < n)
        left = tl.load(a + rows[:, None] * k + inner[None, :], mask=in_a, other=0.0)
        right = tl.load(b + inner[:, None] * n + columns[None, :], mask=in_b, other=0.0)
        # Not by TF32, which keeps 10 bits of each factor.
        total += tl.dot(left, right, input_precision="ieee")
    in_c = (rows[:, None] < m) & (columns[None, :] < n)
    tl.store(c + rows[:, None] * n + columns[None, :], total, mask=in_c)


@triton.jit
def naive(a, b, c, n, k, width: tl.constexpr):
    """One row of C."""
    i = tl.program_id(0)
    columns = tl.arange(0, width)
    total = tl.zeros((width,), dtype=tl.float32)
    for inner in range(k):
        factor = tl.load(a + i * k + inner)
        row = tl.load(b + inner * n + columns, mask=columns < n, other=0.0)
        total += factor * row
    tl.store(c + i * n + columns, total, mask=columns < n)


def _on_the_device(a, b):
    a, b = (
        torch.as_tensor(x, device=DEVICE, dtype=torch.float32).contiguous()
        for x in (a, b)
    )
    if a.shape[1] != b.shape[0]:
        raise BadInput(
            f"cannot multiply {a.shape[0]}x{a.shape[1]} by {b.shape[0]}x{b.shape[1]}: "
            f"the inner sizes {a.shape[1]} and {b.shape[0]} differ"
        )
    return a, b


def matmul_cost(m, n, k, size):
    """Predicted cost: flops, and bytes between the kernel and memory, in float32.

    Exact if `size` divides m, n and k.
    """
    words = m * k * triton.cdiv(n, size) + k * n * triton.cdiv(m, size) + m * n
    return Cost(flops=2 * m * n * k, bytes=4 * words)


def matmul_naive_cost(m, n, k):
    """Predicted cost: flops, and bytes between the kernel and memory, in float32."""
    return Cost(flops=2 * m * n * k, bytes=4 * (m * k + m * k * n + m * n))
