"""Threads that share work: an interrupt at any moment leaves nothing locked, and threads nobody needs end."""

import gc
import sys
import threading
from itertools import count
from queue import SimpleQueue

import pytest
from patience import PATIENCE_S, ran

from weightscape.engine.workers import Job, Workers

# Raises where the interpreter looks for signals, each time one place further on; prints how many places there were.
INTERRUPTS = """
import dis, faulthandler, sys
from contextlib import suppress
from itertools import count
from weightscape.engine.workers import Workers

faulthandler.dump_traceback_later(100, exit=True)
LOOKS = "CALL", "JUMP_BACKWARD", "RESUME"  # after a call, at a loop's end, at a function's beginning

def interrupted(deed, place):
    passed, last = 0, {}

    def trace(frame, event, _):
        nonlocal passed
        frame.f_trace_opcodes = True
        if event == "opcode":
            name = dis.opname[frame.f_code.co_code[frame.f_lasti]]
            if last.get(frame, "").startswith(LOOKS):
                passed += 1
                if passed == place:
                    raise KeyboardInterrupt
            last[frame] = name
        return trace

    sys.settrace(trace)
    with suppress(KeyboardInterrupt):
        deed()
    sys.settrace(None)
    return passed >= place

def deed():
    workers.share(int)
    workers.submit(int).result()
    workers.release()

for place in count(1):
    workers = Workers(2)
    was_interrupted = interrupted(deed, place)
    workers.release()
    if not was_interrupted:
        break
print(place)
"""


def test_an_interrupt_at_any_moment_leaves_no_thread_waiting() -> None:
    done = ran(sys.executable, "-c", INTERRUPTS)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


def test_what_one_raises_is_raised_and_the_threads_go_on() -> None:
    workers, turns = Workers(3), count()

    def work() -> None:
        if next(turns) == 1:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        workers.share(work)
    assert workers.submit(divmod, 7, 2).result() == (3, 1)
    workers.release()
    workers.release()


def test_every_thread_begins_by_itself_and_takes_a_part() -> None:
    begun, met = SimpleQueue[int](), threading.Barrier(3)
    workers = Workers(3, begin=lambda: begun.put(threading.get_ident()))
    workers.share(lambda: met.wait(PATIENCE_S))
    workers.release()
    assert len({begun.get_nowait() for _ in range(3)}) == 3
    assert begun.empty()


def test_a_job_that_is_cancelled_does_not_begin() -> None:
    may_go, done = SimpleQueue[None](), []
    workers = Workers(1)
    first, second = workers.submit(may_go.get), workers.submit(done.append, 2)
    second.cancel()
    assert not first.done()
    may_go.put(None)
    workers.release()
    assert first.done()
    assert done == []


def test_a_fault_is_no_ring_of_references() -> None:
    job = Job(lambda: 1 // 0)
    job.run()
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(ZeroDivisionError):
            job.result()
        del job
        assert not [each for each in gc.get_objects() if isinstance(each, Job)]
    finally:
        gc.enable()


def test_threads_of_workers_that_nobody_holds_end() -> None:
    workers, ended = Workers(1), SimpleQueue[None]()
    own = threading.local()

    class Last:
        def __del__(self) -> None:
            ended.put(None)

    workers.submit(setattr, own, "last", Last()).result()
    assert ended.empty()
    del workers
    ended.get(timeout=PATIENCE_S)
