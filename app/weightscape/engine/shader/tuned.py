"""The compute engine in the shapes of workgroup that are quickest here: a short list is tried, the best remembered.

What is measured is the engine's own busy time, once for each kind of network, and holds for one renderer and driver.
All shapes add up in the same order, so that which is taken shows in no picture.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from weightscape.draw.relief import Ground, Sight
from weightscape.engine.question import Engine, EngineError, Field, Held, Question, Values, pixel_grid, work
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.workgroup import WARP, Tiles, Workgroup, doubled, fused_for, padded, padded_shapes, wide
from weightscape.engine.speed import ENOUGH_S, FIRST_SIDE, LARGEST_SIDE, Memory, Rates
from weightscape.network.interrupt import never
from weightscape.network.network import OUTPUTS, Network
from weightscape.network.view import Size

# The shape that is first in the list is left only for one that is quicker by more than measurements stray.
MARGIN = 1.05
TIMES = 3


class TunedEngine:
    """Answer with `inner`, in the quickest of the shapes that are worth a trial; `memory` keeps what was measured."""

    def __init__(self, inner: ComputeEngine, memory: Memory) -> None:
        self.name, self.methods, self.has_watchdog = inner.name, inner.methods, inner.has_watchdog
        self.largest, self.busy_s, self.longest_s = inner.largest, 0.0, 0.0
        self.arithmetic = inner.arithmetic
        self.gpu_s: float | None = None
        self._inner, self._memory, self._tiles = inner, memory, inner.tiles

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell the engine's own."""
        return self._inner.smallest(network)

    def field(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer; the first question about a kind of network is measured before."""
        with self._tuned(question, cancelled):
            return self._inner.field(question, cancelled)

    def holds(self, question: Question) -> bool:
        """Tell the engine's own."""
        return self._inner.holds(question)

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Held | Field:
        """Answer, as field() does; the answer may stay on the GPU."""
        with self._tuned(question, cancelled):
            return self._inner.held(question, cancelled)

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        """Draw a landscape as the engine does."""
        return self._inner.seen(question, ground, sight, size, is_rough)

    def release(self) -> None:
        """Release the engine."""
        self._inner.release()

    @contextmanager
    def _tuned(self, question: Question, cancelled: Callable[[], bool]) -> Iterator[None]:
        try:
            self._inner.tiles = self._best(question, cancelled)
            yield
        finally:
            self.busy_s, self.longest_s = self._inner.busy_s, self._inner.longest_s
            self.gpu_s = self._inner.gpu_s

    def _best(self, question: Question, cancelled: Callable[[], bool]) -> Tiles:
        shapes = candidates(self._tiles, question.network, question.is_double)
        if len(shapes) < 2:
            return self._tiles
        kind = kind_of(self._tiles, question.network, question.is_double)
        rates = self._memory.get(kind)
        if not all(name in rates for name in shapes):
            rates = self._measured(shapes, question, cancelled)
            if all(rates.values()):  # what failed once, for want of memory perhaps, is tried again another time
                self._memory.put(kind, rates)
        return shapes[quickest(list(shapes), rates)]

    def _measured(self, shapes: Mapping[str, Tiles], question: Question, cancelled: Callable[[], bool]) -> Rates:
        """Measure operations a second in every shape, on squares that take the first long enough; 0 where it fails."""
        side, network = FIRST_SIDE, question.network
        asked = replace(
            question,
            grid=pixel_grid(side, side),
            taps=OUTPUTS,
            answer="values",
            perturbation=None,
            precision="double" if question.is_double else "single",
        )
        first, *others = shapes
        spent = {first: self._spent(shapes[first], asked, cancelled)}
        while 0.0 < spent[first] < ENOUGH_S and side < LARGEST_SIDE:
            side *= 2
            asked = replace(asked, grid=pixel_grid(side, side))
            spent[first] = self._spent(shapes[first], asked, cancelled)
        spent |= {name: self._spent(shapes[name], asked, cancelled) for name in others}
        return {name: side * side * work(network) / s if s else 0.0 for name, s in spent.items()}

    def _spent(self, tiles: Tiles, asked: Question, cancelled: Callable[[], bool]) -> float:
        """Tell how long a shape keeps the GPU busy, at best; 0 where the driver refuses it."""
        self._inner.tiles = tiles
        seconds = []
        try:
            self._inner.field(asked, cancelled)  # compiles and uploads
            for _ in range(TIMES):
                self._inner.field(asked, cancelled)
                seconds.append(max(self._inner.busy_s, 1e-9))
        except EngineError:
            return 0.0
        return min(seconds)


def candidates(tiles: Tiles, network: Network, is_double: bool) -> dict[str, Tiles]:
    """List the shapes worth a trial for a network, by name, the likeliest first; none that does not fit.

    The flat one keeps half as many sums in registers: 64 may not fit those of an Intel GPU, whose compiler then
    stores them in memory. That is thought, not measured.
    """
    flat = replace(tiles, wide_vectors=min(tiles.wide_vectors, 2), point_vectors=1, wide_points=tiles.wide_points // 2)
    is_fused = _laid(tiles, network, is_double)[1]
    if is_fused:
        listed = {"whole": tiles, "sliced": replace(tiles, fused_whole=0), "flat": flat}
    else:
        square = replace(tiles, wide_vectors=min(tiles.wide_vectors, 2))
        listed = {"tall": tiles, "square": square, "flat": flat}
        tight = snug(tiles, _widest(network), is_double)
        if _multiplied(tight, network, is_double) < _multiplied(tiles, network, is_double):
            listed["snug"] = tight
    found: dict[str, Tiles] = {}
    seen = []
    for name, each in listed.items():
        group, fits = _laid(each, network, is_double)
        if fits == is_fused and group.defines() not in seen:
            seen.append(group.defines())
            found[name] = each
    return found


def snug(tiles: Tiles, units: int, is_double: bool) -> Tiles:
    """Lay out wide tiles of the size that pads a layer of `units` least, over as many points as fill whole warps.

    The size lies between the largest and half of it; of sizes that pad alike the largest is taken. It is a multiple
    of what a thread takes, and of what output.comp takes in a row: that reads no unit which no tile has written.
    """
    laid = doubled(tiles) if is_double else tiles
    most, step = max(laid.wide_units), math.lcm(4 * laid.wide_vectors, laid.output_steps)
    size = min(range(most, most // 2 - 1, -step), key=lambda each: padded(units, each))
    warps = WARP // math.gcd(WARP, size // (4 * laid.wide_vectors))
    points = padded(tiles.wide_points, 4 * tiles.point_vectors * warps)
    return replace(tiles, wide_units=(size * max(tiles.wide_units) // most,), wide_points=points)


def kind_of(tiles: Tiles, network: Network, is_double: bool) -> str:
    """Name the networks for which one measurement holds: how they are gone through, and how wide to a power of two."""
    laid = {name: _laid(each, network, is_double) for name, each in candidates(tiles, network, is_double).items()}
    whole = " ".join(name for name, (group, _) in laid.items() if group.is_whole)
    tight = f", snug in tiles of {laid['snug'][0].units}" if "snug" in laid else ""
    is_fused = _laid(tiles, network, is_double)[1]
    way = f"at once, {whole or 'none'} with whole matrices" if is_fused else f"by layers{tight}"
    width = 1 << (_widest(network) - 1).bit_length()
    return f"{way}, {width} wide{', double' if is_double else ''}"


def quickest(names: list[str], rates: Rates) -> str:
    """Choose the quickest shape; the first, unless another is clearly quicker."""
    best = max(names, key=lambda name: rates[name])
    return best if rates[best] > MARGIN * rates[names[0]] else names[0]


def _laid(tiles: Tiles, network: Network, is_double: bool) -> tuple[Workgroup, bool]:
    """Lay out a network's workgroup, and tell whether that goes through all layers at once."""
    tiles = doubled(tiles) if is_double else tiles
    group = fused_for(tiles, network)
    return group or wide(tiles, _widest(network)), group is not None


def _multiplied(tiles: Tiles, network: Network, is_double: bool) -> int:
    """Count a network's weights, padding included."""
    shapes = padded_shapes(doubled(tiles) if is_double else tiles, network)
    return sum(inputs * units for inputs, units in shapes)


def _widest(network: Network) -> int:
    return max(network.widths[1:-1], default=network.widths[-1])
