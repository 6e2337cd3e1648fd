import gc
import logging
from weakref import WeakValueDictionary

import pytest

from cme323 import Context
from cme323.engine.context_session import Session


@pytest.fixture
def level():
    """The logger, whose level is as before when the test is over."""
    logger = logging.getLogger("cme323")
    before = logger.level
    yield logger
    logger.setLevel(before)


def test_gets_the_last_context_that_is_not_stopped():
    first, second = Context(), Context()
    assert Context.getOrCreate() is second
    second.stop()
    assert Context.getOrCreate() is first
    first.stop()


def test_makes_a_context_where_there_is_none_and_keeps_it(monkeypatch):
    monkeypatch.setattr(Session, "_open", WeakValueDictionary())
    number = Context.getOrCreate()._number
    gc.collect()
    assert Context.getOrCreate()._number == number
    Context.getOrCreate().stop()
    assert Context.getOrCreate()._number > number
    Context.getOrCreate().stop()


def test_nothing_keeps_other_contexts():
    number = Context()._number
    gc.collect()
    assert number not in Context._open


def test_info_shows_each_job_and_its_cost(sc, level, caplog):
    sc.setLogLevel("info")
    sc.range(3).count()
    sc.setLogLevel("WARN")
    sc.range(3).count()
    (record,) = caplog.records
    assert record.getMessage() == f"job 0, count: {sc.jobs[0].cost}"


def test_levels_are_in_order(sc, level):
    numbers = []
    for name in ("all", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF"):
        sc.setLogLevel(name)
        numbers.append(level.level)
    assert numbers == sorted(set(numbers))
    assert not level.isEnabledFor(logging.CRITICAL), "OFF lets nothing through"


def test_refuses_another_level(sc):
    with pytest.raises(ValueError, match="bogus did not match one of: ALL,DEBUG,ERROR"):
        sc.setLogLevel("bogus")


def test_the_user_is_sparks_or_the_systems(sc, monkeypatch):
    monkeypatch.setenv("SPARK_USER", "ada")
    assert sc.sparkUser() == "ada"
    monkeypatch.delenv("SPARK_USER")
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    assert sc.sparkUser() == "grace"


def test_there_is_no_ui_and_no_resource(sc):
    assert sc.uiWebUrl is None
    assert sc.resources == {}


def test_profiles_say_that_profiling_is_off(sc, tmp_path):
    for ask in (sc.show_profiles, lambda: sc.dump_profiles(tmp_path)):
        with pytest.raises(
            RuntimeError, match="must be set to `true` to enable Python"
        ):
            ask()
    assert not list(tmp_path.iterdir())
