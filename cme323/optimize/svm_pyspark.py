"""The support vector machine by Spark's MLlib: the library beside svm.py."""

from pyspark.ml.classification import LinearSVC

from cme323.optimize.logistic import check
from cme323.optimize.logistic_pyspark import frame


def fit(sc, x, y, ridge, tolerance=1e-10, steps=1000):
    """Near where f is least: OWL-QN, which takes the kink for smooth.

    sc: from `spark_context`.
    """
    check(x, y, ridge)
    model = LinearSVC(
        regParam=ridge,
        fitIntercept=False,
        standardization=False,
        tol=tolerance,
        maxIter=steps,
    )
    return model.fit(frame(sc, x, y)).coefficients.toArray()
