"""Asked to end, the program ends as it would after Ctrl+C; what is ignored stays ignored."""

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest
from patience import ran

from weightscape.stop import STOPPED, stoppable

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
SENT = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT] if os.name == "posix" else []


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in SENT}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("sent", SENT)
def test_a_request_to_end_is_an_interrupt(sent: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), stoppable():
        signal.raise_signal(sent)


@pytest.mark.parametrize("sent", SENT)
def test_the_innermost_block_answers_and_the_handlers_come_back(sent: signal.Signals) -> None:
    own, asked = signal.getsignal(sent), []
    with stoppable(lambda: asked.append("outer")):
        with stoppable(lambda: asked.append("inner")):
            signal.raise_signal(sent)
        signal.raise_signal(sent)
    assert asked == ["inner", "outer"]
    assert signal.getsignal(sent) is own


@pytest.mark.parametrize("sent", SENT)
def test_an_ignored_signal_stays_ignored(sent: signal.Signals) -> None:
    signal.signal(sent, signal.SIG_IGN)
    with stoppable():
        signal.raise_signal(sent)
        assert signal.getsignal(sent) is signal.SIG_IGN
    assert signal.getsignal(sent) is signal.SIG_IGN


def test_another_thread_changes_no_handler() -> None:
    own, seen = signal.getsignal(signal.SIGTERM), []

    def look() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [own]


def test_the_second_ctrl_c_is_an_interrupt_whatever_the_first_was() -> None:
    asked: list[int] = []
    with stoppable(lambda: asked.append(1)):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert asked == [1]
        signal.setitimer(signal.ITIMER_REAL, 0.0)


# The threads that the interpreter waits for at its end are where a second Ctrl+C comes.
AGAIN = """
import os, signal, threading
from weightscape.cli import cli

def stopped(args):
    raise KeyboardInterrupt

cli.cli.main = lambda *_, **__: stopped(_)
threading._register_atexit(os.kill, os.getpid(), signal.SIGINT)
cli.main([])
"""


def test_a_second_ctrl_c_ends_the_program_without_a_word() -> None:
    done = ran(sys.executable, "-c", AGAIN)
    assert (done.returncode, done.stderr.split()) == (-signal.SIGINT, ["weightscape:", "stopped"])


# Where an interrupt comes between a lock and its block, whoever wants the lock next waits for ever: here at once, and
# in a thread that the interpreter waits for at its end.
STUCK = """
import os, signal, sys, threading
from weightscape import stop
from weightscape.cli import cli

stop.PATIENCE_S = 0.5
lock = threading.Lock()
lock.acquire()

def work(*_, **__):
    if "thread" in sys.argv:
        threading.Thread(target=lock.acquire).start()
    try:
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
        signal.pause()
    finally:
        "thread" in sys.argv or lock.acquire()

cli.cli.main = work
cli.main([])
"""


@pytest.mark.parametrize("where", ["", "thread"])
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM"])
def test_a_lock_that_nobody_lets_go_of_does_not_hold_the_program(sent: str, where: str) -> None:
    assert ran(sys.executable, "-c", STUCK, sent, where).returncode == STOPPED


def test_who_has_tidied_up_in_time_is_left_alone() -> None:
    with pytest.raises(KeyboardInterrupt), stoppable():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
