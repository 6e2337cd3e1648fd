import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.network import Network
from cme323.network.all_to_all import all_to_all, all_to_all_cost


def blocks(P):
    return [[(source, to) for to in range(P)] for source in range(P)]


@given(st.integers(1, 16))
def test_the_blocks_are_transposed(P):
    assert Network(P).run(all_to_all, blocks(P)) == [
        [(source, to) for source in range(P)] for to in range(P)
    ]


@pytest.mark.parametrize("P", [1, 2, 3, 8, 13])
def test_costs_what_is_predicted_and_loads_all_links_alike(P):
    network = Network(P, alpha=1, beta=0.5)
    network.run(all_to_all, blocks(P))
    predicted = all_to_all_cost(2, P)
    assert network.cost == predicted
    assert network.clock == network.seconds(predicted.rounds, 2 * (P - 1))
    assert set(network.traffic.values()) <= {2}
    assert len(network.traffic) == P * (P - 1)


def test_a_block_is_needed_for_each_rank():
    with pytest.raises(BadInput, match="a block for each of 2 ranks, not 3"):
        Network(2).run(all_to_all, [[1, 2, 3], [1, 2, 3]])
