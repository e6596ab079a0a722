"""Threads of an engine: begun when they are first needed, gone with the process that began them, new after a fork.

Whoever waits for them may be interrupted by a signal at any moment, as Python's main thread is by Ctrl+C, and leaves
nothing locked: every wait is one call of C. A Future of concurrent.futures has locks that are taken in Python, between
two lines of which KeyboardInterrupt leaves them held for ever.
"""

import atexit
import contextlib
import os
import threading
from _thread import start_new_thread
from collections.abc import Callable
from functools import partial
from itertools import repeat
from queue import SimpleQueue
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from weightscape.network.interrupt import ignore
from weightscape.network.lock import Lock

Result = TypeVar("Result")


class Job(Generic[Result]):
    """Hold work for another thread, and what came of it."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work: Callable[[], Result] | None = work
        self._result: Result
        self._fault: BaseException | None = None
        self._is_done, self._gate = False, threading.Lock()
        self._gate.acquire()

    def run(self) -> None:
        """Do the work, if it is still wanted; called once."""
        work, self._work = self._work, None
        try:
            if work:
                self._result = work()
        except BaseException as fault:
            self._fault = fault
        del work  # what it holds dies here, and not after its asker has gone on
        self._is_done = True
        self._gate.release()
        del self  # a fault knows this frame: no ring

    def cancel(self) -> None:
        """Leave the work, if it has not begun; its result may be asked for no longer."""
        self._work = self._fault = None

    def done(self) -> bool:
        """Tell whether there is a result, or a fault."""
        return self._is_done

    def result(self) -> Result:
        """Wait for the work's end, and tell its result; raise what it raised."""
        if not self._is_done:
            with self._gate:  # which lets all who wait through
                pass
        try:
            if self._fault:
                raise self._fault
            return self._result
        finally:
            del self  # no ring here either


class Workers:
    """Keep `count` threads (0: one a core) for work; `start` is called once a process, `begin` in each thread."""

    def __init__(
        self,
        count: int = 0,
        niceness: int = 0,
        start: Callable[[], object] = ignore,
        begin: Callable[[], object] = ignore,
    ) -> None:
        self.count, self._start = count or cores(), start
        self._begin = partial(_begin, niceness, begin)
        self._open()
        _workers.add(self)

    def submit(self, function: Callable[..., Result], *args: Any) -> Job[Result]:
        """Have one of the threads call a function."""
        if not self.are_here:
            self._open()
        with _beginning:
            if not self._threads:
                threads = [Job(partial(_work_off, self._begin, self._jobs)) for _ in range(self.count)]
                started = map(start_new_thread, [each.run for each in threads], repeat(()))
                self._threads.update(zip(threads, started, strict=False))  # in one call of C: none begins unknown
        job = Job(partial(function, *args))
        self._jobs.put(job)
        return job

    def share(self, work: Callable[[], object]) -> None:
        """Have every thread do the same work, of which each takes a part; raise what one raises."""
        jobs = [self.submit(work) for _ in range(self.count)]
        try:
            for job in jobs:
                job.result()
        finally:
            for job in jobs:
                job.cancel()

    @property
    def are_here(self) -> bool:
        """Tell whether the threads are this process's."""
        return self._process == os.getpid()

    def release(self) -> None:
        """Stop the threads once they have done what they were given; again is harmless."""
        if self.are_here:
            self._jobs.put(None)
            for each in self._threads:
                each.result()
            self._renew()

    def __del__(self) -> None:
        """Let the threads end, and wait for none."""
        with contextlib.suppress(AttributeError):  # interrupted before it had any
            self._jobs.put(None)

    def _open(self) -> None:
        """Begin to work in this process: the child of a fork has no threads but the one that forked."""
        self._renew()
        self._process = os.getpid()
        self._start()

    def _renew(self) -> None:
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._threads: dict[Job[None], int] = {}


def cores() -> int:
    """Count the processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def apart(function: Callable[[], Result]) -> Result:
    """Call a function where no signal interrupts it: not in Python's main thread, which waits for another one."""
    if threading.get_ident() != threading.main_thread().ident:
        return function()
    job = Job(function)
    start_new_thread(job.run, ())
    return job.result()


def _begin(niceness: int, begin: Callable[[], object]) -> None:
    """Let the thread that draws the window go first: Linux gives each thread its own priority."""
    begin()
    if niceness and hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def _work_off(begin: Callable[[], object], jobs: "SimpleQueue[Job[Any] | None]") -> None:
    """Do one job after the other, in a thread that does not keep its Workers alive."""
    try:
        begin()
    finally:  # a thread that cannot begin as it should is better than none
        while job := jobs.get():
            job.run()
            del job
        jobs.put(None)  # for the next thread


_beginning = Lock()
_workers: WeakSet[Workers] = WeakSet()


@atexit.register
def _end() -> None:
    """Leave no thread to compute in a library that is torn down."""
    for each in list(_workers):
        each.release()
