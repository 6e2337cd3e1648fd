import os
import sys
import time

import pytest

from cme323.course.grade.bounds import bounded
from cme323.course.grade.session import Stopped

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and limits")
ROOM = 2**30


def test_what_ends_in_time_is_as_it_would_be():
    with bounded(5, ROOM):
        x = sum(range(10))
    assert x == 45


def test_a_loop_without_an_end_is_stopped():
    def forever():
        while True:
            pass

    with (
        pytest.raises(Stopped, match=r"the test took longer than 0.1 s"),
        bounded(0.1, ROOM),
    ):
        forever()


def test_who_catches_the_first_signal_gets_another():
    def stubborn():
        try:
            time.sleep(60)
        except BaseException:
            time.sleep(60)

    with pytest.raises(Stopped), bounded(0.1, ROOM):
        stubborn()


def test_no_signal_comes_afterwards():
    with bounded(0.05, ROOM):
        pass
    time.sleep(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_AS and /proc")
def test_memory_is_limited_and_free_again_afterwards():
    with pytest.raises(MemoryError), bounded(5, 2**28):
        bytearray(2**30)
    assert len(bytearray(2**30)) == 2**30
