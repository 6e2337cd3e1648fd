"""A network of ranks: times by hand, words counted, and deadlocks told."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Cost
from cme323.errors import BadInput
from cme323.network import Deadlock, Link, Network


def ping(rank, size=2):
    """Rank 0 sends `size` zeros to rank 1."""
    if rank.number == 0:
        yield rank.send(1, np.zeros(size))
        return None
    if rank.number == 1:
        return (yield rank.receive(0))


def shift(rank, value):
    """Each rank's value goes to the next."""
    right, left = (rank.number + 1) % rank.size, (rank.number - 1) % rank.size
    return (yield rank.exchange(right, value, left))


def all_send_first(rank):
    other = 1 - rank.number
    yield rank.send(other, 1)
    return (yield rank.receive(other))


def slow_unit(ranks, **settings):
    return Network(ranks, alpha=1, beta=0.5, gamma=0.25, **settings)


def test_a_message_takes_alpha_and_beta_for_each_word():
    network = slow_unit(2)
    _, received = network.run(ping, size=4)
    assert received.tolist() == [0, 0, 0, 0]
    assert network.clock == 1 + 0.5 * 4
    assert network.cost == Cost(work=0, rounds=1, records=4, messages=1)


def test_a_receiver_takes_one_message_after_another():
    def to_0(rank):
        if rank.number:
            yield rank.send(0, rank.number)
            return None
        got = []
        for source in range(1, rank.size):
            got.append((yield rank.receive(source)))
        return got

    network = slow_unit(4)
    assert network.run(to_0)[0] == [1, 2, 3]
    assert network.clock == 3 * 1.5
    assert network.cost.rounds == 3


def test_all_links_of_a_ring_carry_at_once():
    network = slow_unit(5)
    assert network.run(shift, [0, 10, 20, 30, 40]) == [40, 0, 10, 20, 30]
    assert network.clock == 1.5
    assert network.cost == Cost(work=0, rounds=1, records=5, messages=5)
    assert network.traffic == {(0, 1): 1, (1, 2): 1, (2, 3): 1, (3, 4): 1, (4, 0): 1}


def test_computing_takes_gamma_for_each_word_of_the_longest_value():
    def program(rank, x):
        return (yield rank.compute(np.sum, x))

    network = slow_unit(2)
    assert network.run(program, [np.ones(8), np.ones(4)]) == [8, 4]
    assert network.clock == 0.25 * 8
    assert network.cost.work == 12


def test_what_ran_elsewhere_is_counted_too():
    network = Network(2)
    network.run(ping)
    network.charge(Cost(work=1, rounds=2, records=3, messages=4))
    assert network.cost == Cost(work=1, rounds=3, records=5, messages=5)


def test_a_second_run_goes_on_where_the_first_ended():
    network = slow_unit(3)
    for _ in range(2):
        network.run(shift, [1, 2, 3])
    assert network.clock == 3
    assert network.cost == Cost(work=0, rounds=2, records=6, messages=6)


def test_what_is_sent_is_a_copy():
    def program(rank):
        if rank.number == 0:
            x = [1, 2]
            yield rank.send(1, x)
            x.append(3)
            return None
        got = yield rank.receive(0)
        yield rank.compute(sum, [])
        return got

    assert Network(2).run(program)[1] == [1, 2]


@given(st.lists(st.integers(), min_size=2, max_size=9), st.integers(1, 12))
def test_a_token_that_is_shifted_round_is_where_arithmetic_says(values, steps):
    def around(rank, value):
        for _ in range(steps):
            value = yield from shift(rank, value)
        return value

    network, size = Network(len(values), alpha=1, beta=0), len(values)
    expected = [values[(number - steps) % size] for number in range(size)]
    assert network.run(around, values) == expected
    assert network.clock == steps == network.cost.rounds
    assert sum(network.sent) == sum(network.received) == network.cost.records


