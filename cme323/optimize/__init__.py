"""Optimisation: models whose gradient is a sum over the data, and ways downhill.

least_squares.py, logistic.py, svm.py    a model each: objective, gradient, curvature

descent.py              gradient descent, its two rates, and a certificate
lbfgs.py                the same, with a memory of the curvature
sgd.py                  stochastic gradients: minibatches, averages, plateaus
hogwild.py              updates without locks, simulated: delays and sparse supports
hogwild_processes.py    the same by processes on shared memory
distributed.py          the gradient as a sum over a cluster, by treeAggregate
averaging.py            the mean of independent runs
eight_lines.py          logistic regression, distributed and fault-tolerant

Beside them logistic_sklearn.py, logistic_torch.py, logistic_pyspark.py, and the same
for svm.
"""
