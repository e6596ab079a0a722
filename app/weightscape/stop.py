"""A polite kill: what the program does when it is asked to end."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def interrupt() -> None:
    """Take the way of Ctrl+C, on which no half-written file stays behind."""
    raise KeyboardInterrupt


@contextmanager
def stoppable(stop: Callable[[], object] = interrupt) -> Iterator[None]:
    """Let SIGTERM call `stop` until the block ends; in another than Python's main thread nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
