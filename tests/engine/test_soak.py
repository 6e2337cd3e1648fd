"""200 random programs, with workers killed at random: the answers are serial's."""

import importlib.util
from pathlib import Path

import pytest

from cme323 import Context

spec = importlib.util.spec_from_file_location(
    "programs", Path(__file__).with_name("programs.py")
)
programs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(programs)

SEEDS = range(200)
GROUPS = 4


@pytest.mark.parametrize("group", range(GROUPS))
def test_random_programs_survive_random_kills(group, tmp_path):
    kills = 0
    with Context(partitions=3, executor="processes", workers=2) as sc:
        for seed in SEEDS[group::GROUPS]:
            flag = tmp_path / str(seed)

            def disturb(rdd, rng, flag=flag):
                if rng.random() < 0.1:
                    return programs.deadly(rdd, rng.randrange(3), flag)
                if rng.random() < 0.05:
                    sc.kill(rng.randrange(2))
                return rdd

            expected = programs.run(Context(partitions=3), seed)
            assert programs.run(sc, seed, disturb) == expected, f"program {seed}"
            kills += flag.exists()
    assert kills >= 5


@pytest.mark.parametrize("seed", range(20))
def test_undisturbed_programs_cost_the_same_on_both_executors(processes, seed):
    serial = Context(partitions=3)
    before = processes.cost
    assert programs.run(processes, seed) == programs.run(serial, seed)
    assert processes.cost - before == serial.cost


@pytest.fixture(scope="module")
def processes():
    with Context(partitions=3, executor="processes", workers=2) as sc:
        yield sc