def test_ranks_draw_by_seed_and_number():
    def draw(rank):
        return (yield rank.compute(rank.rng.random))

    first = Network(3, seed=1).run(draw)
    assert first == Network(3, seed=1).run(draw) != Network(3, seed=2).run(draw)
    assert len(set(first)) == 3


def test_a_slow_link_slows_what_goes_over_it():
    network = slow_unit(4, links={(1, 2): Link(slow=3)})
    network.run(shift, [0] * 4)
    assert network.clock == 3 * 1.5
    assert [m.end for m in network.messages] == [1.5, 4.5, 1.5, 1.5]


def test_a_lossy_link_that_resends_takes_one_over_one_minus_loss_tries():
    def many(rank):
        for _ in range(2000):
            yield from ping(rank, 1)

    network = Network(2, alpha=1, links={(0, 1): Link(loss=0.2, resend=True)}, beta=0)
    network.run(many)
    assert network.clock == network.cost.messages
    assert network.cost.messages == pytest.approx(2000 / 0.8, rel=0.05)
    assert network.received == [0, 2000]


def test_what_is_lost_can_be_asked_for_again():
    def until_answered(rank):
        if rank.number == 1:
            question = yield rank.receive(0)
            yield rank.send(0, question + 1)
            return None
        for tried in range(1, 100):
            yield rank.send(1, 41)
            try:
                return tried, (yield rank.receive(1, timeout=5))
            except TimeoutError:
                continue

    lossy = slow_unit(2, seed=0, links={(0, 1): Link(loss=0.7)})
    (tried, answer), _ = lossy.run(until_answered)
    assert answer == 42
    assert tried == 1 + sum(message.lost for message in lossy.messages) > 1


def test_a_timeout_does_not_stop_a_message_that_has_begun():
    def program(rank):
        if rank.number:
            return (yield rank.receive(0, timeout=0.5))
        yield rank.send(1, 7)

    assert slow_unit(2).run(program)[1] == 7


def test_a_timeout_that_is_void_does_not_move_the_clock():
    def program(rank):
        if rank.number:
            yield rank.receive(0, timeout=100)
            return (yield rank.receive(0))
        yield rank.send(1, 7)

    network = slow_unit(2)
    with pytest.raises(Deadlock, match=r"deadlock at second 1\.5: rank 1 waits"):
        network.run(program)
    assert network.clock == 1.5


def test_a_timeout_comes_when_it_is_due():
    def program(rank):
        try:
            yield rank.receive((rank.number + 1) % 2, timeout=2 + rank.number)
        except TimeoutError:
            return "late"

    network = slow_unit(2)
    assert network.run(program) == ["late", "late"]
    assert network.clock == 3


def test_two_that_send_first_are_told_that_they_wait_for_each_other():
    with pytest.raises(Deadlock) as caught:
        Network(2).run(all_send_first)
    assert str(caught.value) == (
        "deadlock at second 0: rank 0 waits to send to rank 1; rank 1 waits to send to "
        "rank 0; each of 0 -> 1 -> 0 waits for the next; let one of them receive "
        "first, or all of them exchange"
    )
    assert caught.value.waits == {0: [1], 1: [0]}
    assert caught.value.circle == [0, 1]
    assert caught.value._repr_markdown_() == (
        "**deadlock at second 0**\n\n- rank 0 waits to send to rank 1\n- rank 1 waits "
        "to send to rank 0\n- each of 0 -> 1 -> 0 waits for the next\n- let one of "
        "them receive first, or all of them exchange"
    )


def test_one_that_waits_for_a_rank_that_has_ended_is_told_so():
    def program(rank):
        if rank.number == 2:
            yield rank.receive(0)

    with pytest.raises(Deadlock, match="rank 2 waits to receive from rank 0, which"):
        Network(3).run(program)


def test_two_that_receive_first_are_told_that_one_should_send():
    def program(rank):
        yield rank.receive(1 - rank.number)

    with pytest.raises(Deadlock, match=r"; let one of them send first$"):
        Network(2).run(program)


