"""Fixtures that many test files share, and the same random cases on every run."""

import os
import shutil

import pytest
from hypothesis import settings

from cme323.errors import BadInput

if not shutil.which("nvidia-smi"):
    os.environ["TRITON_INTERPRET"] = "1"  # Triton reads it when it is imported

settings.register_profile("course", deadline=None, derandomize=True, database=None)
settings.load_profile("course")


@pytest.fixture(scope="session")
def spark():
    """One Spark context for the whole run, as a JVM takes 10 s to start and warm up."""
    java = pytest.importorskip("cme323.engine.java_pyspark", reason="needs pyspark")
    context = pytest.importorskip("cme323.engine.context_pyspark")
    try:
        java.find_java()
    except BadInput as error:
        pytest.skip(str(error))
    with context.spark_context(partitions=4) as sc:
        yield sc
