"""The engine that needs no GPU: NumPy over tiles that stay in cache, one thread a core.

Activations stand as (blocks, units, points of a block) with a row of ones below each block's units, so that
one matrix product includes the bias and every other pass runs over contiguous memory. A call of NumPy takes a
stack of blocks: threads that come back to Python too often wait for each other there, a third of their time.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from weightscape.engine.layer import Converted, Layer
from weightscape.engine.question import Cancelled, Engine, Field, Question, Values, plain, work
from weightscape.model.activation import PREACTIVATION_LIMIT
from weightscape.model.input import radial_input
from weightscape.model.network import Network

# A product of this many multiply-adds OpenBLAS still does without packing, 1.1 to 1.7 x as fast: up to 128 units
# blocks are small enough for that, and for a core's first cache. Beyond, larger ones are a little quicker, but a first
# picture of few points wants a block to take no more than FIRST_WORK.
UNPACKED, NARROW_NUMBERS, WIDE_NUMBERS = 1_000_000, 24_576, 1 << 16
FIRST_WORK = 1e9
# Points of a block: a multiple of GRAIN, or of FINE_GRAIN below it.
FINE_GRAIN, GRAIN, MAX_BLOCK = 16, 64, 8192
# A stack's two buffers fill a core's own cache, about.
STACK_NUMBERS, MAX_STACK = 1 << 18, 64


class _OneBlasThread:
    """Hold BLAS to one thread while any engine lives, and give the process its own number back after the last.

    Each worker multiplies its own tile; BLAS threads on top of that would only wait for each other.
    """

    def __init__(self) -> None:
        self._lock, self._engines = threading.Lock(), 0
        self._limits: threadpool_limits | None = None

    def take(self) -> None:
        """Count an engine."""
        with self._lock:
            self._engines += 1
            limits = threadpool_limits(1, user_api="blas")  # each time: somebody else may have set it since
            if self._engines == 1:
                self._limits = limits

    def give_back(self) -> None:
        """Count an engine less."""
        with self._lock:
            self._engines -= 1
            if self._engines == 0 and self._limits:
                self._limits.restore_original_limits()


_one_blas_thread = _OneBlasThread()


class Lattice:
    """Hold a grid's coordinates, ready to be cut into blocks of consecutive points; the last block runs over."""

    def __init__(self, question: Question, points: int, dtype: np.dtype[Any]) -> None:
        grid = question.grid
        rows = grid.rows + points // grid.columns + 1
        self._columns, self._radial = grid.columns, question.radial
        self._x = np.resize(grid.x + grid.stride * np.arange(grid.columns), grid.columns + points).astype(dtype)
        # What runs over repeats the last row: differences are bounded by the picture's size.
        self._y = (grid.y - grid.stride * np.minimum(np.arange(rows), grid.rows - 1)).astype(dtype)

    def write(self, h: Values, first: int) -> int:
        """Write the inputs of the points first, first + 1, ... into the first rows of h; tell how many rows."""
        blocks, _, block = h.shape
        top, left = divmod(first, self._columns)
        last, right = divmod(first + blocks * block - 1, self._columns)
        counts = np.full(last - top + 1, self._columns)
        counts[0] -= left
        counts[-1] -= self._columns - 1 - right
        h[:, 0] = self._x[left : left + blocks * block].reshape(blocks, block)
        h[:, 1] = np.repeat(self._y[top : last + 1], counts).reshape(blocks, block)
        if self._radial is None:
            return 2
        h[:, 2] = radial_input(self._radial, h[:, 0], h[:, 1])
        return 3


