import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.network import Network
from cme323.network.gather import (
    all_gather,
    all_gather_cost,
    gather,
    gather_cost,
    gather_words,
    scatter,
)

SIZES = (1, 2, 3, 4, 7, 8, 13, 16)


def test_the_blocks_of_eight_ranks_come_in_three_rounds():
    network = Network(8)
    assert network.run(gather, list("abcdefgh"))[0] == list("abcdefgh")
    assert [m.words for m in network.messages if m.to == 0] == [1, 2, 4]


@given(st.lists(st.text(), min_size=1, max_size=20))
def test_what_is_scattered_is_gathered(blocks):
    P = len(blocks)
    nothing = [None] * (P - 1)
    assert Network(P).run(scatter, [blocks, *nothing]) == blocks
    assert Network(P).run(gather, blocks) == [blocks, *nothing]
    assert Network(P).run(all_gather, blocks) == [blocks] * P


@pytest.mark.parametrize("P", SIZES)
def test_both_cost_what_is_predicted(P):
    blocks = [[7] * 5] * P
    for program, each in ((gather, blocks), (scatter, [blocks, *[None] * (P - 1)])):
        network = Network(P)
        network.run(program, each)
        assert network.cost == gather_cost(5, P)


@pytest.mark.parametrize("P", SIZES)
def test_an_all_gather_costs_what_is_predicted(P):
    network = Network(P)
    network.run(all_gather, [[7] * 5] * P)
    assert network.cost == all_gather_cost(5, P)


@pytest.mark.parametrize("P", [1, 2, 4, 16, 32])
def test_a_power_of_2_gathers_half_P_log_P_blocks(P):
    assert gather_cost(1, P).records == P / 2 * (P.bit_length() - 1)


@pytest.mark.parametrize("P", [1, 2, 4, 8, 16])
def test_the_clock_is_that_of_the_words_that_pass_the_root(P):
    network = Network(P, alpha=1, beta=0.5)
    network.run(gather, [[7] * 4] * P)
    predicted = network.seconds(gather_cost(4, P).rounds, gather_words(4, P))
    assert network.clock == predicted


def test_a_list_that_is_too_short_cannot_be_scattered():
    with pytest.raises(BadInput, match="a block for each of 2 ranks, not 1"):
        Network(2).run(scatter, [["a"], None])
