"""The processor's engine with code of its own: a network's steps, compiled for this very processor at first use.

Each thread takes a chunk of points at a time and walks it through all layers in one call, without Python.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from weightscape.engine.jit.catalogue import symbol, text
from weightscape.engine.jit.code import Real, Shape
from weightscape.engine.jit.library import Library
from weightscape.engine.jit.machine import Machine
from weightscape.engine.jit.program import PROGRAMS, Packed, Writer
from weightscape.engine.jit.walk import Memory, Walk, chunk_points, tile_strips
from weightscape.engine.processor.array_engine import ArrayEngine
from weightscape.engine.processor.numpy_block import Lattice
from weightscape.engine.processor.numpy_engine import COPIES, wrapped
from weightscape.engine.processor.numpy_layer import Converted
from weightscape.engine.processor.workers import Workers
from weightscape.engine.question import Cancelled, Field, Grid, Question
from weightscape.network.network import Network

DTYPES: dict[Real, np.dtype[Any]] = {"float": np.dtype(np.float32), "double": np.dtype(np.float64)}
NOWHERE = Grid(0, 0, 0.0, 0.0)


class JitEngine(ArrayEngine):
    """Compute fields on `threads` threads (default: every core) with code that a library makes for a machine.

    One thread asks at a time.
    """

    name = "jit"

    def __init__(self, machine: Machine, library: Library, threads: int = 0, niceness: int = 0) -> None:
        super().__init__()
        self.machine, self._library = machine, library
        self.arithmetic = f"code for {machine}"
        self._workers, self._memory = Workers(threads, niceness), Memory()
        self._ready = Converted()
        self._packed = self._unpacked()
        self._addresses: dict[tuple[str, Shape], int] = {}
        self._last: tuple[Question, Walk] | None = None

    def smallest(self, network: Network) -> int:
        """Tell a strip's points."""
        return self.machine.shape("float").points

    def _field(self, question: Question, cancelled: Callable[[], bool]) -> Field:
        real: Real = "double" if question.is_double else "float"
        dtype, shape, grid = DTYPES[real], self.machine.shape(real), question.grid
        walk = self._walk(question, shape)
        data = np.empty((grid.points, question.channels), dtype)
        chunk = chunk_points(question, walk.strips * shape.points, shape.points, self._workers.count)
        lattice, starts = Lattice(question, chunk, dtype), iter(range(0, grid.points, chunk))

        def work_off() -> None:
            for first in starts:  # shared: each thread takes the next chunk as soon as it is free
                if cancelled():
                    return
                walk.over(lattice, first, chunk, data[first : first + chunk], self._memory)

        start = time.perf_counter()
        if grid.points <= chunk:
            work_off()
        else:
            self._workers.share(work_off)
        self.busy_s = time.perf_counter() - start
        self.longest_s = max(self.longest_s, self.busy_s)
        if cancelled():
            raise Cancelled
        return wrapped(question, data.reshape(grid.rows, grid.columns, -1))

    def release(self) -> None:
        """Stop the threads; again is harmless."""
        self._workers.release()
        self._ready.clear()
        self._memory, self._packed, self._last = Memory(), self._unpacked(), None

    def _walk(self, question: Question, shape: Shape) -> Walk:
        """Write a question's program, once for all tiles of a grid."""
        asked, last = replace(question, grid=NOWHERE), self._last
        if last is None or last[0] != asked:
            strips, network = tile_strips(question.network, shape), question.network
            matrices = self._ready.matrices(question, DTYPES[shape.real])
            buffer = strips * shape.points * max(network.widths)
            writer = Writer(question, buffer, COPIES[question.answer], partial(self._address, shape))
            program = PROGRAMS[question.answer](writer, self._packed.of(matrices), matrices)
            self._last = last = asked, Walk(program, self._address(shape, "walk"), strips, network.widths[0])
        return last[1]

    def _unpacked(self) -> Packed:
        return Packed(self.machine.units(self.machine.shape("float")))

    def _address(self, shape: Shape, name: str) -> int:
        key = name, shape
        if key not in self._addresses:
            self._addresses[key] = self._library.address(symbol(name, shape), lambda: text(name, shape))
        return self._addresses[key]
