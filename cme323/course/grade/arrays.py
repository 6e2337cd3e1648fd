"""numpy's arrays and scalars as bytes, and back; none of the bytes is to be trusted.

An array is an npy file without pickles. If nobody imported numpy, nothing is an array.
"""

import io
import math
import sys


def is_array(kind):
    """Whether `kind` is numpy's array, and no subclass."""
    return "numpy" in sys.modules and kind is sys.modules["numpy"].ndarray


def is_scalar(kind):
    return (
        "numpy" in sys.modules
        and issubclass(kind, sys.modules["numpy"].generic)
        and kind.__module__ == "numpy"
    )


def file_of(array):
    """The bytes of an npy file."""
    file = io.BytesIO()
    sys.modules["numpy"].lib.format.write_array(file, array, allow_pickle=False)
    return file.getvalue()


def array_of(data):
    """The array in an npy file, whose header must agree with its length."""
    from numpy.lib import format as npy

    file = io.BytesIO(data)
    version = npy.read_magic(file)
    header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    shape, _, dtype = header[version](file)
    rest = len(data) - file.tell()
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != rest:
        raise ValueError("an array of another size than it says")
    file.seek(0)
    return npy.read_array(file, allow_pickle=False)


def bytes_of(scalar):
    # An empty string has four bytes here, and none in an array.
    return scalar.tobytes()[: scalar.dtype.itemsize]


def scalar_of(name, data):
    """The scalar of the dtype called `name`, which must agree with its length."""
    import numpy as np

    dtype = np.dtype(name)
    if dtype.hasobject or dtype.names or dtype.subdtype or dtype.itemsize != len(data):
        raise ValueError("a scalar of another size than it says")
    return np.ndarray((), dtype, data)[()]
