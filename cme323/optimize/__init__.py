"""Optimisation on a cluster: models whose gradient is a sum over the data.

eight_lines.py    logistic regression, distributed and fault-tolerant
"""
