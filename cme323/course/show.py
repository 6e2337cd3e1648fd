"""What a lecture shows besides pictures: code as it stands, and what runs for real."""

import inspect
from dataclasses import dataclass

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.measure import run


class Code:
    """The source of functions, as text that a notebook colours."""

    def __init__(self, *functions):
        self.text = "\n\n".join(map(inspect.getsource, functions))

    def _repr_markdown_(self):
        return f"```python\n{self.text}```"

    def __repr__(self):
        return self.text


@dataclass(frozen=True)
class SparkRun:
    """What a program gave on Spark: now, or as recorded at a date and version."""

    system = "on Spark"
    value: object
    cost: Cost
    recorded: str = ""

    def __repr__(self):
        when = f"recorded {self.recorded}" if self.recorded else "run now"
        return f"{self.system}, {when}: {self.value}, {self.cost}"


class GlooRun(SparkRun):
    """The same of a program on processes that pass messages by gloo."""

    system = "by gloo"


def on_spark(program, recorded):
    """Run program(sc) on a SparkContext, which stays for the next program: a SparkRun.

    Where Spark cannot start, a line says why and `recorded` stands in, marked so.
    """
    try:
        from cme323.engine.context_pyspark import spark_context

        sc = spark_context()
    except ImportError:
        return Skipped("PySpark is not installed", recorded)
    except BadInput as error:
        return Skipped(error, recorded)
    done = run(program, sc)
    return SparkRun(done.value, done.cost)


def on_gloo(program, recorded, ranks=4, seed=0):
    """Run program(network) on a TorchNetwork, a process for each rank: a GlooRun.

    Where torch is missing, a line says so and `recorded` stands in, marked so.
    """
    try:
        from cme323.network.machine_torch import TorchNetwork
    except ImportError:
        return Skipped("torch is not installed", recorded)
    done = run(program, TorchNetwork(ranks, seed=seed))
    return GlooRun(done.value, done.cost)


@dataclass(frozen=True)
class Skipped:
    """Why a reference did not run, and what it gave when it last did."""

    reason: object
    recorded: SparkRun

    def __repr__(self):
        return f"Skipped: {self.reason}.\nInstead, {self.recorded}"
