"""A lock that outlives a fork: in the child nobody holds it, as the thread that did is not there."""

import os
import threading
from operator import attrgetter
from weakref import WeakSet


class Lock:
    """Keep threads apart in a `with` block; free in the child of a fork, whoever held it.

    The block enters and leaves by the inner lock's own methods, which nothing can interrupt. Between two lines of
    Python a signal may raise KeyboardInterrupt: the lock would stay held for ever.
    """

    __enter__ = property(attrgetter("_lock.__enter__"))
    __exit__ = property(attrgetter("_lock.__exit__"))

    def __init__(self) -> None:
        self._lock = threading.Lock()
        _locks.add(self)

    def _forked(self) -> None:
        self._lock = threading.Lock()


_locks: WeakSet[Lock] = WeakSet()


def _forked() -> None:
    for each in list(_locks):
        each._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
