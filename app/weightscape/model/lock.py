"""A lock that outlives a fork: in the child nobody holds it, as the thread that did is not there."""

import os
import threading
from weakref import WeakSet


class Lock:
    """Keep threads apart in a `with` block; free in the child of a fork, whoever held it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _forked(self) -> None:
        self._lock = threading.Lock()


_locks: WeakSet[Lock] = WeakSet()


def _forked() -> None:
    for each in list(_locks):
        each._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
