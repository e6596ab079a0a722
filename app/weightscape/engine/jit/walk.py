"""A program walked over points: chunk after chunk in one call each, a chunk tile after tile through all layers."""

import ctypes
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np

from weightscape.engine.jit.code import BYTES, Shape
from weightscape.engine.jit.program import Program
from weightscape.engine.processor.numpy_block import Lattice
from weightscape.engine.question import Question, Values, work
from weightscape.network.network import Network

# A tile's activations of one layer take so many bytes, or those of one strip; it has so many points at most.
TILE_BYTES, MOST_POINTS = 1 << 16, 1024
# A call takes so many operations, some 5 ms, and so many points at most: between calls a question can be cancelled.
CALL_WORK, CALL_POINTS = 3e8, 1 << 15
# Less than this is done by one thread: the others would come too late.
SHARED_WORK = 3e7
LINE = 64  # bytes
# `walk` of flow_step.py: rows, how many there are, and the job.
FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p)


class Memory(threading.local):
    """Keep a thread's aligned memory from one chunk to the next."""

    def __init__(self) -> None:
        self._bytes = np.empty(0, np.uint8)

    def numbers(self, count: int, dtype: np.dtype[Any]) -> Values:
        """Find room for so many numbers, at the beginning of a cache line."""
        size = count * dtype.itemsize
        if len(self._bytes) < size + LINE:
            self._bytes = np.empty(size + LINE, np.uint8)
        first = -self._bytes.ctypes.data % LINE
        return self._bytes[first : first + size].view(dtype)


@dataclass(frozen=True)
class Walk:
    """Hold a program and the function that walks tiles of so many strips through it."""

    program: Program
    address: int
    strips: int
    inputs: int

    def over(self, lattice: Lattice, first: int, chunk: int, out: Values, memory: Memory) -> None:
        """Evaluate up to `chunk` points of a lattice, from `first` on, into `out` (points, channels)."""
        program, copies = self.program, self.program.copies
        numbers = memory.numbers(program.scratch + copies * self.inputs * chunk, out.dtype)
        scratch, fed = numbers[: program.scratch], numbers[program.scratch :].reshape(copies, 1, self.inputs, chunk)
        lattice.write(fed[0], first)
        if copies > 1:
            lattice.write_tangents(fed)
        job = np.array((scratch.ctypes.data, fed.ctypes.data, chunk, out.ctypes.data, len(out), self.strips, 0, 0))
        FUNCTION(self.address)(program.rows.ctypes.data, len(program.rows), job.ctypes.data)
        for channels, factor in program.factors:
            out[:, channels] *= factor


def tile_strips(network: Network, shape: Shape) -> int:
    """Choose how many strips go through the layers together: their numbers stay in a core's own cache."""
    strip = shape.points * max(network.widths) * BYTES[shape.real]
    return max(min(TILE_BYTES // strip, MOST_POINTS // shape.points), 1)


def chunk_points(question: Question, tile: int, strip: int, threads: int) -> int:
    """Choose how many points a call takes, whole tiles: all of a small question, which one thread answers.

    `tile` and `strip`: their points.
    """
    is_double = question.is_double
    cost = work(question.network) * (3.0 if question.answer == "derivatives" else 1.0) * (2.0 if is_double else 1.0)
    points = min(CALL_WORK / cost, CALL_POINTS, max(question.grid.points / threads, SHARED_WORK / cost))
    return min(max(-(-int(points) // tile), 1) * tile, -(-question.grid.points // strip) * strip)
