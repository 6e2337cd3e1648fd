import json
import math
from collections import OrderedDict, defaultdict, namedtuple
from enum import IntEnum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cme323.course.grade import wire
from cme323.course.grade.decode import DECODERS, Malformed, decode
from cme323.course.grade.refusal import Refused
from cme323.pram import PRAM

hashable = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**60, max_value=2**300)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.frozensets(inner),
    max_leaves=8,
)
plain = st.recursive(
    hashable,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.binary().map(bytearray)
        | st.lists(inner, max_size=4).map(tuple)
        | st.sets(hashable, max_size=4)
        | st.dictionaries(hashable, inner, max_size=4)
    ),
    max_leaves=12,
)
json_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(st.sampled_from(sorted(DECODERS)), inner).map(list)
        | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=12,
)


def round_trip(value):
    return decode(json.loads(json.dumps(wire.encode(value))))


def exact(value):
    """`value` in words that differ wherever a type or a value differs."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return f"{kind}{[(exact(k), exact(v)) for k, v in value.items()]}"
    if isinstance(value, set | frozenset):
        return f"{kind}{sorted(map(exact, value))}"
    if isinstance(value, list | tuple):
        return f"{kind}{[exact(item) for item in value]}"
    return f"{kind}({value!r})"


def nested(depth):
    value = 0
    for _ in range(depth):
        value = [value]
    return value


def test_a_value_comes_back_as_it_was():
    value = {"a": [1, True, None], (2, 3): {4.5, b"six"}, 2**100: -0.0}
    assert exact(round_trip(value)) == exact(value)


def test_a_value_that_a_pram_counts_goes_as_the_value():
    one, two = PRAM().array([1, 2.5])
    assert exact(round_trip([one, (two, "x")])) == exact([1, (2.5, "x")])


@given(plain)
def test_all_plain_data_comes_back_with_its_types(value):
    assert exact(round_trip(value)) == exact(value)


@given(arrays.arrays(arrays.scalar_dtypes(), arrays.array_shapes(min_side=0)))
def test_arrays_come_back_with_dtype_and_shape(array):
    back = round_trip(array)
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()


@given(arrays.from_dtype(np.dtype("f4")) | arrays.from_dtype(np.dtype("M8[s]")))
def test_numpy_scalars_come_back_as_numpy_scalars(scalar):
    back = round_trip(scalar)
    assert type(back) is type(scalar)
    assert back.tobytes() == scalar.tobytes()


@pytest.mark.parametrize("scalar", [np.True_, np.int8(-3), np.str_("é"), np.str_("")])
def test_other_numpy_scalars_too(scalar):
    assert type(round_trip(scalar)) is type(scalar)
    assert round_trip(scalar) == scalar


def test_many_members_come_back_where_few_hashes_are_equal():
    powers = {2.0**n for n in range(-1000, 1000)} | {3**n for n in range(3000)}
    for value in (powers, dict.fromkeys(2**n for n in range(3000))):
        assert round_trip(value) == value


def test_an_integer_of_any_size_comes_back():
    assert round_trip(-(3**100_000)) == -(3**100_000)


def test_nan_and_infinity_are_kept():
    nan, infinity = round_trip([math.nan, -math.inf])
    assert math.isnan(nan)
    assert infinity == -math.inf


class IntSubclass(int):
    pass


class Colour(IntEnum):
    RED = 1


class RDD:
    pass


class Slices(RDD):
    pass


class EqualToAll:
    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (defaultdict(int), "a defaultdict; give dict(...)"),
        (OrderedDict(), "an OrderedDict; give dict(...)"),
        (IntSubclass(3), "an IntSubclass; give int(...)"),
        (Colour.RED, "a Colour; give int(...)"),
        (namedtuple("Edge", "u v")(1, 2), "an Edge; give tuple(...)"),
        (Slices(), "an RDD; give its collect()"),
        (range(3), "a range; give list(...)"),
        ((n for n in [1]), "a generator; give list(...)"),
        (zip(), "a zip; give list(...)"),
        (len, "a builtin_function_or_method; give plain data"),
        (EqualToAll(), "an EqualToAll; give plain data"),
        ([1, (RDD(),)], "a list with an RDD inside; give its collect()"),
        (np.array([None]), "an array of objects; give an array of numbers"),
        (np.zeros(1).view(np.recarray), "a recarray; give plain data"),
        ({(2**61 - 1) * n for n in range(500)}, "a set of colliding hashes; give a"),
        ([{(2**61 * n - n, 0): n for n in range(500)}], "a list with a dict of coll"),
        (nested(101), "a list nested more than 100 deep; give a flatter one"),
        (b"x" * wire.LIMIT, "more than 64 MiB of data; give less"),
        (np.broadcast_to(0, 10**12), "more than 64 MiB of data; give less"),
    ],
)
def test_other_objects_are_refused_with_a_sentence(value, sentence):
    with pytest.raises(Refused) as refused:
        wire.encode(value)
    assert str(refused.value).startswith(sentence)


def test_what_contains_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(Refused, match="nested more than 100 deep"):
        wire.encode(loop)


def test_what_doubles_at_every_level_is_refused(monkeypatch):
    monkeypatch.setattr(wire, "LIMIT", 2**20)
    value = []
    for _ in range(90):
        value = [value, value]
    with pytest.raises(Refused, match="more than 1 MiB"):
        wire.encode(value)


@given(json_trees)
def test_a_lie_gives_plain_data_or_malformed(tree):
    try:
        value = decode(tree)
    except Malformed:
        return
    wire.encode(value)


@pytest.mark.parametrize(
    "lie",
    [
        {},
        [],
        ["list"],
        ["eval", "1"],
        [["list"], 1],
        ["int", 5],
        ["int", "five"],
        ["set", [["list", []]]],
        ["set", [1, True]],
        ["dict", [[1, 2], [1, 3]]],
        ["dict", [[1]]],
        ["frozenset", [["int", hex((2**61 - 1) * n)] for n in range(500, 50_000)]],
        ["dict", [[["complex", [1000003.0 * n, -1.0 * n]], 0] for n in range(50_000)]],
        ["bytes", "é"],
        ["array", "AAAA"],
        ["scalar", ["O", "AAAAAAAAAAA="]],
        ["scalar", ["<f8", "AAAA"]],
        ["scalar", ["f8,f8", "AAAA"]],
    ],
)
def test_lies_are_malformed(lie):
    with pytest.raises(Malformed):
        decode(lie)


def test_nesting_beyond_all_measure_is_malformed():
    tree = []
    for _ in range(100_000):
        tree = ["list", [tree]]
    with pytest.raises(Malformed):
        decode(tree)


def npy(descr, shape):
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}\n"
    magic = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    return wire.encode(magic + header.encode() + bytes(8))[1]


def test_an_array_must_be_as_long_as_it_says():
    assert decode(["array", npy("<f8", (1,))]) == [0.0]
    for descr, shape in [
        ("<f8", (0,)),
        ("<f8", (10**15,)),
        ("|O", (1,)),
        ("<f8", (-1,)),
    ]:
        with pytest.raises(Malformed):
            decode(["array", npy(descr, shape)])
