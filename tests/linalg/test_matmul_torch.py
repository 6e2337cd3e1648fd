import numpy as np
import pytest

from cme323.errors import BadInput

library = pytest.importorskip("cme323.linalg.matmul_torch", reason="needs torch")


def test_agrees_with_numpy():
    a, b = (np.random.default_rng(0).standard_normal(s) for s in ((5, 7), (7, 3)))
    np.testing.assert_allclose(library.matmul(a, b), a @ b, rtol=1e-13)


@pytest.mark.gpu
def test_agrees_with_numpy_on_a_gpu():
    if not library.torch.cuda.is_available():
        pytest.skip("needs a CUDA device")
    a, b = np.random.default_rng(0).standard_normal((2, 64, 64))
    np.testing.assert_allclose(library.matmul(a, b, device="cuda"), a @ b, rtol=1e-12)


def test_refuses_sizes_that_do_not_meet():
    with pytest.raises(BadInput, match="cannot multiply 1x2 by 1x2: the inner sizes"):
        library.matmul([[1.0, 2.0]], [[1.0, 2.0]])
