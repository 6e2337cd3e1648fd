import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.nn.models import CNN, MLP, Autoencoder


def test_equal_seeds_give_equal_nets():
    first, same, other = (MLP([5, 4, 3], seed=s).parameters[0].value for s in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_scores_may_be_negative():
    assert MLP([3, 200, 9])(np.ones((1, 3))).value.min() < 0
    assert CNN([1, 4], 4, 3)(np.ones((9, 1, 4, 4))).value.min() < 0


def test_a_cnn_has_the_parameters_of_the_textbook():
    conv, linear = 16 * 1 * 9 + 16 + 32 * 16 * 9 + 32, 32 * 2 * 2 * 10 + 10
    assert CNN([1, 16, 32], side=8, classes=10).size == conv + linear


def test_an_autoencoder_gives_rows_back_through_a_short_code():
    model, x = Autoencoder([8, 5, 2]), np.ones((4, 8))
    assert (model.encode(x).shape, model(x).shape) == ((4, 2), (4, 8))


def test_a_linear_autoencoder_is_one_matrix():
    model = Autoencoder([4, 2], activation=None)
    x = np.random.default_rng(0).standard_normal((2, 4))
    linear = model(x[:1] + x[1:]).value + model(np.zeros((1, 4))).value
    assert linear == pytest.approx(sum(model(row[None]).value for row in x))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: MLP([3]), "an MLP needs two sizes or more"),
        (lambda: Autoencoder([3]), "an autoencoder needs two sizes or more"),
        (lambda: CNN([1], 8, 3), "a CNN's list of channels needs two sizes or more"),
        (lambda: CNN([1, 2, 4], side=3, classes=2), "2 poolings leave nothing"),
    ],
)
def test_sizes_that_make_no_net_are_refused(make, says):
    with pytest.raises(BadInput, match=says):
        make()
