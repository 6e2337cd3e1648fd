"""The claims of the course, each with its experiments and negative controls.

claim.py       Claim, Experiment, Report
verdicts.py    Equal, AtMost, Slope, Within, Crossover
chart.py       a finding as a picture, on the scales of scales.py
moves.py       counts what changes partition, and what comes to each
families.py    graphs, and what the work-depth machine counts on them
explore_ipywidgets.py   sliders for the sizes of a claim

schedules.py   part A: greedy schedules
speedup.py     part A: Amdahl, Gustafson
lists.py       part A: list scheduling, LPT
divide.py      part A: sums, scans, mergesort
pivots.py      part A: quicksort, quickselect
multiplying.py part A: Strassen, Karatsuba
contraction.py part A: spanning forests, components
symmetry.py    part A: independent sets, list ranking
dataflow.py    part B: laziness, combiners, partitioners
faults.py      part B: losing a machine
checkpoints.py part B: how often to save
memory.py      part B: caching and paging
on_disk.py     part B: the same in bytes, beside MapReduce
joins.py       part B: joins, set operations
sorting.py     part B: sample sort, regular sampling
skew.py        part B: frequent keys
messages.py    part B: message passing, allreduce
sampling.py    part B: simple random sampling
matrices.py    part C: products of dense matrices in one round and two
sparse.py      part C: sparse products, Gram matrices
grids.py       part C: products on a line, a square, a cube of ranks
tall.py        part C: rounding of Gram matrices, TSQR
graphs.py      part D: PageRank
rooflines.py   part F: flops, bytes and how fast it can be
gradients.py   part F: what gradients cost, and how to check them
layers.py      part F: backward is right, convolution is a matrix product
networks.py    part F: autoencoders, training on many ranks
separating.py  part F: what linear models cannot say
descent.py     part E: gradient descent, certificates
stochastic.py  part E: minibatches, plateaus, averages, Pegasos
asynchronous.py   part E: Hogwild, the limit of delay
distributed.py part E: a gradient summed over machines
"""

from itertools import chain

from cme323.claims import (
    asynchronous,
    checkpoints,
    contraction,
    dataflow,
    descent,
    distributed,
    divide,
    faults,
    gradients,
    graphs,
    grids,
    joins,
    layers,
    lists,
    matrices,
    memory,
    messages,
    multiplying,
    networks,
    pivots,
    rooflines,
    sampling,
    schedules,
    separating,
    skew,
    sorting,
    sparse,
    speedup,
    stochastic,
    symmetry,
    tall,
)
from cme323.datasets import import_graph
from cme323.errors import BadInput


def claims(ids=(), real=import_graph):
    """The claims with these ids, or all; raises BadInput for an unknown id.

    real: gives the edges of the graph that the claims about graphs call real.
    """
    modules = (
        schedules,
        speedup,
        lists,
        divide,
        pivots,
        multiplying,
        contraction,
        symmetry,
        dataflow,
        faults,
        checkpoints,
        memory,
        joins,
        sorting,
        skew,
        messages,
        sampling,
        matrices,
        sparse,
        grids,
        tall,
        rooflines,
        gradients,
        layers,
        networks,
        separating,
        descent,
        stochastic,
        asynchronous,
        distributed,
    )
    fixed = chain.from_iterable(module.CLAIMS for module in modules)
    every = sorted(chain(fixed, graphs.claims(real)), key=_place)
    known = {claim.id: claim for claim in every}
    unknown = [name for name in ids if name.upper() not in known]
    if unknown:
        raise BadInput(
            f"there is no claim {unknown[0]!r}: the claims are {', '.join(known)}"
        )
    return [known[name.upper()] for name in ids or known]


def claim(name):
    """The claim with this id.

    >>> claim("B13").title
    'Co-partitioned joins'
    """
    return claims([name])[0]


def _place(claim):
    """B9 before B10, and that before D1."""
    return claim.id[0], int(claim.id[1:])
