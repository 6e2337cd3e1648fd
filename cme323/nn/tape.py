"""The tape: values that remember what they were computed from, and the way back.

    y = f(a, b)       recorded as y's parents: (a, way back to a), (b, way back to b)
    a way back        gradient of the loss in y  ->  its share of the gradient in a

`backward` goes through the record once, the last operation first, and each tensor is
reached when all that it went into has been: reverse mode. A loop, no recursion, so a
graph may be a million operations deep.

NB: torch adds a new gradient to the old one, and one calls zero_grad(). Here backward
puts the new one in its place, so there is nothing to forget.

Left out: gradients of gradients; tensors that change in place.
Source: Griewank, Walther, Evaluating Derivatives, 2008, chapter 3.
"""

import numpy as np

from cme323.errors import BadInput


class Recorded:
    """A value, the operation that made it, and its parents with the ways back to them.

    constant  no gradient is wanted: data, and what is computed from data alone
    level     more than that of all parents: the order of the tape
    grad      of the last backward(), if this is a parameter (it has no parents)
    """

    def __init__(self, value, operation="", parents=(), constant=False):
        self.value = value
        self.operation = operation
        self.parents = parents
        self.constant = constant
        self.level = 1 + max((parent.level for parent, _ in parents), default=-1)
        self.grad = None

    def backward(self):
        """Set `grad` of every parameter that this number was computed from."""
        self._check()
        gradients = {self: np.ones_like(self.value)}
        for tensor in tape(self):
            gradient = gradients.pop(tensor)
            if not tensor.parents:
                tensor.grad = gradient
            for parent, way_back in tensor.parents:
                if not parent.constant:
                    share = way_back(gradient)
                    share = unbroadcast(share, parent.value.shape, tensor.operation)
                    old = gradients.get(parent)
                    gradients[parent] = share if old is None else old + share

    def _check(self):
        if self.value.size != 1:
            raise BadInput(
                "backward() starts at one number, the loss, not at a tensor of shape "
                f"{self.value.shape}: take its mean() or sum() first"
            )
        if self.constant:
            raise BadInput(
                "backward() finds no parameter: make those that you want to learn by "
                "Tensor(...), as plain arrays are constants"
            )


def tape(last):
    """What `last` was computed from, and itself: each after all that it went into."""
    found, waiting = {last: None}, [last]
    while waiting:
        for parent, _ in waiting.pop().parents:
            if parent not in found and not parent.constant:
                found[parent] = None
                waiting.append(parent)
    return sorted(found, key=lambda tensor: -tensor.level)


def unbroadcast(gradient, shape, operation=""):
    """Broadcasting copied a value: the gradients of its copies add up.

    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    if gradient.shape == shape:
        return gradient
    new = gradient.ndim - len(shape)
    if new < 0 or any(a not in (1, b) for a, b in zip(shape, gradient.shape[new:])):
        raise BadInput(
            f"the way back of {operation or 'an operation'} gives a gradient of shape "
            f"{gradient.shape} to a tensor of shape {shape}: they must be equal, or "
            "such that NumPy would broadcast the tensor"
        )
    stretched = tuple(
        axis
        for axis in range(gradient.ndim)
        if axis < new or (shape[axis - new] == 1 and gradient.shape[axis] > 1)
    )
    return gradient.sum(axis=stretched).reshape(shape)
