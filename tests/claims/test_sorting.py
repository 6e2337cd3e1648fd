"""B15 and B16 notice what is planted; test_claims.py has them confirmed."""

import pytest

from cme323 import Context
from cme323.claims import claim, sorting
from cme323.claims.claim import REFUTED
from cme323.engine.actions import Actions
from cme323.parallel import psrs, sample_sort


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_B15_notices_a_first_bucket_that_is_too_small(monkeypatch):
    splitters = sample_sort.splitters

    def early(sample, buckets):
        """The first splitter two ranks too early."""
        cuts = splitters(sample, buckets)
        return [sample[max(sample.index(cut) - 2, 0)] for cut in cuts[:1]] + cuts[1:]

    monkeypatch.setattr(sample_sort, "splitters", early)
    assert "the first bucket gets (n + 1)/P on average" in refuted("B15")


def test_B15_notices_a_sample_that_is_not_random(monkeypatch):
    def first(rdd, withReplacement, num, seed=None):
        return rdd.take(num)

    monkeypatch.setattr(Actions, "takeSample", first)
    assert "the deviation shrinks as a^(-1/2)" in refuted("B15")


def test_B15_notices_a_sample_of_half_the_size(monkeypatch):
    drawn = Actions.takeSample

    def fewer(rdd, withReplacement, num, seed=None):
        return drawn(rdd, withReplacement, num // 2, seed)

    monkeypatch.setattr(Actions, "takeSample", fewer)
    assert "its square is (1 - aP/(n + 1))(P - 1)/(aP + 1)" in refuted("B15")


def test_B16_notices_samples_from_one_end_of_a_partition(monkeypatch):
    monkeypatch.setattr(psrs, "regular_sample", lambda run, size: run[:size])
    assert "distinct records: at most 2n/P" in refuted("B16")


def test_B16_notices_too_few_samples(monkeypatch):
    regular = psrs.regular_sample
    monkeypatch.setattr(
        psrs, "regular_sample", lambda run, size: regular(run, size // 2)
    )
    assert "distinct records: at most 2n/P" in refuted("B16")


def test_B16_notices_samples_from_the_middle_of_the_blocks(monkeypatch):
    regular = psrs.regular_sample
    monkeypatch.setattr(
        psrs, "regular_sample", lambda run, size: regular(run, 2 * size)[1::2]
    )
    assert refuted("B16") == ["an adversary attains 2n/P - n/P^2 - P + 1"]


def test_neighbouring_seeds_share_draws_and_ours_do_not():
    def positions(seed):
        sample = Context(2).range(200).sample(False, 0.5, seed)
        return sample.map(lambda x: x % 100).glom().collect()

    assert positions(0)[1] == positions(1)[0]
    first, second = map(positions, sorting.seeds(2))
    assert all(part not in second for part in first)


@pytest.mark.parametrize("block", [2, 5])
@pytest.mark.parametrize("partitions", [3, 6])
def test_the_adversary_has_distinct_records_in_sorted_partitions(partitions, block):
    records = sorting.adversary(partitions, block)
    assert len(set(records)) == partitions**2 * block
    parts = Context(partitions).parallelize(records).glom().collect()
    assert all(part == sorted(part) for part in parts)
