import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.mapreduce import MapReduce
from cme323.mapreduce.matmul import matmul, matmul_cost


def sparse(seed, shape, density):
    rng = np.random.default_rng(seed)
    return rng.integers(1, 9, shape) * (rng.random(shape) < density)


def entries(matrix):
    return [((int(i), int(j)), int(matrix[i, j])) for i, j in np.argwhere(matrix)]


def product(machine, a, b):
    return machine.read(
        matmul(machine, machine.write(entries(a)), machine.write(entries(b)))
    )


def test_two_by_two_by_hand(machine):
    found = product(machine, np.array([[1, 2], [3, 0]]), np.array([[5, 0], [6, 7]]))
    assert dict(found) == {(0, 0): 17, (0, 1): 14, (1, 0): 15}


@given(st.integers(0, 99), st.floats(0.1, 1), st.integers(1, 4))
@settings(max_examples=30)
def test_is_numpys_product_at_no_more_than_the_predicted_cost(seed, density, parts):
    a, b = sparse(seed, (5, 4), density), sparse(seed + 100, (4, 6), density)
    with MapReduce(parts) as machine:
        assert sorted(product(machine, a, b)) == entries(a @ b)
        first, second = (job.cost for job in machine.jobs)
        predicted = matmul_cost(*([p for p, _ in entries(m)] for m in (a, b)))
        assert machine.cost <= predicted
        assert machine.cost.rounds == predicted.rounds
        assert first.records == np.count_nonzero(a) + np.count_nonzero(b)
        products = (a != 0).sum(axis=0) @ (b != 0).sum(axis=1)
        assert machine.jobs[1].counters.map_output_records == products
        assert second.records <= min(products, parts * np.count_nonzero(a @ b))


def test_an_entry_without_a_value_is_an_error(machine):
    with pytest.raises(ValueError, match="unpack"):
        matmul(machine, machine.write([(0, 1, 2.0)]), machine.write([]))
