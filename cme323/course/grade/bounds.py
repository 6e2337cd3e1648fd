"""Limits of time and memory for a test, which runs in the grader's own process.

What a student returns is plain data, but a test may count up to it, or make a list
of so many. A signal ends that as Stopped. One call of Python's that no signal
interrupts, such as building a set of numbers with one hash, ends with the process; then
the next process grades the other tasks.

Left out: Windows, and any thread but the first, which gets no signals.
"""

import math
import os
import signal
import threading
import time
from contextlib import ExitStack, contextmanager, suppress

from cme323.course.grade.session import Stopped

AGAIN = 0.5  # seconds: a test may have caught the first signal
SPARE = 1  # seconds of computing, beyond which the process ends


@contextmanager
def bounded(seconds, memory):
    """In this block, at most so many seconds, and bytes more than there are now."""
    if not hasattr(signal, "setitimer") or not in_first_thread():
        yield
        return
    with ExitStack() as stack:
        computed = math.ceil(time.process_time() + seconds) + SPARE
        stack.enter_context(lowered("RLIMIT_CPU", computed))
        stack.enter_context(lowered("RLIMIT_AS", memory_now() + memory))
        stack.enter_context(alarm(seconds))
        yield


def in_first_thread():
    return threading.current_thread() is threading.main_thread()


@contextmanager
def alarm(seconds):
    """Stopped, after so many seconds."""

    def ring(*_):
        raise Stopped(f"the test took longer than {seconds:g} s with what it was given")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def lowered(name, value):
    """A limit of this process, unless it is lower already."""
    import resource

    number = getattr(resource, name)
    soft, hard = resource.getrlimit(number)
    lower = [n for n in (value, soft, hard) if n != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        resource.setrlimit(number, (min(lower), hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(number, (soft, hard))


def memory_now():
    """Bytes of addresses that this process has; very many where there is no /proc."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 2**40