def test_order_is_not_blamed_where_a_message_was_lost():
    def ask_and_wait(rank):
        if rank.number == 0:
            yield rank.send(1, "a question")
        yield rank.receive(1 - rank.number)

    with pytest.raises(Deadlock, match="1 of whose messages were lost") as caught:
        Network(2, links={(0, 1): Link(loss=1)}).run(ask_and_wait)
    assert caught.value.circle == [0, 1]
    assert "let one" not in str(caught.value)


def test_a_circle_is_found_among_those_that_wait_for_it():
    def program(rank):
        yield rank.receive((2, 2, 3, 1)[rank.number])

    with pytest.raises(Deadlock) as caught:
        Network(4).run(program)
    assert caught.value.circle == [1, 2, 3]


def test_a_cut_link_is_named_in_the_deadlock_that_it_makes():
    network = slow_unit(2, links={(0, 1): Link(cut=2)})
    network.run(ping, size=2)
    with pytest.raises(
        Deadlock, match=r"receive from rank 0 \(1 of whose messages were lost"
    ):
        network.run(ping, size=2)
    assert network.received == [0, 2]
    assert network.sent == [4, 0]


def test_an_error_tells_the_rank_and_the_second():
    def program(rank):
        yield rank.compute(np.sum, np.ones(4))
        if rank.number == 1:
            raise ZeroDivisionError("mine")

    network = slow_unit(2)
    with pytest.raises(ZeroDivisionError) as caught:
        network.run(program)
    assert caught.value.__notes__ == ["at rank 1, second 1"]
    assert network.run(shift, [1, 2]) == [2, 1]


def test_what_is_no_program_or_no_request_is_refused():
    with pytest.raises(BadInput, match="must be a generator function"):
        Network(2).run(lambda rank: 3)

    def wrong(rank):
        yield 5

    with pytest.raises(BadInput, match=r"rank 0 yielded 5: yield rank\.send"):
        Network(2).run(wrong)


@pytest.mark.parametrize(
    ("request_for", "says"),
    [
        (lambda rank: rank.send(1, rank.receive(1)), "write x = yield rank.receive("),
        (lambda rank: rank.send(1, shift(rank, 3)), "write x = yield from shift(rank"),
        (lambda rank: shift(rank, 3), "yielded the program shift(): write yield from"),
    ],
)
def test_a_forgotten_yield_is_told(request_for, says):
    def program(rank):
        if rank.number == 0:
            yield request_for(rank)
        else:
            yield rank.receive(0)

    with pytest.raises(BadInput, match=re.escape(says)):
        Network(2).run(program)


def test_a_list_that_is_too_short_is_refused():
    with pytest.raises(BadInput, match="an item for each of 3 ranks, not 2"):
        Network(3).run(shift, [1, 2])


@pytest.mark.parametrize("other", [-1, 0, 2, "1"])
def test_a_rank_cannot_send_to_itself_or_to_nobody(other):
    def program(rank):
        yield rank.send(other, 1)

    with pytest.raises(BadInput, match=r"the other ranks of 0 to 1, not"):
        Network(2).run(program)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"ranks": 0}, "ranks must be"),
        ({"ranks": 2, "alpha": -1}, "alpha must be seconds from 0"),
        ({"ranks": 2, "links": {(0, 2): Link()}}, "ranks 0 to 1"),
        ({"ranks": 2, "links": {(0, 1): 3}}, "must be a Link"),
        ({"ranks": 2, "links": [(0, 1)]}, "links must be"),
    ],
)
def test_a_network_that_cannot_be_is_refused(settings, says):
    with pytest.raises(BadInput, match=says):
        Network(**settings)


def test_a_link_that_cannot_be_is_refused():
    with pytest.raises(BadInput, match="loss must be a number from 0 to 1"):
        Link(loss=2)
    with pytest.raises(BadInput, match="cut it"):
        Link(loss=1, resend=True)


def test_a_value_that_has_no_words_is_refused():
    def program(rank):
        return (yield rank.compute(object))

    with pytest.raises(BadInput, match="has no object in it"):
        Network(2).run(program)
