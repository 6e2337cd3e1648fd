"""Packing: large arrays travel beside the pickle, and arrive as they were."""

import threading
from multiprocessing import Pipe

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.engine.blocks import MemoryBlock, write_blocks
from cme323.engine.packing import LARGE, apart, copied, pickled, receive, send, together

SHAPES = st.sampled_from([(0,), (3,), (LARGE // 8 - 1,), (LARGE // 8,), (100, 200)])
KINDS = st.sampled_from(["f8", "f4", "i8", ">i2", "c16", "?", "M8[s]"])


def array(shape=(100, 100), kind="f8", order="C"):
    return np.arange(np.prod(shape)).astype(kind).reshape(shape, order=order)


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@given(SHAPES, KINDS, st.sampled_from("CF"))
def test_an_array_of_any_kind_comes_together_as_it_was(shape, kind, order):
    data = {"x": array(shape, kind, order), "n": 1}
    there = together(copied(apart(data)))
    assert same(there["x"], data["x"])
    assert there["n"] == 1


@pytest.mark.parametrize(("size", "large"), [(LARGE - 8, 0), (LARGE, 1)])
def test_only_a_large_array_travels_beside_the_pickle(size, large):
    assert len(apart(np.zeros(size // 8))) == 1 + large


def test_a_view_with_gaps_travels_within():
    assert same(together(apart(array()[:, ::2])), array()[:, ::2])


def test_one_array_named_twice_travels_once():
    x = array()
    a, b = together(copied(apart([x, x])))
    assert a is b


def test_what_is_copied_no_longer_changes_with_its_source():
    x = array()
    parts = copied(apart(x))
    x[:] = -1
    assert same(together(parts), array())


def test_an_array_that_arrived_can_be_changed():
    together(copied(apart(array())))[0] = 7


def test_a_class_of_the_script_comes_along_only_to_another_process(monkeypatch):
    import __main__

    class Mine:
        x = array()

    Mine.__module__, Mine.__qualname__ = "__main__", "Mine"
    monkeypatch.setattr(__main__, "Mine", Mine, raising=False)
    data = [Mine(), array()]
    here, there = apart(data, elsewhere=False), apart(data)
    assert len(here) == 2 < len(there) == 3  # with the array of the class
    assert len(pickled(data)) > len(here[0])


def test_parts_travel_over_a_connection():
    ours, theirs = Pipe()
    data = [1, array((300, 300)), "between", array((10,))]
    sender = threading.Thread(target=send, args=(ours, apart(data)))
    sender.start()
    there = together(receive(theirs))
    sender.join()
    assert there[2] == "between"
    assert all(same(there[i], data[i]) for i in (1, 3))
    there[1][0] = 7


def test_who_changes_a_record_that_was_read_changes_a_copy():
    block = MemoryBlock(["k"], [array()])
    for _ in "ab":
        ((_, (x,)),) = block.pieces()
        assert same(x, array())
        x[:] = -1


def test_a_shuffle_keeps_the_array_that_was_written(sc):
    x = array()
    pairs = sc.parallelize([(0, x)]).partitionBy(2)
    first = dict(pairs.collect())[0]
    first[:] = -1
    assert same(dict(pairs.collect())[0], array())


def test_a_file_that_was_cut_off_within_an_array_is_refused(tmp_path):
    path = tmp_path / "shuffle"
    (block,) = write_blocks(path, {0: (["k"], [array()])}).values()
    assert same(next(block.pieces())[1][0], array())
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(OSError, match="cut off"):
        next(block.pieces())
