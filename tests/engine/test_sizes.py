import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.engine.sizes import batches, bytes_in, pieces, size_of

RECORDS = {
    "ints": lambda i: i + 10**6,
    "floats": lambda i: i + 0.5,
    "strings": lambda i: f"word {i}" * (i % 9 + 1),
    "tuples": lambda i: (i + 10**6, f"{i}", (i + 0.5, i + 0.25)),
    "lists": lambda i: [j + 10**6 + i for j in range(i % 30)],
    "dicts": lambda i: {i + 10**6: f"{i}"},
    "arrays": lambda i: np.zeros(i % 50 + 1),
}


class Point:
    def __init__(self, x):
        self.x, self.y = x + 0.5, x + 0.25


@pytest.mark.parametrize("kind", RECORDS)
def test_the_estimate_is_within_30_percent_of_what_python_allocates(kind):
    tracemalloc.start()
    try:
        records = [RECORDS[kind](i) for i in range(20_000)]
        truth, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.7 * truth < size_of(records) < 1.3 * truth


def test_an_object_is_as_large_as_what_it_holds():
    with_fields = size_of([Point(i) for i in range(100)])
    assert with_fields > size_of([(i + 0.5, i + 0.25) for i in range(100)])


def test_a_list_that_holds_itself_has_a_size():
    records = [1]
    records.append(records)
    assert size_of(records) < 1000


def test_one_large_record_is_sampled_and_not_walked():
    assert size_of([list(range(10**6))]) == pytest.approx(4e7, rel=0.3)


@given(st.lists(st.text()), st.integers(1, 500))
def test_batches_and_pieces_keep_the_records_in_order(records, size):
    for cut in ([b for b, _ in batches(records, size)], pieces(records, size)):
        assert [x for part in cut for x in part] == records
        assert all(cut)


def test_batches_grow_to_the_size_asked_for():
    sizes = [size for _, size in batches(range(10**6, 10**6 + 10**5), 10_000)]
    assert sizes[0] < 200
    assert max(sizes) < 12_000
    assert sorted(sizes)[len(sizes) // 2] > 8_000


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (7, 7),
        ("512k", 512 * 1024),
        ("256m", 1 << 28),
        ("1G", 1 << 30),
        ("2gb", 2 << 30),
    ],
)
def test_sizes_in_sparks_notation(text, size):
    assert bytes_in(text) == size


@pytest.mark.parametrize("text", ["", "m", "1.5g", "-1m", 0, -3, True, 2.5, "0k", "1x"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r'like "256m" or "1g", not'):
        bytes_in(text)
