"""A polite kill: what the program does when it is asked to end."""

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import CodeType, FrameType
from typing import Any, TypeVar

# A kill; a terminal that closes; a console of Windows that closes.
ASKING = ("SIGTERM", "SIGHUP", "SIGBREAK")
STOPPED = 130
# An interrupt may fall between a lock and the block that lets go of it, in this program or in a library; whoever waits
# for that lock then waits for ever. So much is what tidying up may take, on a slow machine, too.
PATIENCE_S = 20.0
# So often it is looked whether an interrupt is still on its way. Python drops what is raised while an object dies, or
# a weak reference, or where C has called back; a library may catch everything.
AGAIN_S = 0.1
HAS_ALARM = hasattr(signal, "SIGALRM")

Function = TypeVar("Function", bound=Callable[..., Any])

_shielded: set[CodeType] = set()
_halves: set[str] = set()
_blocks = 0  # how many stoppable() there are, one within another
_is_asked = False  # whether an Interrupt was raised in them


class Interrupt(KeyboardInterrupt):
    """An interrupt that comes again wherever it is lost."""


def interrupt() -> None:
    """Take the way of Ctrl+C, on which no half-written file stays behind; end anyway when that leads nowhere.

    Where an interrupt is on that way, it goes on: a second one would break off what tidies up.
    """
    if not (_is_asked and _is_on_its_way()):
        _insist()


def heed() -> None:
    """Raise an interrupt that was lost, or had to wait, in the thread that it belongs to; without one do nothing."""
    if _is_asked and threading.current_thread() is threading.main_thread() and not _is_on_its_way():
        _raise()


def shielded(function: Function) -> Function:
    """Have interrupts wait that come in the lines of a function of Python which C calls, and needs the result of.

    They do not wait in what these lines call: that may take long, and is to catch them.
    """
    _shielded.add(function.__code__)
    return function


@contextmanager
def half_written(path: str) -> Iterator[None]:
    """Have a file or folder removed where the program ends before the block does, as nothing tidies up any longer."""
    _halves.add(path)
    try:
        yield
    finally:
        _halves.discard(path)


def end_at_once() -> None:
    """Let a second Ctrl+C end the program without a word: it has tidied up, and waits for nothing but its threads.

    When they do not end it ends without them.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _every(PATIENCE_S, _give_up)


def _insist() -> None:
    """Raise an interrupt, or have it wait, and look after it from the first one on."""
    global _is_asked
    end = time.monotonic() + PATIENCE_S

    def look() -> None:
        if time.monotonic() >= end:
            _give_up()
        heed()

    if not _is_asked:
        _is_asked = True
        _every(AGAIN_S, look)
    _raise()


def _give_up() -> None:
    for path in list(_halves):
        with suppress(OSError):
            shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.unlink(path)
    os._exit(STOPPED)


def _raise() -> None:
    """Raise an interrupt where Python was when the signal came, unless that is shielded."""
    frame: FrameType | None = sys._getframe()
    while frame and frame.f_globals is globals():
        frame = frame.f_back
    if not frame or frame.f_code not in _shielded:
        raise Interrupt


def _is_on_its_way() -> bool:
    """Tell whether an interrupt is why an `except`, a `finally` or the end of a `with` tidies up at the moment."""
    fault = sys.exc_info()[1]
    while fault and not isinstance(fault, Interrupt):
        fault = fault.__context__
    return fault is not None


def _every(seconds: float, act: Callable[[], object]) -> None:
    """Call `act` so often, where the system has an alarm; a lock that the main thread waits for does not hinder it."""
    if HAS_ALARM:
        signal.signal(signal.SIGALRM, lambda *_: act())
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


@contextmanager
def stoppable(stop: Callable[[], object] = interrupt) -> Iterator[None]:
    """Let a request to end call `stop` until the block ends; in another than Python's main thread nothing changes.

    The second Ctrl+C is an interrupt, whatever `stop` does. A signal that is ignored stays so: `nohup` wants the
    program to outlive its terminal. An interrupt that does not leave the block, as it was lost, or caught, comes again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = [getattr(signal, name) for name in (*ASKING, "SIGINT") if hasattr(signal, name)]
    before = {each: handler for each in signals if (handler := signal.getsignal(each)) not in (signal.SIG_IGN, None)}

    def answer(number: int, _: object) -> None:
        if number == signal.SIGINT:  # whoever presses Ctrl+C twice does not want to wait
            signal.signal(number, lambda *_: _insist())
        stop()

    with _heeded():
        for each in before:
            signal.signal(each, answer)
        try:
            yield
            heed()
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


@contextmanager
def _heeded() -> Iterator[None]:
    """Have interrupts come again until the outermost block ends; Python need not tell of those that it drops."""
    global _blocks, _is_asked
    alarm = signal.getsignal(signal.SIGALRM) if HAS_ALARM else None
    tell = sys.unraisablehook

    def told(dropped: Any) -> None:
        if not issubclass(dropped.exc_type, Interrupt):
            tell(dropped)

    sys.unraisablehook = told
    _blocks += 1
    try:
        yield
    finally:
        _blocks -= 1
        if _is_asked and not _blocks:
            _is_asked = False
            if HAS_ALARM:
                signal.setitimer(signal.ITIMER_REAL, 0.0)
                signal.signal(signal.SIGALRM, alarm or signal.SIG_DFL)
        sys.unraisablehook = tell
