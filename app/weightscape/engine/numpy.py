"""The engine that needs no GPU: NumPy over tiles that stay in cache, one thread a core.

Activations stand as (blocks, units, points of a block) with a row of ones below each block's units, so that
one matrix product includes the bias and every other pass runs over contiguous memory.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from weightscape.engine.question import Cancelled, Engine, Field, Question, Values, plain
from weightscape.model.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.model.input import radial_input
from weightscape.model.network import Matrix, Network

# Activations of a block, in numbers: two of them stay in a core's own cache.
NARROW, NARROW_NUMBERS, WIDE_NUMBERS = 36, 40_960, 1 << 15
# A product of this many multiply-adds OpenBLAS still does without packing: up to 1.7 x as fast at 16 to 30 units.
UNPACKED = 1_000_000
MIN_BLOCK, MAX_BLOCK = 64, 8192
# Pixel coordinates stay below this.
LARGEST_COORDINATE = 1e6


@dataclass(frozen=True)
class Ready:
    """Hold a layer's numbers ready to multiply: `matrix` (n_out, n_in + 1) with the biases as last column.

    `slope` and `start` bound its pre-activations: |z| <= slope |h| + start. The arrays it was made of are kept,
    because their ids, by which it is found again, stand for them only while they live.
    """

    made_of: tuple[Matrix, Matrix]
    matrix: Values
    slope: float
    start: float


@dataclass(frozen=True)
class Layer:
    """Hold one step of the evaluation: multiply, clamp if the limit can be reached at all, activate."""

    matrix: Values
    activation: str
    clamp: bool


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

    def __init__(self, question: Question, block: int, dtype: np.dtype[Any]) -> None:
        grid = question.grid
        rows = grid.rows + block // grid.columns + 1
        self._columns, self._radial = grid.columns, question.radial
        self._x = np.resize(grid.x + grid.stride * np.arange(grid.columns), grid.columns + block).astype(dtype)
        self._y = (grid.y - grid.stride * np.arange(rows)).astype(dtype)

    def write(self, h: Values, first: int) -> int:
        """Write the inputs of the points first, first + 1, ... into the first rows of h; tell how many rows."""
        top, left = divmod(first, self._columns)
        last, right = divmod(first + h.shape[1] - 1, self._columns)
        counts = np.full(last - top + 1, self._columns)
        counts[0] -= left
        counts[-1] -= self._columns - 1 - right
        h[0] = self._x[left : left + h.shape[1]]
        h[1] = np.repeat(self._y[top : last + 1], counts)
        if self._radial is None:
            return 2
        h[2] = radial_input(self._radial, h[0], h[1])
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
        self._ready: dict[tuple[int, int, str], Ready] = {}

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell a block's points: fewer take as long."""
        return block_size(network)

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        """Answer a question, tile after tile on every core."""
        dtype: np.dtype[Any] = np.dtype(np.float64 if question.precision == "double" else np.float32)
        layers = self._layers(question.network, dtype)
        data = np.empty((question.grid.points, question.channels), dtype)
        block = block_size(question.network)
        lattice = Lattice(question, block, dtype)
        starts = iter(range(0, question.grid.points, block))

        def work_off(_: int) -> None:
            for first in starts:  # shared: each thread takes the next block as soon as it is free
                self._evaluate(question, layers, lattice, data[first : first + block], first, cancelled)

        start = time.perf_counter()
        list(self._pool.map(work_off, range(self.threads)))
        self.busy_s = time.perf_counter() - start
        self.longest_s = max(self.longest_s, self.busy_s)
        if cancelled():
            raise Cancelled
        return plain(data.reshape(question.grid.rows, question.grid.columns, -1))

    def release(self) -> None:
        """Stop the threads and give BLAS its own back; again is harmless."""
        if not self._is_released:
            self._is_released = True
            self._pool.shutdown()
            _one_blas_thread.give_back()
        self._ready.clear()

    def _layers(self, network: Network, dtype: np.dtype[Any]) -> list[Layer]:
        """Convert the weights, but for those still at hand from the last question: mostly all but the first layer."""
        ready: dict[tuple[int, int, str], Ready] = {}
        layers = []
        size = LARGEST_COORDINATE
        for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
            key = (id(W), id(b), dtype.char)
            ready[key] = now = ready.get(key) or self._ready.get(key) or _ready(W, b, dtype)
            reach = now.slope * size + now.start
            layers.append(Layer(now.matrix, name, not reach < PREACTIVATION_LIMIT))
            bound = ACTIVATIONS[name].bound
            # Every unbounded activation of the table grows at most like |z| + 1.
            size = min(reach, PREACTIVATION_LIMIT) + 1.0 if bound is None else bound
        self._ready = ready
        return layers

    def _evaluate(
        self, question: Question, layers: list[Layer], lattice: Lattice, out: Values, first: int,
        cancelled: Callable[[], bool],
    ) -> None:  # fmt: skip
        """Evaluate the points first, first + 1, ... of the grid into out (points, channels), a block at the most."""
        h, z = self._buffers(max(question.network.widths) + 1, block_size(question.network), out.dtype)
        n = lattice.write(h, first)
        taps = _places(question)
        for k, layer in enumerate(layers):
            if cancelled():
                return
            h[n] = 1.0
            n_out = len(layer.matrix)
            active = z[:n_out]
            np.matmul(layer.matrix, h[: n + 1], out=active)
            if layer.clamp:
                np.clip(active, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT, out=active)
            _hand_out(active, taps.get((k, True), ()), out)
            ACTIVATIONS[layer.activation].inplace(active)
            _hand_out(active, taps.get((k, False), ()), out)
            h, z, n = z, h, n_out

    def _buffers(self, rows: int, block: int, dtype: np.dtype[Any]) -> tuple[Values, Values]:
        key = (rows, block, dtype.char)
        if getattr(self._local, "key", None) != key:
            self._local.key = key
            self._local.pair = np.empty((rows, block), dtype), np.empty((rows, block), dtype)
        pair: tuple[Values, Values] = self._local.pair
        return pair


def block_size(network: Network) -> int:
    """Choose how many points a matrix product takes, by the network's widest layer alone.

    Every product has exactly so many columns, the last ones padded: BLAS picks its kernel, and with it the order
    of its sums, by the shape, and a point's value should not depend on the tile it stands in. (With OpenBLAS's
    AVX2 kernels it still does, in float32's last digit, since their columns are not all summed alike. A file's
    tiles are therefore never cut by the clock.)
    """
    widest = max(network.widths)
    points = min(NARROW_NUMBERS // widest, UNPACKED // (widest * (widest + 1)))
    if widest > NARROW:
        points = WIDE_NUMBERS // widest
    return min(max(points // MIN_BLOCK * MIN_BLOCK, MIN_BLOCK), MAX_BLOCK)


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
        out[:, channel] = active[unit, : len(out)]


def _ready(W: Matrix, b: Matrix, dtype: np.dtype[Any]) -> Ready:
    matrix = np.concatenate([W.T, b[:, None]], axis=1).astype(dtype)
    return Ready((W, b), matrix, float(np.abs(W).max()) * len(W), float(np.abs(b).max()))


def cores() -> int:
    """Count the processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _be_nice(niceness: int) -> None:
    """Let the thread that draws the window go first (Linux gives each thread its own priority)."""
    if niceness and hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


_: type[Engine] = NumpyEngine
