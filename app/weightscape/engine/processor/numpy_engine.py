"""The engine that needs no GPU: NumPy over tiles that stay in cache, one thread a core.

A call of NumPy takes a stack of blocks (numpy_block.py): threads that come back to Python too often wait for each
other there, a third of their time. Each kind of answer has a function that walks a stack through the layers.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from weightscape.engine.processor.arithmetic import numpy_arithmetic
from weightscape.engine.processor.array_engine import ArrayEngine
from weightscape.engine.processor.blas import one_thread
from weightscape.engine.processor.numpy_block import (
    Buffers,
    Lattice,
    Three,
    Walk,
    block_size,
    hand_out,
    places,
    stack_size,
)
from weightscape.engine.processor.numpy_layer import Converted, Ready, layers
from weightscape.engine.processor.numpy_pattern import counting
from weightscape.engine.processor.numpy_tangent import differentiated, differentiation
from weightscape.engine.processor.workers import Workers
from weightscape.engine.question import Answer, Cancelled, Field, Question, Values, plain
from weightscape.network.activation import clamp_preactivation
from weightscape.network.network import Network

# Values, and beside them their derivatives by x and by y.
COPIES: dict[Answer, int] = {"values": 1, "derivatives": 3, "pattern": 1}
# A stack is evaluated again where somebody set BLAS's threads meanwhile, but not for ever.
TRIES = 4


class NumpyEngine(ArrayEngine):
    """Compute fields with NumPy in float32 or float64, on `threads` threads (default: every core)."""

    name = "numpy"

    def __init__(self, threads: int = 0, niceness: int = 0) -> None:
        super().__init__()
        self.arithmetic = numpy_arithmetic()
        self._workers = Workers(threads, niceness, one_thread.take, one_thread.hold)
        self._is_released = False
        self._buffers = Buffers()
        self._ready = Converted()

    def smallest(self, network: Network) -> int:
        """Tell a block's points: fewer take as long."""
        return block_size(network)

    def _field(self, question: Question, cancelled: Callable[[], bool]) -> Field:
        dtype: np.dtype[Any] = np.dtype(np.float64 if question.is_double else np.float32)
        network, copies = question.network, COPIES[question.answer]
        walk = WALKS[question.answer](question, self._ready.matrices(question, dtype))
        data = np.empty((question.grid.points, question.channels), dtype)
        block = block_size(network)
        points = block * min(stack_size(network, copies), -(-question.grid.points // (block * self._workers.count)))
        lattice = Lattice(question, points, dtype)
        starts = iter(range(0, question.grid.points, points))

        def work_off() -> None:
            for first in starts:  # shared: each thread takes the next block as soon as it is free
                out = data[first : first + points]
                three = self._buffers.three(network, copies, len(out), dtype)
                for _ in range(TRIES):
                    changes = one_thread.hold()
                    walk(lattice, first, out, three, cancelled)
                    if one_thread.hold() == changes:
                        break

        start = time.perf_counter()
        self._workers.share(work_off)
        self.busy_s = time.perf_counter() - start
        self.longest_s = max(self.longest_s, self.busy_s)
        if cancelled():
            raise Cancelled
        return wrapped(question, data.reshape(question.grid.rows, question.grid.columns, -1))

    def release(self) -> None:
        """Stop the threads and give BLAS its own back; again is harmless."""
        if not self._is_released and self._workers.are_here:
            self._workers.release()
            one_thread.give_back()
        self._is_released = True
        self._ready.clear()


def evaluation(question: Question, matrices: list[Ready]) -> Walk:
    """Make the function that evaluates tapped values."""
    made, taps = layers(question, matrices, block_size(question.network)), places(question)

    def walk(lattice: Lattice, first: int, out: Values, three: Three, cancelled: Callable[[], bool]) -> None:
        h, z, scratch = (each[0] for each in three)
        n = lattice.write(h, first)
        for k, layer in enumerate(made):
            if cancelled():
                return
            h[:, n] = 1.0
            n_out, columns = layer.matrix.shape
            active = z[:, :n_out]
            np.matmul(layer.matrix, h[:, :columns], out=active)  # the last column is the biases', if there are any
            if layer.clamp:
                clamp_preactivation(active)
            hand_out(active, taps.get((k, True), ()), out)
            layer.activate(active, scratch[:, :n_out])
            hand_out(active, taps.get((k, False), ()), out)
            h, z, n = z, h, n_out

    return walk


WALKS: dict[Answer, Callable[[Question, list[Ready]], Walk]] = {
    "values": evaluation,
    "derivatives": differentiation,
    "pattern": counting,
}


def wrapped(question: Question, data: Values) -> Field:
    """Tell what the numbers count from, and in."""
    if question.answer == "derivatives":
        return differentiated(question, data)
    plan = question.perturbation
    if plan is None or question.answer == "pattern":
        return plain(data)
    return Field(data, plan.offset(question.taps), plan.scale(question.taps))
