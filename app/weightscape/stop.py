"""A polite kill: what the program does when it is asked to end."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# A kill; a terminal that closes; a console of Windows that closes.
ASKING = ("SIGTERM", "SIGHUP", "SIGBREAK")


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
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
