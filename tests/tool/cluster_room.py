"""A Dask scheduler and workers in processes of their own, which end with the block that started them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from patience import ended, started

# Pieces of few points, here and in the workers.
BAND_POINTS = 1 << 11
SCHEDULER = """
import asyncio
from distributed import Scheduler

async def serve():
    async with Scheduler(host="127.0.0.1", port=0, dashboard_address="127.0.0.1:0") as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()

asyncio.run(serve())
"""
WORKER = """
import asyncio, sys
from weightscape.picture import span
span.BAND_POINTS = {points}
{before}
from distributed import Worker

async def work():
    async with Worker(sys.argv[1], host="127.0.0.1", nthreads=1, memory_limit=0, dashboard=False) as worker:
        print(worker.address, flush=True)
        await worker.finished()

asyncio.run(work())
"""


@dataclass(frozen=True)
class Member:
    """A process, and where it listens."""

    process: subprocess.Popen[str]
    address: str


class Room:
    """A scheduler, and who works for it."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.address = self._begun(SCHEDULER).address

    def worker(self, before: str = "") -> Member:
        """Add a worker that runs some code first."""
        return self._begun(WORKER.format(points=BAND_POINTS, before=before), self.address)

    def _begun(self, *words: str) -> Member:
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        process = started(sys.executable, "-c", *words, **pipes)
        self._stack.callback(_end, process)
        assert process.stdout
        return Member(process, process.stdout.readline().strip())


@contextmanager
def opened_room() -> Iterator[Room]:
    """Start a scheduler, without workers."""
    with ExitStack() as stack:
        yield Room(stack)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    ended(process)
