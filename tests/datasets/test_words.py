from collections import Counter

import pytest

from cme323.datasets import zipf_words
from cme323.errors import BadInput


def test_one_word_is_repeated():
    assert zipf_words(2, vocabulary=1) == ["w1", "w1"]


@pytest.mark.parametrize("exponent", [0, 1, 2.5])
def test_frequencies_follow_the_law(exponent):
    counts = Counter(zipf_words(100_000, 5, exponent))
    weights = [rank**-exponent for rank in range(1, 6)]
    for rank, weight in enumerate(weights, start=1):
        expected = 100_000 * weight / sum(weights)
        assert abs(counts[f"w{rank}"] - expected) < 5 * expected**0.5


def test_words_are_plain_strings_of_the_vocabulary():
    words = zipf_words(1000, 20)
    assert set(words) <= {f"w{rank}" for rank in range(1, 21)}
    assert {type(word) for word in words} == {str}


def test_a_seed_decides_the_text():
    assert zipf_words(50, 9, seed=1) == zipf_words(50, 9, seed=1)
    assert zipf_words(50, 9, seed=1) != zipf_words(50, 9, seed=2)


def test_no_words_are_no_words():
    assert zipf_words(0, 5) == []


@pytest.mark.parametrize(
    ("n", "vocabulary", "exponent"),
    [(-1, 5, 1), (5, 0, 1), (5, 5, -1), (5, 5, float("nan")), (5, 5, float("inf"))],
)
def test_sizes_that_are_no_sizes_are_refused(n, vocabulary, exponent):
    with pytest.raises(BadInput, match="expected n >= 0 words"):
        zipf_words(n, vocabulary, exponent)
