import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.engine import Partitioner, portable_hash

keys = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=6,
)


@given(keys, st.integers(1, 50))
def test_every_key_has_a_partition(key, partitions):
    assert 0 <= Partitioner(partitions)(key) < partitions


def test_equal_keys_of_different_types_share_a_partition():
    assert portable_hash(1) == portable_hash(1.0) == portable_hash(np.int64(1))
    assert portable_hash(("a", 1)) == portable_hash(("a", True))


def test_every_nan_has_the_same_place():
    assert portable_hash(float("nan")) == portable_hash(np.float64("nan")) == 0
    assert portable_hash(("a", float("nan"))) == portable_hash(("a", float("nan")))


@given(st.lists(st.integers(), max_size=5))
def test_a_frozenset_hashes_alike_in_any_order(items):
    assert portable_hash(frozenset(items)) == portable_hash(frozenset(items[::-1]))


def test_a_hash_is_the_same_in_another_process():
    program = (
        "from cme323.engine import portable_hash as h; print(h(('spark', 1, None)))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs == [f"{portable_hash(('spark', 1, None))}\n"] * 2


def test_partitioners_are_equal_if_number_and_function_are():
    assert Partitioner(4) == Partitioner(4)
    assert Partitioner(4) != Partitioner(5)
    assert Partitioner(4) != Partitioner(4, hash)


@pytest.mark.parametrize("key", [[1], {}, object()])
def test_refuses_a_key_that_has_no_stable_hash(key):
    with pytest.raises(TypeError, match="cannot place a key of type"):
        portable_hash(key)
