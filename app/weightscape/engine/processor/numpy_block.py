"""Blocks of points: how many the NumPy engine takes at once, their coordinates, and the way of values to the answer.

Activations stand as (copies, blocks, units, points of a block) with a row of ones below each block's units, so that
one matrix product includes the bias and every other pass runs over contiguous memory.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from weightscape.deep.tangent import radial_slope
from weightscape.engine.question import Question, Values, work
from weightscape.network.input import radial_input
from weightscape.network.network import Network

# A product of this many multiply-adds OpenBLAS still does without packing, 1.1 to 1.7 x as fast: up to 128 units
# blocks are small enough for that, and for a core's first cache. Beyond, larger ones are a little quicker, but a first
# picture of few points wants a block to take no more than FIRST_WORK.
UNPACKED, NARROW_NUMBERS, WIDE_NUMBERS = 1_000_000, 24_576, 1 << 16
FIRST_WORK = 1e9
# Points of a block: a multiple of GRAIN, or of FINE_GRAIN below it.
FINE_GRAIN, GRAIN, MAX_BLOCK = 16, 64, 8192
# A stack's two buffers fill a core's own cache, about.
STACK_NUMBERS, MAX_STACK = 1 << 18, 64

Three = tuple[Values, Values, Values]
Places = dict[tuple[int, bool], list[tuple[int, int]]]
Walk = Callable[["Lattice", int, Values, Three, Callable[[], bool]], None]
"""Evaluate the points first, first + 1, ... of a lattice into an array (points, channels), with three buffers; or stop
soon after the last argument tells that the answer is not wanted any more."""


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

    def write_tangents(self, h: Values) -> None:
        """Write the inputs' derivatives by x into h[1] and those by y into h[2], the inputs standing in h[0]."""
        h[1:, :, :2] = 0.0
        h[1, :, 0] = h[2, :, 1] = 1.0
        if self._radial:
            h[1, :, 2], h[2, :, 2] = radial_slope(self._radial, h[0, :, 0], h[0, :, 1])


class Buffers(threading.local):
    """Keep each thread's three buffers from one stack of blocks to the next."""

    def __init__(self) -> None:
        self._key: tuple[Any, ...] = ()
        self._three: list[Values] = []

    def three(self, network: Network, copies: int, points: int, dtype: np.dtype[Any]) -> Three:
        """Find three buffers (copies, blocks, rows, block), for as many blocks as `points` need."""
        shape = copies, stack_size(network, copies), max(network.widths) + 1, block_size(network)
        key = (*shape, dtype.char)
        if self._key != key:
            self._key, self._three = key, [np.empty(shape, dtype) for _ in range(3)]
        blocks = -(-points // shape[3])
        h, z, scratch = self._three
        return h[:, :blocks], z[:, :blocks], scratch[:, :blocks]


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


def stack_size(network: Network, copies: int = 1) -> int:
    """Choose how many blocks one call takes: as many as the cache holds, with their tangents where there are any."""
    numbers = copies * block_size(network) * (max(network.widths) + 1)
    return min(max(STACK_NUMBERS // numbers, 1), MAX_STACK)


def places(question: Question) -> Places:
    """List for each (layer, before its activation) which unit goes to which channel of the answer."""
    found: Places = {}
    channel, layers = 0, question.network.layers
    for tap in question.taps:
        units = range(question.network.widths[1 + tap.layer % layers]) if tap.units is None else tap.units
        for unit in units:
            found.setdefault((tap.layer % layers, tap.before), []).append((unit, channel))
            channel += 1
    return found


def hand_out(active: Values, wanted: Iterable[tuple[int, int]], out: Values) -> None:
    """Copy units (units, points) to channels (points, channels), one at a time: quicker than a transposed copy."""
    for unit, channel in wanted:
        out[:, channel] = active[:, unit].reshape(-1)[: len(out)]
