import pytest

from cme323.mapreduce import MapReduce


@pytest.fixture
def machine():
    with MapReduce(partitions=3) as machine:
        yield machine
