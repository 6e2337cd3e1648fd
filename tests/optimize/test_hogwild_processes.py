from multiprocessing.shared_memory import SharedMemory

import cloudpickle
import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.optimize import hogwild as simulator
from cme323.optimize import hogwild_processes as program
from cme323.optimize.hogwild_processes import hogwild
from cme323.optimize.least_squares import fit, gradient


@pytest.fixture
def sparse():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 20)) * (rng.random((200, 20)) < 0.1)
    return x, x @ rng.normal(size=20)


def test_two_processes_find_weights_without_error_with_a_function_made_here(sparse):
    w = hogwild(
        lambda w, x, y: gradient(w, x, y), np.zeros(20), *sparse, step=0.2, steps=8000
    )
    np.testing.assert_allclose(w, fit(*sparse), atol=1e-4)


def test_one_process_does_what_the_simulator_does_without_delay(sparse):
    x, y = sparse
    shared = SharedMemory(create=True, size=160)
    try:
        w = program.view(shared, np.zeros(20))
        sent = cloudpickle.dumps(gradient)
        program.work(shared.name, sent, np.zeros(20), x, y, 0.1, 50, seed=3)
        *_, expected = simulator.hogwild(gradient, np.zeros(20), x, y, 0.1, 50, 0, 3)
        np.testing.assert_allclose(w, expected)
        del w
    finally:
        shared.close()
        shared.unlink()


def test_a_process_that_fails_is_told_and_nothing_is_left(sparse, capfd, monkeypatch):
    made = []

    def remember(**settings):
        made.append(SharedMemory(**settings))
        return made[0]

    monkeypatch.setattr(program, "SharedMemory", remember)
    with pytest.raises(RuntimeError, match="1 of 1 processes failed"):
        hogwild(fit, np.zeros(3), *sparse, step=0.2, steps=1, processes=1)
    assert "Error" in capfd.readouterr().err
    with pytest.raises(FileNotFoundError):
        SharedMemory(name=made[0].name)


def test_refuses_no_processes(sparse):
    with pytest.raises(BadInput, match="at least 1 process, got 0"):
        hogwild(gradient, np.zeros(20), *sparse, 0.1, 1, processes=0)
