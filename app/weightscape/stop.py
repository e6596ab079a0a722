"""A polite kill: what the program does when it is asked to end."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# A kill; a terminal that closes; a console of Windows that closes.
ASKING = ("SIGTERM", "SIGHUP", "SIGBREAK")
STOPPED = 130
# An interrupt may fall between a lock and the block that lets go of it, in this program or in a library; whoever waits
# for that lock then waits for ever. So much is what tidying up may take, on a slow machine, too.
PATIENCE_S = 20.0


def interrupt() -> None:
    """Take the way of Ctrl+C, on which no half-written file stays behind; end anyway when that leads nowhere."""
    _be_patient()
    raise KeyboardInterrupt


def end_at_once() -> None:
    """Let a second Ctrl+C end the program without a word: it has tidied up, and waits for nothing but its threads.

    When they do not end it ends without them.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _be_patient()


def _be_patient() -> None:
    """End the program, where the system has an alarm, after so long; a lock that is waited for does not hinder it."""
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, lambda *_: os._exit(STOPPED))
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_S)


def _be_at_ease() -> None:
    if hasattr(signal, "SIGALRM"):
        signal.setitimer(signal.ITIMER_REAL, 0.0)


@contextmanager
def stoppable(stop: Callable[[], object] = interrupt) -> Iterator[None]:
    """Let a request to end call `stop` until the block ends; in another than Python's main thread nothing changes.

    The second Ctrl+C is an interrupt, whatever `stop` does. A signal that is ignored stays so: `nohup` wants the
    program to outlive its terminal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = [getattr(signal, name) for name in (*ASKING, "SIGINT") if hasattr(signal, name)]
    before = {each: handler for each in signals if (handler := signal.getsignal(each)) not in (signal.SIG_IGN, None)}

    def answer(number: int, _: object) -> None:
        if number == signal.SIGINT:  # whoever presses Ctrl+C twice does not want to wait
            signal.signal(number, lambda *_: interrupt())
        stop()

    for each in before:
        signal.signal(each, answer)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        if stop is interrupt:
            _be_at_ease()
