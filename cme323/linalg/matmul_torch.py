"""The product of two matrices by torch: BLAS on a CPU, cuBLAS on a GPU."""

import torch

from cme323.errors import BadInput


def matmul(a, b, device="cpu"):
    """The product of two arrays, computed on `device`, as a numpy array.

    >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])
    array([[11.]])
    """
    a, b = (torch.as_tensor(x, device=device, dtype=torch.float64) for x in (a, b))
    if a.shape[1] != b.shape[0]:
        raise BadInput(
            f"cannot multiply {a.shape[0]}x{a.shape[1]} by {b.shape[0]}x{b.shape[1]}: "
            f"the inner sizes {a.shape[1]} and {b.shape[0]} differ"
        )
    return torch.matmul(a, b).cpu().numpy()
