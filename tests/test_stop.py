"""Asked to end, the program ends as it would after Ctrl+C; what is ignored stays ignored."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest
from patience import ran

from weightscape.stop import AGAIN_S, STOPPED, heed, interrupt, stoppable

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
SENT = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT] if os.name == "posix" else []


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in SENT}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@contextmanager
def stopped(stop: Callable[[], object] = interrupt) -> Iterator[None]:
    """Expect an interrupt to leave a block that can be stopped."""
    with pytest.raises(KeyboardInterrupt), stoppable(stop):
        yield


@pytest.mark.parametrize("sent", SENT)
def test_a_request_to_end_is_an_interrupt(sent: signal.Signals) -> None:
    with stopped():
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
    with stopped(lambda: asked.append(1)):
        signal.raise_signal(signal.SIGINT)
        assert asked == [1]
        signal.raise_signal(signal.SIGINT)
    assert asked == [1]


# Where Python, or a library, drops what is raised.
LOST = """
import ctypes, gc, signal, sys, threading, weakref
from weightscape.cli import cli

def asked(*_):
    signal.raise_signal(getattr(signal, sys.argv[2]))

class Dying:
    __del__ = asked

class Plain:
    pass

def destructor():
    Dying()

def weak_reference():
    plain = Plain()
    weak = weakref.ref(plain, asked)
    del plain

def collector():
    gc.callbacks.append(asked)
    gc.collect()
    gc.callbacks.clear()

def callback():
    ctypes.CFUNCTYPE(None)(asked)()

def careless():
    try:
        asked()
    except BaseException:
        pass

def often():
    for _ in range(3):
        destructor()
        careless()

def work(*_, **__):
    globals()[sys.argv[1]]()
    print("lost", flush=True)
    threading.Event().wait()

cli.cli.main = work
cli.main([])
"""


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("where", ["destructor", "weak_reference", "collector", "callback", "careless", "often"])
def test_an_interrupt_that_is_lost_comes_again(where: str, sent: str) -> None:
    done = ran(sys.executable, "-c", LOST, where, sent)
    assert (done.returncode, done.stdout, done.stderr) == (STOPPED, "lost\n", "weightscape: stopped\n")


def test_an_interrupt_that_is_lost_at_the_very_end_comes_there() -> None:
    with stopped():
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        signal.setitimer(signal.ITIMER_REAL, 0.0)


class Tidy:
    """Wait, asked again to end meanwhile, in every kind of place that tidies up; tell what has come to its end."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def up(self, name: str) -> None:
        for sent in ("SIGTERM", "SIGHUP"):
            signal.raise_signal(getattr(signal, sent))
        end = time.monotonic() + 3 * AGAIN_S
        while time.monotonic() < end:
            pass
        self.done.append(name)

    @contextmanager
    def block(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            with suppress(OSError):
                self.up("except")
            raise

    def numbers(self) -> Iterator[int]:
        try:
            yield 1
            yield 2
        finally:
            self.up("generator")

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.up("with")


def test_what_tidies_up_is_not_interrupted_again() -> None:
    tidy = Tidy()
    with stopped():
        try:
            with ExitStack() as stack, tidy, tidy.block(), closing(tidy.numbers()) as numbers:
                stack.callback(tidy.up, "stack")
                next(numbers)
                signal.raise_signal(signal.SIGTERM)
        finally:
            tidy.up("finally")
    assert tidy.done == ["generator", "except", "with", "stack", "finally"]


def test_a_second_ctrl_c_interrupts_what_tidies_up() -> None:
    done: list[int] = []
    with stopped():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            done.append(1)
    assert done == []


def test_other_faults_that_python_drops_are_told_and_the_hook_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying:
        def __init__(self, fault: BaseException) -> None:
            self.fault = fault

        def __del__(self) -> None:
            raise self.fault

    told: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda dropped: told.append(str(dropped.exc_value)))
    hook = sys.unraisablehook
    with stoppable(), stoppable():
        Dying(ValueError("a"))
        Dying(KeyboardInterrupt("not from here"))
    assert told == ["a", "not from here"]
    assert sys.unraisablehook is hook


def test_an_alarm_of_the_caller_is_there_again() -> None:
    def own(*_: object) -> None:
        pass

    before = signal.signal(signal.SIGALRM, own)
    try:
        with stopped(), stoppable(lambda: None):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
        assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) == (own, (0.0, 0.0))
    finally:
        signal.signal(signal.SIGALRM, before)


def test_outside_of_a_block_nothing_is_heeded_nor_in_another_thread() -> None:
    heed()
    heard: list[BaseException] = []

    def listen() -> None:
        try:
            heed()
        except BaseException as fault:
            heard.append(fault)

    with stopped():
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        thread = threading.Thread(target=listen)
        thread.start()
        while thread.is_alive():
            pass
    assert heard == []
    heed()


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


HALF = """
import signal, sys, threading
from weightscape import stop
from weightscape.cli import cli
from weightscape.file.half_folder import half_folder
from weightscape.file.whole_file import whole_file

stop.PATIENCE_S = 0.5
lock = threading.Lock()
lock.acquire()

def work(*_, **__):
    with whole_file("a") as file, half_folder("b") as folder, open(folder + "/c", "w"):
        file.write(b"half")
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            lock.acquire()

cli.cli.main = work
cli.main([])
"""


def test_nothing_half_written_stays_where_a_lock_holds_the_program(tmp_path: Path) -> None:
    assert ran(sys.executable, "-c", HALF, cwd=tmp_path).returncode == STOPPED
    assert os.listdir(tmp_path) == []


def test_who_has_tidied_up_in_time_is_left_alone() -> None:
    with stopped():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
