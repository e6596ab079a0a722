"""The engine that needs no GPU: NumPy over tiles that stay in cache, one thread a core.

Activations stand as (blocks, units, points of a block) with a row of ones below each block's units, so that
one matrix product includes the bias and every other pass runs over contiguous memory.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from weightscape.engine.question import Cancelled, Engine, Field, Question, Values, plain, work
from weightscape.model.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.model.input import radial_input
from weightscape.model.network import Network, Tap

# Two blocks of activations of a chunk should stay in a core's own cache (L2, about 1 MB).
CHUNK_BYTES = 1 << 20
MIN_CHUNK, MAX_CHUNK = 256, 16_384
# Points of a block, the largest that serves. Every matrix product has one block's columns, the last ones padded:
# BLAS sums in another order when shapes differ, and a point's value must not depend on the tile it stands in.
BLOCKS = (32, 16, 8, 4, 1)


@dataclass(frozen=True)
class Layer:
    """Hold a layer ready to multiply: `matrix` (n_out, n_in + 1) with the biases as last column."""

    matrix: Values
    activation: str
    clamp: bool


class NumpyEngine:
    """Compute fields with NumPy in float32 or float64, on `threads` threads (default: every core)."""

    name = "numpy"

    def __init__(self, threads: int = 0, niceness: int = 0) -> None:
        self.threads = threads or cores()
        self.pause = 0.0
        self._pool = ThreadPoolExecutor(self.threads, "numpy", initializer=_be_nice, initargs=(niceness,))
        # Each worker multiplies its own tile; BLAS threads on top of that would only wait for each other.
        self._blas = threadpool_limits(1, user_api="blas")
        self._local = threading.local()
        self._ready: dict[tuple[int, int, str], tuple[npt.NDArray[np.float64], Values]] = {}

    def cost(self, network: Network) -> float:
        """Count the operations of one point: an answer is one submission."""
        return work(network)

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        """Answer a question, tile after tile on every core."""
        start = time.perf_counter()
        dtype: np.dtype[Any] = np.dtype(np.float64 if question.precision == "double" else np.float32)
        layers = self._layers(question.network, dtype)
        data = np.empty((question.grid.points, question.channels), dtype)
        widest = max(question.network.widths) + 1
        chunk = int(min(max(CHUNK_BYTES / (2 * widest * dtype.itemsize), MIN_CHUNK), MAX_CHUNK))
        # No fewer chunks than threads, or a small grid would keep one core busy and the others idle.
        block = min(_block(*layer.matrix.shape, dtype.char) for layer in layers)
        chunk = -(-min(chunk, -(-question.grid.points // self.threads)) // block) * block
        starts = range(0, question.grid.points, chunk)

        def evaluate(first: int) -> None:
            if not cancelled():
                self._chunk(question, layers, (widest, block), data[first : first + chunk], first)

        list(self._pool.map(evaluate, starts))
        self.pause = time.perf_counter() - start
        if cancelled():
            raise Cancelled
        return plain(data.reshape(question.grid.rows, question.grid.columns, -1))

    def release(self) -> None:
        """Stop the threads and give BLAS its own back."""
        self._pool.shutdown()
        self._blas.restore_original_limits()
        self._ready.clear()

    def _layers(self, network: Network, dtype: np.dtype[Any]) -> list[Layer]:
        """Convert the weights, but for those still at hand from the last question: mostly all but the first layer."""
        ready: dict[tuple[int, int, str], tuple[npt.NDArray[np.float64], Values]] = {}
        layers = []
        for W, b, name, clamp in zip(
            network.weights, network.biases, network.activations, _clamps(network), strict=True
        ):
            key = (id(W), id(b), dtype.char)
            # The arrays are kept with their matrix: an id stands for an object only while that lives.
            ready[key] = ready.get(key) or self._ready.get(key) or (
                W, np.concatenate([W.T, b[:, None]], axis=1).astype(dtype)
            )  # fmt: skip
            layers.append(Layer(ready[key][1], name, clamp))
        self._ready = ready
        return layers

    def _chunk(
        self, question: Question, layers: list[Layer], size: tuple[int, int], out: Values, first: int
    ) -> None:
        """Evaluate the points first, first + 1, ... of the grid into out (points, channels)."""
        h, z = self._buffers((-(-len(out) // size[1]), *size), out.dtype)
        wanted = {tap.layer % len(layers) for tap in question.taps}
        n = self._coordinates(question, h, first)
        places = _places(question, len(layers))
        for k, layer in enumerate(layers):
            h[:, n] = 1.0
            n_out = len(layer.matrix)
            active = z[:, :n_out]
            np.matmul(layer.matrix, h[:, : n + 1], out=active)
            if layer.clamp:
                np.clip(active, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT, out=active)
            for before in (True, False):
                if not before:
                    ACTIVATIONS[layer.activation].inplace(active)
                if k in wanted:
                    for where, tap in places:
                        if tap.layer % len(layers) == k and tap.before == before:
                            units = slice(n_out) if tap.units is None else list(tap.units)
                            values = z[:, units].transpose(0, 2, 1)
                            out[:, where] = values.reshape(-1, values.shape[-1])[: len(out)]
            h, z, n = z, h, n_out

    def _buffers(self, shape: tuple[int, int, int], dtype: np.dtype[np.floating]) -> tuple[Values, Values]:
        key = (shape, dtype.char)
        if getattr(self._local, "key", None) != key:
            self._local.key = key
            self._local.pair = np.empty(shape, dtype), np.empty(shape, dtype)
        pair: tuple[Values, Values] = self._local.pair
        return pair

    def _coordinates(self, question: Question, h: Values, first: int) -> int:
        """Write the inputs of consecutive grid points into the first rows of h; tell how many rows."""
        grid = question.grid
        blocks, _, block = h.shape
        points = np.arange(first, first + blocks * block).reshape(blocks, block)
        row, column = np.divmod(points, grid.columns)
        h[:, 0] = grid.x + grid.stride * column
        h[:, 1] = grid.y - grid.stride * row
        if question.radial is None:
            return 2
        h[:, 2] = radial_input(question.radial, h[:, 0], h[:, 1])
        return 3


@cache
def _block(n_out: int, n_in: int, dtype: str) -> int:
    """Find the largest block whose columns BLAS all treats alike in a product with an (n_out, n_in) matrix.

    Some kernels add up the last columns of a block in another order; equal columns then give unequal sums.
    """
    random = np.random.default_rng(0)
    matrix = random.standard_normal((n_out, n_in)).astype(dtype)
    columns = random.standard_normal((16 if n_in < 64 else 2, n_in, 1)).astype(dtype)
    for block in BLOCKS[:-1]:
        sums = np.matmul(matrix, np.repeat(columns, block, axis=2))
        if (sums == sums[:, :, :1]).all():
            return block
    return BLOCKS[-1]


def _places(question: Question, layers: int) -> list[tuple[slice, Tap]]:
    places, first = [], 0
    for tap in question.taps:
        count = question.network.widths[1 + tap.layer % layers] if tap.units is None else len(tap.units)
        places.append((slice(first, first + count), tap))
        first += count
    return places


def _clamps(network: Network) -> list[bool]:
    """Tell for each layer whether its pre-activations can reach the limit at all (they hardly ever can)."""
    size, clamps = 1e6, []  # pixel coordinates stay below a million
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        reach = float(np.abs(W).max()) * len(W) * size + float(np.abs(b).max())
        clamps.append(not reach < PREACTIVATION_LIMIT)
        bound = ACTIVATIONS[name].bound
        # Every unbounded activation of the table grows at most like |z| + 1.
        size = min(reach, PREACTIVATION_LIMIT) + 1.0 if bound is None else bound
    return clamps


def cores() -> int:
    """Count the processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _be_nice(niceness: int) -> None:
    """Let the thread that draws the window go first (Linux gives each thread its own priority)."""
    if niceness and hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


_: type[Engine] = NumpyEngine
