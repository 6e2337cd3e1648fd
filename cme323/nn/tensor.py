"""Tensor: an array of NumPy with arithmetic that is recorded on the tape.

    operation        value           way back, from the gradient g of the result
    a + b            a + b           g             g
    a * b            a * b           g b           g a
    a / b            a / b           g / b         -g a / b²
    a ** p           a^p             g p a^(p-1)                  p a number
    a @ b            a b             g bᵀ          aᵀ g
    a.sum()          sum of a        g for each
    a.max()          max of a        g, shared by the places that have it

Each method is one line of this table. Shapes broadcast as NumPy's do; gradients are
added up again by the tape. Tensor(x) is a parameter; plain arrays and numbers in an
expression are constants, which cost no gradient.

Left out, compared with torch: indexing, integers, views that share memory.
"""

import numpy as np

from cme323.errors import BadInput
from cme323.nn.tape import Recorded


class Tensor(Recorded):
    """An array that records what becomes of it.

    >>> w = Tensor([[1.0, 2.0]])
    >>> loss = (w * w).sum()
    >>> loss.backward()
    >>> loss, w.grad
    (Tensor(5.0, sum), array([[2., 4.]]))
    """

    # NumPy's arrays then leave `array + tensor` to us.
    __array_ufunc__ = None

    def __init__(self, value, operation="", parents=(), constant=False):
        # asanyarray, as an array may be one that counts flops.
        array = np.asanyarray(value)
        if array.dtype.kind != "f":
            array = _floats(array)
        super().__init__(array, operation, parents, constant)

    @property
    def shape(self):
        return self.value.shape

    def __add__(self, other):
        return self._with(other, "add", np.add, lambda a, b, g: g, lambda a, b, g: g)

    def __sub__(self, other):
        return self._with(
            other, "subtract", np.subtract, lambda a, b, g: g, lambda a, b, g: -g
        )

    def __mul__(self, other):
        return self._with(
            other, "multiply", np.multiply, lambda a, b, g: g * b, lambda a, b, g: g * a
        )

    def __truediv__(self, other):
        return self._with(
            other,
            "divide",
            np.divide,
            lambda a, b, g: g / b,
            lambda a, b, g: g * a / (b * -b),
        )

    def __matmul__(self, other):
        other = lift(other, self)
        a, b = self.value, other.value
        if min(a.ndim, b.ndim) < 2 or a.shape[-1] != b.shape[-2]:
            raise BadInput(
                f"matmul cannot multiply shapes {a.shape} and {b.shape}: it needs "
                "(..., n, k) and (..., k, m)"
            )
        return self._with(
            other,
            "matmul",
            np.matmul,
            lambda a, b, g: g @ b.swapaxes(-1, -2),
            lambda a, b, g: a.swapaxes(-1, -2) @ g,
        )

    def __pow__(self, power):
        if isinstance(power, Tensor) or np.ndim(power):
            raise BadInput(
                f"power of shape {self.shape} needs a plain number as its exponent, "
                f"not one of shape {lift(power).shape}"
            )
        a = self.value
        return self.then("power", a**power, lambda g: g * (power * a ** (power - 1)))

    def __neg__(self):
        return self.then("negative", -self.value, lambda g: -g)

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return lift(other, self) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return lift(other, self) / self

    def __rmatmul__(self, other):
        return lift(other, self) @ self

    def exp(self):
        y = np.exp(self.value)
        return self.then("exp", y, lambda g: g * y)

    def log(self):
        return self.then("log", np.log(self.value), lambda g: g / self.value)

    def sum(self, axis=None, keepdims=False):
        """Over all axes, one of them or a tuple of them."""
        return self._added("sum", axis, keepdims)

    def mean(self, axis=None, keepdims=False):
        total = self._added("mean", axis, keepdims)
        return total * (total.value.size / self.value.size)

    def _added(self, operation, axis, keepdims):
        kept = self._reduced(operation, np.add, axis)
        return self.then(
            "sum",
            kept if keepdims else _squeezed(kept, axis),
            lambda g: np.broadcast_to(g.reshape(kept.shape), self.shape, subok=True),
        )

    def max(self, axis=None, keepdims=False):
        """The largest; where several are, they share the gradient evenly."""
        kept = self._reduced("max", np.maximum, axis)

        def way_back(g):
            largest = self.value == kept
            ways = largest.sum(axis=axis, keepdims=True)
            return largest * (g.reshape(kept.shape) / ways).astype(g.dtype)

        value = kept if keepdims else _squeezed(kept, axis)
        return self.then("max", value, way_back)

    def reshape(self, *shape):
        try:
            value = self.value.reshape(*shape)
        except ValueError as error:
            raise BadInput(
                f"reshape cannot make of shape {self.shape} the shape {shape}: {error}"
            ) from None
        return self.then("reshape", value, lambda g: g.reshape(self.shape))

    def transpose(self, *axes):
        """Axes in another order, (2, 0, 1) say; all backwards if none is named."""
        try:
            value = self.value.transpose(axes or None)
        except ValueError as error:
            raise BadInput(
                f"transpose of shape {self.shape} cannot take axes {axes}: {error}"
            ) from None
        order = [axis % value.ndim for axis in axes] or range(value.ndim)[::-1]
        back = tuple(np.argsort(order))
        return self.then("transpose", value, lambda g: g.transpose(back))

    @property
    def T(self):
        return self.transpose()

    def then(self, operation, value, way_back):
        """The result of an operation on this tensor alone."""
        return Tensor(value, operation, ((self, way_back),), self.constant)

    def _with(self, other, operation, f, to_self, to_other):
        """The result of an operation on two: each way back is a function of a, b, g."""
        other = lift(other, self)
        a, b = self.value, other.value
        try:
            value = f(a, b)
        except ValueError:
            raise BadInput(
                f"{operation} cannot bring shapes {a.shape} and {b.shape} together: "
                "axes, from the last, must be equal, or 1"
            ) from None
        ways = (self, lambda g: to_self(a, b, g)), (other, lambda g: to_other(a, b, g))
        return Tensor(value, operation, ways, self.constant and other.constant)

    def _reduced(self, operation, op, axis):
        try:
            return op.reduce(self.value, axis=axis, keepdims=True)
        except ValueError as error:
            raise BadInput(
                f"{operation} of shape {self.shape} cannot go along axis {axis}: "
                f"{error}"
            ) from None

    def __repr__(self):
        told = f"{self.value:.6}" if self.value.ndim == 0 else f"shape {self.shape}"
        return f"Tensor({told}, {self.operation or 'parameter'})"


def lift(x, like=None):
    """x as a tensor: a constant, if it is none yet; a number in the type of `like`."""
    if isinstance(x, Tensor):
        return x
    is_number = isinstance(x, int | float) and like is not None
    return Tensor(np.asarray(x, like.value.dtype) if is_number else x, constant=True)


def _floats(array):
    if array.dtype.kind not in "iub":
        raise BadInput(f"a tensor holds real numbers, not {array.dtype}: {array}")
    return array.astype(float)


def _squeezed(kept, axis):
    """Without the axes of length 1 that a reduction has left."""
    return kept.reshape(()) if axis is None else kept.squeeze(axis)
