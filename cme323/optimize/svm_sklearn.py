"""The support vector machine by scikit-learn (liblinear): the library beside svm.py.

scikit-learn minimises C * sum of losses + |w|^2/2, which is our f times n C, if
C = 1/(n ridge).
"""

from sklearn.svm import LinearSVC

from cme323.optimize.logistic import check


def fit(x, y, ridge, tolerance=1e-8, steps=1_000_000):
    """Where f is least, by coordinate ascent on the dual."""
    check(x, y, ridge)
    model = LinearSVC(
        C=1 / (len(y) * ridge),
        loss="hinge",
        fit_intercept=False,
        tol=tolerance,
        max_iter=steps,
        random_state=0,
    )
    return model.fit(x, y).coef_[0]
