"""Matrices on a cluster: distributed matrices, their products, Gram matrices and QR.

row_matrix.py         RowMatrix: an RDD of rows
coordinate_matrix.py  CoordinateMatrix: an RDD of nonzeros; its product is a join
block_matrix.py       BlockMatrix: an RDD of blocks; its product replicates them

The product, rung by rung; Strassen's is in cme323/parallel/strassen.py:

matmul.py             three loops, and by blocks
cache.py              a cache of M words that counts what moves for them
roofline.py           how fast it can be, by flops and bytes
matmul_mapreduce.py   one round and two rounds, by reducers of q inputs
matmul_1d.py          ranks with rows each: n² words come to each
summa.py              a square grid of ranks: blocks are told along rows and columns
cannon.py             a square grid of ranks: blocks go round
matmul_3d.py          a cube of ranks: fewer words, more memory
grid.py               Group: some of the ranks as a network of their own

Tall, thin matrices:

gram.py               AᵀA by outer products, naive and with local sums
orthogonal.py         Q by Cholesky's and by Gram and Schmidt's way
tsqr.py               QR by a tree of small QRs

The libraries' products: matmul_torch.py (CPU or CUDA), matmul_triton.py (kernels from
scratch for a GPU), block_matrix_pyspark.py (MLlib's).
"""
