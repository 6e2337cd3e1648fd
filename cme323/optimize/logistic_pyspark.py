"""Logistic regression by Spark's MLlib: the library beside logistic.py.

MLlib's labels are 0 and 1. Its regParam is our ridge, if nothing is standardised.
"""

from pyspark.ml.classification import LogisticRegression
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession

from cme323.optimize.logistic import check


def fit(sc, x, y, ridge, tolerance=1e-10, steps=1000):
    """Where f is least, by L-BFGS; sc: from `spark_context`."""
    check(x, y, ridge)
    return learned(frame(sc, x, y), ridge, tolerance, steps)


def learned(examples, ridge, tolerance, steps=1000):
    """The same from a DataFrame; `tolerance` is of the change of f in a step."""
    model = LogisticRegression(
        regParam=ridge,
        fitIntercept=False,
        standardization=False,
        tol=tolerance,
        maxIter=steps,
    )
    return model.fit(examples).coefficients.toArray()


def frame(sc, x, y):
    """A DataFrame of label (0 or 1) and features."""
    rows = [(float(label > 0), Vectors.dense(row)) for row, label in zip(x, y)]
    return SparkSession(sc).createDataFrame(rows, ["label", "features"])
