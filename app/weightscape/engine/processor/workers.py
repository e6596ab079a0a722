"""Threads of a processor's engine: one a core, gone with the process that began them, and begun again after a fork."""

import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from weightscape.network.interrupt import ignore


class Workers:
    """Run a function on `count` threads at once (0: one a core); `start` is called once a process, `begin` in each."""

    def __init__(
        self, count: int, niceness: int, start: Callable[[], object] = ignore, begin: Callable[[], object] = ignore
    ) -> None:
        self.count, self._niceness = count or cores(), niceness
        self._start, self._begin = start, begin
        self._open()

    def share(self, work: Callable[[], object]) -> None:
        """Have every thread do the same work, of which each takes a part; raise what one raises."""
        if not self.are_here:
            self._open()
        list(self._pool.map(lambda _: work(), range(self.count)))

    @property
    def are_here(self) -> bool:
        """Tell whether the threads are this process's."""
        return self._process == os.getpid()

    def release(self) -> None:
        """Stop the threads."""
        if self.are_here:
            self._pool.shutdown()

    def _open(self) -> None:
        """Begin to work in this process: the child of a fork has no threads but the one that forked."""
        self._process = os.getpid()
        self._pool = ThreadPoolExecutor(self.count, "processor", initializer=self._begun)
        self._start()

    def _begun(self) -> None:
        """Let the thread that draws the window go first: Linux gives each thread its own priority."""
        self._begin()
        if self._niceness and hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._niceness)


def cores() -> int:
    """Count the processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
