"""BLAS on one thread while the NumPy engine works: each of its workers multiplies a tile of its own.

BLAS threads on top of that would wait for each other, and, as they cut products into parts, give sums of another
order. Most libraries know one number for the whole process, which is therefore the caller's, too: it is lowered for
as long as there is an engine, looked after meanwhile, as the caller may set it at any time in any thread, and is the
caller's again afterwards.
"""

import os
import threading
from typing import Any

import numpy as np  # noqa: F401 - its BLAS must be there to be found
from threadpoolctl import ThreadpoolController

# Looked for here, before there are threads: the look holds the loader's lock while it waits for the interpreter's, and
# a thread that imports a library holds them the other way round.
LIBRARIES: tuple[Any, ...] = tuple(ThreadpoolController().select(user_api="blas").lib_controllers)
# Another thread may take hold of the number in between.
TRIES = 4


class OneThread:
    """Hold BLAS to one thread while anybody wants it; `changes` counts how often somebody else set another number."""

    def __init__(self) -> None:
        self.changes = 0
        self._lock, self._holders = threading.Lock(), 0
        self._own: dict[str, int] = {}

    def take(self) -> None:
        """Count one who wants it."""
        with self._lock:
            self._holders += 1
            if self._holders == 1:
                self._own = {each.filepath: each.num_threads for each in LIBRARIES}
        self.hold()

    def give_back(self) -> None:
        """Count one less; after the last BLAS gets back its number, unless somebody has set another one by now."""
        with self._lock:
            self._holders -= 1
            if not self._holders:
                self._restore()

    def hold(self) -> int:
        """Make sure of the one thread, for this very thread where a library counts by threads; tell `changes`."""
        for library in LIBRARIES:
            if library.num_threads not in (1, None):
                self._lower(library)
        return self.changes

    def _lower(self, library: Any) -> None:
        with self._lock:
            if self._holders and (number := library.num_threads) not in (1, None):
                self._own[library.filepath] = number
                self.changes += 1
                _set(library, 1)

    def _restore(self) -> None:
        for library in LIBRARIES:
            if library.num_threads == 1:
                _set(library, self._own.get(library.filepath, 1))

    def _forked(self) -> None:
        """Begin anew in the child of a fork, where no thread is left that worked."""
        self._lock = threading.Lock()
        if self._holders:
            self._holders = 0
            self._restore()


def _set(library: Any, number: int) -> None:
    """Set a library's number of threads, whoever set it before.

    threadpoolctl 3.8 obeys only the first thread that set a limit, for as long as that lives: here it forgets who
    that was, before and after, so that neither a caller's thread stops ours nor ours a caller's.
    """
    forget = getattr(library, "clear_controlling_thread", lambda **_: None)
    for _ in range(TRIES):
        forget(force=True)
        library.set_num_threads(number)
        forget()
        if library.num_threads == number:
            return


one_thread = OneThread()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=one_thread._forked)
