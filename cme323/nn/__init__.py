"""Neural nets from scratch: a tape over NumPy, layers, training."""
