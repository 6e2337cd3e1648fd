import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.linalg.grid import Group, from_blocks, in_blocks, root
from cme323.network import Network
from cme323.network.all_to_all import all_to_all
from cme323.network.tree import broadcast


def test_rows_of_a_grid_talk_at_the_same_time():
    def along_rows(rank, x):
        first = rank.number - rank.number % 3
        row = Group(rank, range(first, first + 3))
        return (yield from broadcast(row, x, root=1))

    network = Network(6)
    assert network.run(along_rows, list("abcdef")) == ["b"] * 3 + ["e"] * 3
    assert network.cost.rounds == 2


def test_a_group_can_be_in_any_order():
    def backwards(rank, blocks):
        return (yield from all_to_all(Group(rank, [1, 0]), blocks))

    assert Network(2).run(backwards, [["a", "b"], ["c", "d"]]) == [
        ["d", "b"],
        ["c", "a"],
    ]


def test_blocks_come_together_again():
    a = np.arange(24).reshape(4, 6)
    blocks = in_blocks(a, 2, 3)
    np.testing.assert_array_equal(blocks[1], [[2, 3], [8, 9]])
    np.testing.assert_array_equal(from_blocks(blocks, 3), a)


def test_refuses_blocks_of_different_shapes():
    with pytest.raises(BadInput, match="4x4 cannot be cut into 3x1 equal blocks"):
        in_blocks(np.eye(4), 3, 1)


@pytest.mark.parametrize(
    ("P", "power", "shape"), [(8, 2, "a square"), (9, 3, "a cube")]
)
def test_refuses_ranks_that_are_no_grid(P, power, shape):
    with pytest.raises(BadInput, match=f"must be {shape}.*not {P}"):
        root(P, power)
