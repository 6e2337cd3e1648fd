"""PageRank by GraphX, Spark's graph library in Scala, called from Python.

GraphX starts from r(v) = 1, repeats `iterations` times

    r(v)  <-  (1 - d)  +  d * sum over edges u->v of r(u) / outdegree(u)

and scales the result at the end. The rank of a sink is lost on the way, not spread
over all pages. Spreading it evenly only multiplies the fixed point by a number, so
after the scaling the limit is networkx's; after few iterations a graph with sinks
has other ranks than networkx's.

Each iteration is two shuffles. GraphX plans every earlier one again (and skips its
stages), so time grows with the square of `iterations`: use tens, not hundreds.
"""

import ast
import tempfile
from pathlib import Path

from pyspark import SparkContext

from cme323.errors import BadInput


def pagerank(sc, edges, damping=0.85, iterations=20, *, partitions=None):
    """{page: rank} after `iterations` steps; ranks sum to 1.

    sc: from `spark_context`.
    edges: pairs (page, page that it links to); repeated pairs count once.
    partitions: of the edges in GraphX; by default those of `sc`.
    Raises BadInput for a damping outside [0, 1] or an edge that is no pair.
    """
    edges = list(edges)
    check(sc, edges, damping, iterations)
    edges = dict.fromkeys(map(tuple, edges))  # GraphX would count a repeated pair twice
    pages = list(dict.fromkeys(page for edge in edges for page in edge))
    number = {page: i for i, page in enumerate(pages)}
    lines = "".join(f"{number[u]} {number[v]}\n" for u, v in edges)
    ranks = graphx(sc, lines, damping, iterations, partitions or sc.defaultParallelism)
    total = sum(rank for _, rank in ranks)  # GraphX makes it the number of pages
    return {pages[i]: rank / total for i, rank in sorted(ranks)}


def check(sc, edges, damping, iterations):
    """Raise BadInput for what GraphX would refuse in Java's words."""
    if not isinstance(sc, SparkContext):
        raise BadInput(
            f"expected a Spark context for GraphX, got a {type(sc).__name__}: make one "
            "with cme323.engine.context_pyspark.spark_context()"
        )
    if not 0 <= damping <= 1 or iterations < 1:
        raise BadInput(
            "expected damping from 0 to 1 and at least 1 iteration, got "
            f"damping={damping} and iterations={iterations}: change them"
        )
    for edge in edges:
        if not isinstance(edge, tuple | list) or len(edge) != 2:
            raise BadInput(
                f"expected each edge as a pair (source, target), got {edge!r}: "
                "give a list of pairs"
            )


def graphx(sc, lines, damping, iterations, partitions):
    """[(page number, rank)] from an edge list of numbers, one edge a line."""
    if not lines:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "edges.txt")
        path.write_text(lines)
        graph = load(sc, path, partitions)
        int_tag = sc._jvm.scala.reflect.ClassTag.Int()  # of GraphLoader's attributes
        algorithm = sc._jvm.org.apache.spark.graphx.lib.PageRank
        ranked = algorithm.run(graph, iterations, float(1 - damping), int_tag, int_tag)
        # One string, else each pair would be a call; Java's doubles read as Python's.
        ranks = ranked.vertices().toJavaRDD().collect().toString()
    # What GraphX cached on the way goes when Java collects its garbage.
    for cached in (graph, ranked):
        cached.unpersist(True)
    return ast.literal_eval(ranks)


def load(sc, path, partitions):
    """GraphX's graph of an edge list on disk, in memory."""
    level = sc._jvm.org.apache.spark.storage.StorageLevel.MEMORY_ONLY()
    return sc._jvm.org.apache.spark.graphx.GraphLoader.edgeListFile(
        sc._jsc.sc(), path.as_uri(), False, partitions, level, level
    )
