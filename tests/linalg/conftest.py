import pytest

from cme323 import Context


@pytest.fixture
def sc():
    return Context(partitions=3)
