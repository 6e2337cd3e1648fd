"""Logistic regression by scikit-learn (lbfgs): the library beside logistic.py.

scikit-learn minimises C * sum of losses + |w|^2/2, which is our f times n C, if
C = 1/(n ridge).
"""

from sklearn.linear_model import LogisticRegression

from cme323.optimize.logistic import check


def fit(x, y, ridge, tolerance=1e-10, steps=1000):
    """Where f is least, by lbfgs, which scales `tolerance` as it likes."""
    check(x, y, ridge)
    model = LogisticRegression(
        C=1 / (len(y) * ridge), fit_intercept=False, tol=tolerance, max_iter=steps
    )
    return model.fit(x, y).coef_[0]
