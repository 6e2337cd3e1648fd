"""The kernels, in Triton's interpreter where there is no GPU."""

import numpy as np
import pytest

from cme323.errors import BadInput

torch = pytest.importorskip("torch", reason="needs torch")
kernels = pytest.importorskip("cme323.linalg.matmul_triton", reason="needs triton")


@pytest.fixture(params=["matmul", "matmul_naive"])
def multiply(request):
    return getattr(kernels, request.param)


@pytest.mark.parametrize("shape", [(1, 1, 1), (32, 32, 32), (33, 40, 17)])
def test_agrees_with_numpy(multiply, shape):
    m, k, n = shape
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((m, k)), rng.standard_normal((k, n))
    np.testing.assert_allclose(multiply(a, b), a @ b, atol=1e-4)


def test_whole_numbers_are_exact(multiply):
    a, b = np.random.default_rng(0).integers(-9, 10, size=(2, 20, 20))
    np.testing.assert_array_equal(multiply(a, b), a @ b)


@pytest.mark.gpu
def test_agrees_with_cublas(multiply):
    if kernels.DEVICE != "cuda":
        pytest.skip("needs a CUDA device")
    a, b = np.random.default_rng(0).standard_normal((2, 500, 500)).astype("float32")
    cublas = (torch.as_tensor(a).cuda() @ torch.as_tensor(b).cuda()).cpu()
    np.testing.assert_allclose(multiply(a, b), cublas, atol=1e-2)


def test_tiles_read_less_than_rows():
    tiled, naive = kernels.matmul_cost(64, 64, 64, 32), kernels.matmul_naive_cost
    assert tiled.bytes == 4 * (2 * 64 * 64 * 2 + 64 * 64)
    assert naive(64, 64, 64).bytes == 4 * (64**3 + 2 * 64**2)


def test_refuses_sizes_that_do_not_meet(multiply):
    with pytest.raises(BadInput, match="cannot multiply 1x2 by 1x2: the inner sizes"):
        multiply([[1.0, 2.0]], [[1.0, 2.0]])
