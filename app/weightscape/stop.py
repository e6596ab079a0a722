"""A polite kill: what the program does when it is asked to end."""

import signal
import sys
import threading
import time
from _thread import interrupt_main, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

# A kill; a terminal that closes; a console of Windows that closes.
ASKING = ("SIGTERM", "SIGHUP", "SIGBREAK")
# So much later an interrupt comes again that was lost.
AGAIN_S = 0.01


def interrupt() -> None:
    """Take the way of Ctrl+C, on which no half-written file stays behind."""
    raise KeyboardInterrupt


def end_at_once() -> None:
    """Let a second Ctrl+C end the program without a word: it has tidied up, and waits for nothing but its threads."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def stoppable(stop: Callable[[], object] = interrupt) -> Iterator[None]:
    """Let a request to end call `stop` until the block ends; in another than Python's main thread nothing changes.

    A signal that is ignored stays so: `nohup` wants the program to outlive its terminal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = [getattr(signal, name) for name in ASKING if hasattr(signal, name)]
    before = {each: handler for each in signals if (handler := signal.getsignal(each)) not in (signal.SIG_IGN, None)}
    for each in before:
        signal.signal(each, lambda *_: stop())
    tell, sys.unraisablehook = sys.unraisablehook, partial(_lost, sys.unraisablehook, next(iter(before), signal.SIGINT))
    try:
        yield
    finally:
        sys.unraisablehook = tell
        for each, handler in before.items():
            signal.signal(each, handler)


def _lost(tell: Callable[[Any], object], sent: signal.Signals, unraisable: Any) -> None:
    """Send a signal soon, if an interrupt came while an object died, or a weak reference: Python ignores it there."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        start_new_thread(_send, (sent,))
    else:
        tell(unraisable)


def _send(sent: signal.Signals) -> None:
    time.sleep(AGAIN_S)
    if not callable(signal.getsignal(sent)):  # too late
        return
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, sent)  # also out of a wait
    else:
        interrupt_main(sent)
