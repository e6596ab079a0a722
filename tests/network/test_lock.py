"""A lock that another thread held at the moment of a fork keeps nobody in the child waiting."""

import contextlib
import os
import random
import signal
import sys
import threading

import pytest
from patience import ran

from weightscape.network.lock import Lock

# A thread draws a network, or follows its orbit, and stays there; the child wants the same picture.
FORKED = """
import faulthandler, os, sys, threading
import weightscape
from weightscape.picture import network_memory
from weightscape.deep import orbit as reference

room, name = {"draw": (network_memory, "draw"), "orbit": (reference, "_attempt")}[sys.argv[1]]
real, is_inside, may_end = getattr(room, name), threading.Event(), threading.Event()

def held(*args):
    if threading.current_thread() is not threading.main_thread():
        is_inside.set()
        may_end.wait()
    return real(*args)

def picture():
    return int(weightscape.render(weightscape.Scene(layers=3, width=4), size=(8, 8), engine="numpy").sum())

setattr(room, name, held)
thread = threading.Thread(target=picture)
thread.start()
is_inside.wait()
if child := os.fork():
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    may_end.set()
else:
    faulthandler.dump_traceback_later(100, exit=True)
    print(picture(), flush=True)
    os._exit(0)
thread.join()
print(picture())
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("held", ["draw", "orbit"])
def test_the_child_of_a_fork_draws_what_another_thread_was_drawing(held: str) -> None:
    done = ran(sys.executable, "-W", "ignore", "-c", FORKED, held)
    own, status, parents = done.stdout.splitlines()
    assert (own, status, done.stderr) == (parents, "0", "")


def test_a_lock_keeps_threads_apart() -> None:
    lock, seen = Lock(), []

    def enter() -> None:
        with lock:
            seen.append("second")

    with lock:
        thread = threading.Thread(target=enter)
        thread.start()
        seen.append("first")
    thread.join()
    assert seen == ["first", "second"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer that interrupts")
def test_an_interrupt_at_any_moment_leaves_no_lock_held() -> None:
    def interrupt(*_: object) -> None:
        raise InterruptedError

    lock, before = Lock(), signal.signal(signal.SIGALRM, interrupt)
    try:
        for count in range(3000):
            with contextlib.suppress(InterruptedError):
                signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 5e-5))
                while True:
                    with lock:
                        pass
            assert lock._lock.acquire(blocking=False), f"held after {count} interrupts"
            lock._lock.release()
    finally:
        signal.signal(signal.SIGALRM, before)
