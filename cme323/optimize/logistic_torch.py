"""Logistic regression by torch, beside logistic.py: autograd's gradient, L-BFGS."""

import torch

from cme323.optimize.logistic import check


def objective(w, x, y, ridge=0.0):
    """f(w) as a tensor, from tensors."""
    margins = y * (x @ w)
    return torch.nn.functional.softplus(-margins).mean() + ridge / 2 * (w @ w)


def gradient(w, x, y, ridge=0.0):
    """Of f at w by autograd: arrays in, an array out."""
    w, x, y = (torch.tensor(each, dtype=torch.float64) for each in (w, x, y))
    w.requires_grad_()
    objective(w, x, y, ridge).backward()
    return w.grad.numpy()


def fit(x, y, ridge, tolerance=1e-10, steps=1000):
    """Where f is least."""
    check(x, y, ridge)
    x, y = (torch.tensor(each, dtype=torch.float64) for each in (x, y))
    w = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    descent = torch.optim.LBFGS(
        [w],
        max_iter=steps,
        tolerance_grad=tolerance,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def closure():
        descent.zero_grad()
        loss = objective(w, x, y, ridge)
        loss.backward()
        return loss

    descent.step(closure)
    return w.detach().numpy()
