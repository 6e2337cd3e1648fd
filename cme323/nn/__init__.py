"""Neural nets from scratch: a tape over NumPy, what it costs, what it learns.

tape.py           values that remember what they came from; backward, without recursion
tensor.py         arithmetic on it: + - * / ** @, sums, maxima, shapes
activations.py    relu, tanh, sigmoid
losses.py         softmax with cross-entropy, squared error; accuracy
convolution.py    conv2d by im2col, and its formula in a loop
pooling.py        max_pool2d
flops.py          Flops, a machine that counts what is done to its arrays
gradcheck.py      gradients against differences
graph.py          the graph of a computation, drawn

layers.py         Linear, Conv2d, BatchNorm, one after another
models.py         MLP, CNN, Autoencoder
optimizers.py     SGD, Momentum, Adam
training.py       epochs and batches; training_torch.py: the same nets by torch
augmentation.py   images moved by a part of a pixel
digits.py         a CNN that reads 98 of 100 digits
progress.py       a bar that tells the loss
data_parallel.py  many ranks, one net; data_parallel_torch.py: DistributedDataParallel

separable.py      what linear models can say at best, by trying all
features.py       experiments: features by hand, learned, by an autoencoder
"""
