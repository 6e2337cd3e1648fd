"""Distributed algorithms from scratch, where every theorem runs."""

from cme323.cost import Cost
from cme323.engine import Cluster, Context

__version__ = "0.1.0"
__all__ = ["Cluster", "Context", "Cost"]
