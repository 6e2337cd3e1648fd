"""Flops: a machine that counts the floating-point operations of arrays.

    matmul (n, k) by (k, m)     2 n k m
    one by one                  1 for each entry of the result: +, *, exp, max, >
    a reduction                 1 for each entry that goes in, less those that come out

`array` makes an array that is counted, and so is all that is computed from it, by any
program that uses NumPy: no program counts itself. Copies, slices and reshapes are free.

Left out: dot, einsum and their like, which are refused, as they tell nobody what they
do; an exponential costs as much as a sum.
"""

from collections import Counter

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


class Flops:
    """Counts what is done to its arrays; operations: of each kind, by NumPy's name.

    >>> machine = Flops()
    >>> x = machine.array([[1.0, 2.0, 3.0]])
    >>> y = (x @ x.T + 1).sum()
    >>> machine.cost, machine.operations["matmul"]
    (Cost(flops=7), 6)
    """

    def __init__(self):
        self.operations = Counter()

    def array(self, values):
        """The same numbers, counted from now on."""
        counted = np.array(values).view(CountedArray)
        counted.machine = self
        return counted

    def watch(self, model):
        """Count what a model's parameters take part in; gives the model back."""
        for parameter in model.parameters:
            parameter.value = self.array(parameter.value)
        return model

    @property
    def cost(self):
        return Cost(flops=self.operations.total())

    def count(self, ufunc, method, inputs, result):
        if ufunc is np.matmul:
            flops = 2 * result.size * inputs[0].shape[-1]
        elif method in ("reduce", "reduceat"):
            flops = inputs[0].size - result.size
        else:
            flops = np.size(inputs[0]) if result is None else result.size
        self.operations[ufunc.__name__] += flops


UNSEEN = {np.dot, np.einsum, np.tensordot, np.inner, np.vdot, np.linalg.multi_dot}


class CountedArray(np.ndarray):
    """An array whose operations a machine counts; it prints as the array."""

    machine = None

    def __array_finalize__(self, origin):
        self.machine = getattr(origin, "machine", None)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        machine = _machine((*inputs, *(out or ())))
        arrays = [_plain(x) for x in inputs]
        if out is not None:
            options["out"] = tuple(map(_plain, out))
        result = getattr(ufunc, method)(*arrays, **options)
        machine.count(ufunc, method, arrays, result)
        if out is not None:
            return out[0]
        return result if result is None else _counted(result, machine)

    def __array_function__(self, function, types, arguments, options):
        if function in UNSEEN:
            raise BadInput(f"np.{function.__name__} cannot be counted: use @ and +")
        return super().__array_function__(function, types, arguments, options)

    def dot(self, *arguments):
        raise BadInput("dot() cannot be counted: use @")


def _machine(arrays):
    machines = (getattr(x, "machine", None) for x in arrays)
    return next(machine for machine in machines if machine is not None)


def _plain(x):
    return x.view(np.ndarray) if isinstance(x, CountedArray) else x


def _counted(result, machine):
    """A result as an array of the machine, a single number too."""
    counted = np.asarray(result).view(CountedArray)
    counted.machine = machine
    return counted
