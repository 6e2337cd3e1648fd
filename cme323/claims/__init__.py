"""The claims of the course, each with its experiments and negative controls.

claim.py      Claim, Experiment, Report
verdicts.py   Equal, AtMost, Slope, Within, Crossover
dataflow.py   part B: laziness, combiners, partitioners
graphs.py     part D: PageRank
"""

from cme323.claims import dataflow, graphs
from cme323.datasets import import_graph
from cme323.errors import BadInput


def claims(ids=(), real=import_graph):
    """The claims with these ids, or all; raises BadInput for an unknown id.

    real: gives the edges of the graph that the claims about graphs call real.
    """
    known = {claim.id: claim for claim in (*dataflow.CLAIMS, *graphs.claims(real))}
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
