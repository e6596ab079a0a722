"""How small pictures of many units share a picture: a block of lines for each layer, blocks in stacks side by side.

Cells have the picture's aspect and are as large as possible. Where they would be too small to be recognised, only the
first units of evenly chosen layers are shown.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from weightscape.draw.chart import LETTER, unit
from weightscape.draw.lettering import letters_of
from weightscape.draw.plate import text_width
from weightscape.network.view import Size

# What a cell's short side has to be, pixels; and a picture's, from where there is room for letters.
SMALLEST_CELL, LETTERED = 6, 120
# A cell so many lines of text high has its unit's number below it.
NUMBERED = 4.0


@dataclass(frozen=True)
class Frame:
    """Hold what is not cell, pixels: text size, the header's height, a layer's number, the gaps."""

    text: float = 0.0
    margin: int = 0
    head: int = 0
    number: int = 0
    gap: int = 0
    layer_gap: int = 0
    strip: int = 0


@dataclass(frozen=True)
class Cells:
    """Place the cells of some layers, counted from 0, and of the first `units` of each, channel by channel.

    `columns` cells make a line, `height` layers a stack; (left, top) is the first line's corner, its label included.
    """

    layers: tuple[int, ...]
    units: tuple[int, ...]
    size: Size
    columns: int
    height: int
    frame: Frame
    left: int = 0
    top: int = 0

    @property
    def stacks(self) -> int:
        """Count the stacks."""
        return -(-len(self.layers) // self.height)

    @property
    def lines(self) -> npt.NDArray[np.int64]:
        """Count each layer's lines."""
        return -(-np.array(self.units) // self.columns)

    @property
    def pitch(self) -> tuple[int, int, int]:
        """Tell the pixels from cell to cell, from line to line and from stack to stack."""
        across, down = self.size[0] + self.frame.gap, self.size[1] + self.frame.gap + self.frame.strip
        return across, down, self.frame.number + self.columns * across + self.frame.layer_gap

    @property
    def area(self) -> Size:
        """Tell width and height of all of it, without the header."""
        _, down, stack = self.pitch
        lines = np.add.reduceat(self.lines, range(0, len(self.layers), self.height))
        return self.stacks * stack - self.frame.layer_gap - self.frame.gap, int(
            lines.max() * down - self.frame.gap + (self.height - 1) * self.frame.layer_gap
        )

    def corners(self) -> npt.NDArray[np.int64]:
        """Tell each layer's left upper corner, its label included: (layers, 2), x and y in pixels."""
        _, down, stack = self.pitch
        lines, order = self.lines, np.arange(len(self.layers))
        above = np.concatenate([[0], np.cumsum(lines)[:-1]])
        stacked, rank = np.divmod(order, self.height)
        y = (above - above[order - rank]) * down + rank * self.frame.layer_gap
        return np.stack([self.left + stacked * stack, self.top + y], -1)

    def places(self) -> npt.NDArray[np.int64]:
        """Tell each cell's left upper corner: (cells, 2), x and y in pixels."""
        across, down, _ = self.pitch
        parts = []
        for corner, count in zip(self.corners(), self.units, strict=True):
            line, column = np.divmod(np.arange(count), self.columns)
            parts.append(corner + np.stack([self.frame.number + column * across, line * down], -1))
        return np.concatenate(parts)

    def at(self, point: tuple[float, float]) -> tuple[int, int] | None:
        """Find the (layer, unit), both from 0, whose cell holds a point; None in a gap."""
        hit = self._hit(point)
        if hit is None:
            return None
        first = np.concatenate([[0], np.cumsum(self.units)])
        k = int(np.searchsorted(first, hit, "right")) - 1
        return self.layers[k], int(hit - first[k])

    def within(self, point: tuple[float, float]) -> tuple[float, float] | None:
        """Tell where in its cell a point is: parts of width and height, each in 0..1; None in a gap."""
        hit = self._hit(point)
        if hit is None:
            return None
        x, y = ((np.array(point) - self.places()[hit]) / self.size).tolist()
        return x, y

    def _hit(self, point: tuple[float, float]) -> int | None:
        inside = np.array(point) - self.places()
        hits = np.flatnonzero(((inside >= 0) & (inside < self.size)).all(-1))
        return int(hits[0]) if hits.size else None


def is_lettered(size: Size) -> bool:
    """Tell whether a picture is large enough for its letters."""
    return min(size) >= LETTERED * letters_of(size).scale


@lru_cache(maxsize=16)
def laid_out(size: Size, layers: tuple[int, ...], widths: tuple[int, ...]) -> Cells:
    """Lay out cells for layers, counted from 0, of so many units each, in a picture of `size` pixels."""
    most, shown = max(widths), len(layers)
    while True:
        chosen = sorted(set(np.linspace(0, len(layers) - 1, shown).round().astype(int).tolist()))
        numbers = tuple(layers[k] for k in chosen)
        units = tuple(min(widths[k], most) for k in chosen)
        last = most == shown == 1
        least = 1 if last else SMALLEST_CELL
        # What has no room by its area alone need not be tried.
        hopeless = sum(units) * (least / min(size)) ** 2 > 1.0
        found = None if hopeless else _best(size, numbers, units, len(layers) > 1, least)
        if found:
            return found
        if last:
            return Cells((layers[0],), (1,), size, 1, 1, Frame())
        # Fold what there is more of: the first units of a random layer are as good as any.
        if most >= shown:
            most -= max(most // 16, 1)
        else:
            shown -= max(shown // 16, 1)


def _best(size: Size, layers: tuple[int, ...], units: tuple[int, ...], labelled: bool, least: int) -> Cells | None:
    """Find the layout with the largest cells: with numbers below them if these stay large; None if all are small."""
    plain = _frame(size, layers[-1] + 1 if labelled else 0)
    strip = math.ceil(1.3 * plain.text)
    numbered = replace(plain, strip=strip, gap=4 * plain.gap, layer_gap=4 * plain.gap)
    for frame in (numbered, plain) if strip else (plain,):
        tall = max(least, math.ceil(NUMBERED * frame.strip))
        possible = list(_possible(size, layers, units, frame, least, tall))
        if possible:
            return _centred(max(possible, key=_merit), size)
    return None


def _merit(cells: Cells) -> float:
    """Weigh a layout: large cells, but rather a line for each layer, and these in one stack, than a little larger."""
    area = cells.size[0] * cells.size[1]
    return area * (0.8 if cells.stacks > 1 else 1.0) * (0.8 if cells.columns < max(cells.units) else 1.0)


def _frame(size: Size, last: int) -> Frame:
    """Choose text and gaps by the picture's short side; `last`: the largest layer number to be written, if any."""
    short = min(size)
    gap = max(1, round(short / 720)) if short >= 40 else 0
    if not is_lettered(size):
        return Frame(gap=gap, layer_gap=gap)
    text = LETTER * unit(size)
    margin = round(0.5 * text)
    number = math.ceil(text_width(str(last), text)) + margin if last else 0
    return Frame(text, margin, math.ceil(1.8 * text), number, gap, 2 * gap)


def _possible(
    size: Size, layers: tuple[int, ...], units: tuple[int, ...], frame: Frame, least: int, tall: int
) -> Iterator[Cells]:
    """Try every number of cells a line and of stacks; give those whose cells are large enough."""
    wide = size[0] - 2 * frame.margin
    heights = sorted({-(-len(layers) // stacks) for stacks in range(1, len(layers) + 1)}, reverse=True)
    counts = np.array(units)
    for height in heights:
        stacks = -(-len(layers) // height)
        first = range(0, len(layers), height)
        room = wide - stacks * frame.number - (stacks - 1) * frame.layer_gap
        for columns in range(1, min(max(units), room // (stacks * (least + frame.gap))) + 1):
            lines = int(np.add.reduceat(-(-counts // columns), first).max())
            high = size[1] - frame.head - frame.margin - (height - 1) * frame.layer_gap
            cell = _aspect(size, room // (stacks * columns) - frame.gap, high // lines - frame.gap - frame.strip)
            if min(cell) >= least and cell[1] >= tall:
                yield Cells(layers, units, cell, columns, height, frame)


def _aspect(size: Size, wide: int, high: int) -> Size:
    """Fit a cell of the picture's aspect into a place."""
    wide = min(wide, round(high * size[0] / size[1]))
    return wide, min(high, round(wide * size[1] / size[0]))


def _centred(cells: Cells, size: Size) -> Cells:
    """Put cells into the middle of what the header leaves."""
    frame, (wide, high) = cells.frame, cells.area
    left, room = (size[0] - wide) // 2, max(size[1] - frame.head - frame.margin - high, 0)
    # Numbers may come to stand over the first lines.
    return replace(cells, left=left, top=frame.head + min(room, max(room // 2, math.ceil(1.2 * frame.text))))