class NumpyEngine:
    """Compute fields with NumPy in float32 or float64, on `threads` threads (default: every core)."""

    name = "numpy"
    has_watchdog = False

    def __init__(self, threads: int = 0, niceness: int = 0) -> None:
        self.threads = threads or cores()
        self.busy_s = self.longest_s = 0.0
        self._pool = ThreadPoolExecutor(self.threads, "numpy", initializer=_be_nice, initargs=(niceness,))
        self._is_released = False
        _one_blas_thread.take()
        self._local = threading.local()
        self._ready = Converted()

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell a block's points: fewer take as long."""
        return block_size(network)

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        """Answer a question, tile after tile on every core."""
        is_double = question.perturbation.wide if question.perturbation else question.precision == "double"
        dtype: np.dtype[Any] = np.dtype(np.float64 if is_double else np.float32)
        layers = self._ready.layers(question, dtype, block_size(question.network))
        data = np.empty((question.grid.points, question.channels), dtype)
        block = block_size(question.network)
        blocks = min(stack_size(question.network), -(-question.grid.points // (block * self.threads)))
        points = blocks * block
        lattice = Lattice(question, points, dtype)
        starts = iter(range(0, question.grid.points, points))

        def work_off(_: int) -> None:
            for first in starts:  # shared: each thread takes the next block as soon as it is free
                self._evaluate(question, layers, lattice, data[first : first + points], first, cancelled)

        start = time.perf_counter()
        list(self._pool.map(work_off, range(self.threads)))
        self.busy_s = time.perf_counter() - start
        self.longest_s = max(self.longest_s, self.busy_s)
        if cancelled():
            raise Cancelled
        values = data.reshape(question.grid.rows, question.grid.columns, -1)
        if question.perturbation is None:
            return plain(values)
        return Field(values, question.perturbation.offset(question.taps), question.perturbation.scale(question.taps))

    def release(self) -> None:
        """Stop the threads and give BLAS its own back; again is harmless."""
        if not self._is_released:
            self._is_released = True
            self._pool.shutdown()
            _one_blas_thread.give_back()
        self._ready.clear()

    def _evaluate(
        self, question: Question, layers: list[Layer], lattice: Lattice, out: Values, first: int,
        cancelled: Callable[[], bool],
    ) -> None:  # fmt: skip
        """Evaluate the points first, first + 1, ... of the grid into out (points, channels), a stack at the most."""
        h, z, scratch = self._buffers(question.network, len(out), out.dtype)
        n = lattice.write(h, first)
        taps = _places(question)
        for k, layer in enumerate(layers):
            if cancelled():
                return
            h[:, n] = 1.0
            n_out, columns = layer.matrix.shape
            active = z[:, :n_out]
            np.matmul(layer.matrix, h[:, :columns], out=active)  # the last column is the biases', if there are any
            if layer.clamp:
                np.clip(active, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT, out=active)
            _hand_out(active, taps.get((k, True), ()), out)
            layer.activate(active, scratch[:, :n_out])
            _hand_out(active, taps.get((k, False), ()), out)
            h, z, n = z, h, n_out

    def _buffers(self, network: Network, points: int, dtype: np.dtype[Any]) -> tuple[Values, Values, Values]:
        """Find this thread's three buffers (blocks, rows, block), for as many blocks as `points` need."""
        shape = stack_size(network), max(network.widths) + 1, block_size(network)
        key = (*shape, dtype.char)
        if getattr(self._local, "key", None) != key:
            self._local.key = key
            self._local.three = [np.empty(shape, dtype) for _ in range(3)]
        blocks = -(-points // shape[2])
        h, z, scratch = self._local.three
        return h[:blocks], z[:blocks], scratch[:blocks]


def block_size(network: Network) -> int:
    """Choose how many points a matrix product takes, by the network's shape alone.

    Every product has exactly so many columns, the last ones padded: BLAS picks its kernel, and with it the order
    of its sums, by the shape, and a point's value should not depend on the tile it stands in. (With OpenBLAS's
    AVX2 kernels it still does, in float32's last digit, since their columns are not all summed alike. A file's
    tiles are therefore never cut by the clock.)
    """
    widest = max(network.widths)
    points = min(NARROW_NUMBERS // widest, UNPACKED // (widest * (widest + 1)), MAX_BLOCK)
    if points < 2 * FINE_GRAIN:
        points = WIDE_NUMBERS // widest // (2 if work(network) * WIDE_NUMBERS > FIRST_WORK * widest else 1)
    grain = GRAIN if points >= GRAIN else FINE_GRAIN
    return points // grain * grain


def stack_size(network: Network) -> int:
    """Choose how many blocks one call takes: as many as the cache holds."""
    numbers = block_size(network) * (max(network.widths) + 1)
    return min(max(STACK_NUMBERS // numbers, 1), MAX_STACK)


def _places(question: Question) -> dict[tuple[int, bool], list[tuple[int, int]]]:
    """List for each (layer, before its activation) which unit goes to which channel of the answer."""
    places: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    channel, layers = 0, question.network.layers
    for tap in question.taps:
        units = range(question.network.widths[1 + tap.layer % layers]) if tap.units is None else tap.units
        for unit in units:
            places.setdefault((tap.layer % layers, tap.before), []).append((unit, channel))
            channel += 1
    return places


def _hand_out(active: Values, places: Iterable[tuple[int, int]], out: Values) -> None:
    """Copy units (units, points) to channels (points, channels), one at a time: quicker than a transposed copy."""
    for unit, channel in places:
        out[:, channel] = active[:, unit].reshape(-1)[: len(out)]


def cores() -> int:
    """Count the processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _be_nice(niceness: int) -> None:
    """Let the thread that draws the window go first (Linux gives each thread its own priority)."""
    if niceness and hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


_: type[Engine] = NumpyEngine
