"""What a lecture shows besides pictures: code as it stands, and Spark beside it."""

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
    """What a program gave on Spark: now, or `recorded` where Spark is not here."""

    value: object
    cost: Cost
    recorded: str | None = None

    def __repr__(self):
        if self.recorded:
            return (
                f"Skipped: {self.recorded} Recorded earlier: {self.value}, {self.cost}"
            )
        return f"Spark, run now: {self.value}, {self.cost}"


def on_spark(program, value, cost):
    """Run program(sc) on a SparkContext: a SparkRun.

    Where Spark cannot start, that says why and shows the recorded value and cost.
    """
    try:
        from cme323.engine.context_pyspark import spark_context

        with spark_context() as sc:
            done = run(program, sc)
    except ImportError:
        return SparkRun(value, cost, "PySpark is not installed.")
    except BadInput as error:
        return SparkRun(value, cost, str(error))
    return SparkRun(done.value, done.cost)
