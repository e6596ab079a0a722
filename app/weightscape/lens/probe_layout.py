"""Where the strips and blocks of a forward pass stand: from left to right, as large as fits, the middle folded away.

Everything follows from the network's shape and the picture's size; no value is known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from weightscape.draw.block import side_of_image
from weightscape.draw.chart import LETTER, unit
from weightscape.draw.plate import text_width
from weightscape.network.network import Network
from weightscape.network.remembered import remembered
from weightscape.network.view import Size

Kind = Literal["strip", "image", "block", "fold", "answer"]

# Sides of a cell that are tried; from NUMBERED on cells are flat, and numbers are written into them.
CELLS = (128, 112, 96, 84, 72, 64, 56, 48, 42, 36, 32, 28, 24, 20, 17, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1)
NUMBERED, FLAT = 28, 0.62
# What would be smaller than this many pixels a unit is a picture, on so much of the width or, by small cells, less.
TINY, MOST_WIDTH = 4.0, 0.22
STRIP_WIDTH, IMAGE_WIDTH = 26.0, 150.0
FOLD_WIDTH, ANSWER_WIDTH = (150.0, 0.12), (90.0, 0.1)  # pixels of a picture of usual size, and part of the width
MOST_FOLDED, SHRUNK = 12, 6
# Networks of so many layers are shown whole, however small that is.
WHOLE = 4


@dataclass(frozen=True)
class ProbePart:
    """Place one thing: pixels, the left upper corner of its picture, and the letters of its header.

    `layers`: of a strip the layer, of a block the layer it comes from, of a fold those whose strips it shows.
    `cell`: width and height of a cell where numbers may be written, (0, 0) elsewhere.
    """

    kind: Kind
    layers: tuple[int, ...]
    name: str
    shape: str
    width: int
    height: int
    cell: tuple[int, int] = (0, 0)
    left: int = 0
    top: int = 0
    has_bias: bool = False

    def room(self, letter: float) -> float:
        """Tell how wide it is with its header, which without letters is none."""
        if not letter:
            return self.width
        return max(self.width, _wide(self.name, letter), _wide(self.shape, 0.85 * letter))


@dataclass(frozen=True)
class Layout:
    """Hold the parts and the letters' size; `folded` counts the layers left out."""

    parts: tuple[ProbePart, ...]
    letter: float


@lru_cache(maxsize=256)
def _wide(text: str, letter: float) -> float:
    return text_width(text, letter)


@remembered(4)
def layout(network: Network, size: Size) -> Layout:
    """Place all parts: all layers with the largest cells that fit, else the first and the last ones.

    Where headers leave no room there are none, and where there still is none parts are left out, the largest first.
    """
    parts: list[ProbePart] = []
    for letter in (LETTER * unit(size), 0.0):
        for (first, last, smallest), is_long in ((c, long) for c in _choices(network.layers) for long in (True, False)):
            for cell in (round(each * unit(size)) for each in CELLS):
                if cell >= round(smallest * min(unit(size), 1.0)):
                    parts = _row(network, size, first, last, cell, is_long)
                    plan, fits = _placed(parts, size, letter, is_long)
                    if fits:
                        return plan
    while len(parts) > 1 and not _placed(parts, size, 0.0, False)[1]:
        parts.remove(max(parts[:-1], key=lambda part: (part.height > size[1], part.width)))
    return _placed(parts, size, 0.0, False)[0]


def _choices(layers: int) -> Iterator[tuple[int, int, float]]:
    """List how many blocks are shown at the front and at the back, and how small their cells may be."""
    if layers <= 8:
        yield layers, 0, 4.0 if layers <= WHOLE else 8.0
    if layers > 4:
        yield 2, 2, 8.0
    if layers > 3:
        yield 2, 1, 5.0
    yield (1, 1, 1.0) if layers > 2 else (layers, 0, 1.0)


def _row(network: Network, size: Size, first: int, last: int, cell: int, is_long: bool) -> list[ProbePart]:
    """Make the parts, from left to right; where `last` is 0 nothing is folded."""
    parts, back = [_input(network, size, cell, is_long)], network.layers - last
    for k in range(first):
        parts += _block(network, size, k, cell, is_long), _strip(network, size, k + 1, cell, is_long)
    if last:
        parts += _fold(network, size, first, back, cell, is_long), _strip(network, size, back, cell, is_long)
        for k in range(back, network.layers):
            parts += _block(network, size, k, cell, is_long), _strip(network, size, k + 1, cell, is_long)
    return [*parts, *_answer(network, size, is_long)]


def _input(network: Network, size: Size, cell: int, is_long: bool) -> ProbePart:
    side = side_of_image(network.widths[0])
    if not side:
        return _strip(network, size, 0, cell, is_long)
    across = min(max(side * cell // 4, side), max(int(IMAGE_WIDTH * unit(size)) // side * side, side // 2))
    name = "layer_0" if is_long else "l_0"
    return ProbePart("image", (0,), name, f"{side} × {side}", across, across)


def _strip(network: Network, size: Size, layer: int, cell: int, is_long: bool) -> ProbePart:
    name = f"layer_{layer}" if is_long else f"l_{layer}"
    count = network.widths[layer]
    shape = f"{count} {network.activations[layer - 1]}" if layer and is_long else str(count)
    high, height = _height(count, size, cell)
    wide = cell if high else min(cell, round(STRIP_WIDTH * unit(size)))
    return ProbePart("strip", (layer,), name, shape, wide, height, (wide, high) if high else (0, 0))


def _block(network: Network, size: Size, layer: int, cell: int, is_long: bool) -> ProbePart:
    rows, columns = network.weights[layer].shape
    name = f"weights_{layer}_{layer + 1}" if is_long else f"W_{layer}"
    high, height = _height(rows, size, cell)
    most = MOST_WIDTH * size[0] * min(cell / SHRUNK, 1.0)
    is_squeezed = columns * TINY > MOST_WIDTH * size[0]
    width = max(columns * int(most / columns) or int(most), 1) if is_squeezed else columns * cell
    inside = (0, 0) if is_squeezed or not high else (cell, high)
    has_bias = bool(network.biases[layer].any())
    return ProbePart("block", (layer,), name, f"{rows} × {columns}", width, height, inside, has_bias=has_bias)


def _height(count: int, size: Size, cell: int) -> tuple[int, int]:
    """Tell how high a cell is, 0 where there is no room for cells, and how high so many of them are."""
    high = round(cell * FLAT) if cell >= NUMBERED * unit(size) else cell
    most = _span(size)[1]
    if count * TINY > most:
        return 0, max(count * int(most / count) or int(most), 1)
    return high, count * high


def has_words(size: Size) -> bool:
    """Tell whether the picture is high enough for title and formulas."""
    return size[1] >= 17.0 * LETTER * unit(size)


def _span(size: Size) -> tuple[float, float]:
    """Tell where the parts begin and how high they may be, between the headers above and biases and formulas below."""
    letter = LETTER * unit(size)
    if not has_words(size):
        return 0.0, float(size[1])
    return 5.2 * letter, size[1] - 14.2 * letter


def _fold(network: Network, size: Size, first: int, back: int, cell: int, is_long: bool) -> ProbePart:
    """Fold blocks first .. back - 1 away; of the strips between them some are shown."""
    every = max(-(-(back - first - 1) // MOST_FOLDED), 1)
    layers = tuple(range(first + 1, back, every))
    wide = max(round(_least(FOLD_WIDTH, size) / MOST_FOLDED), 1)
    height = max((_height(network.widths[k], size, cell)[1] for k in layers), default=0)
    name, shape = (f"… {back - first} more", "layers …") if is_long else ("…", f"{back - first} more")
    if every > 1 and is_long:
        shape += f" every {_ordinal(every)}"
    return ProbePart("fold", layers, name, shape, wide * len(layers), height)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else ending}"


def _answer(network: Network, size: Size, is_long: bool) -> list[ProbePart]:
    count, side = network.widths[-1], max(round(_least(ANSWER_WIDTH, size)), 1)
    if count == 2:
        return []
    name = ("colour" if count <= 3 else "largest") if is_long else ""
    return [ProbePart("answer", (network.layers,), name, "", side, side)]


def _least(width: tuple[float, float], size: Size) -> float:
    return min(width[0] * unit(size), width[1] * size[0])


def _placed(parts: list[ProbePart], size: Size, letter: float, is_long: bool) -> tuple[Layout, bool]:
    """Set parts side by side, their middles at one height, and tell whether they fit."""
    gap, (top, height) = (1.4 if is_long else 0.8) * letter or 1.0, _span(size)
    # The names of a few inputs stand in front of the first strip.
    x, placed = (2.6 if parts[0].cell[1] >= 0.8 * letter else 1.0) * letter, []
    for part in parts:
        room = part.room(letter)
        y = top + (height - part.height) / 2.0
        placed.append(replace(part, left=round(x + (room - part.width) / 2.0), top=round(y)))
        x += room + gap
    right = x - gap
    fits = right <= size[0] - 0.6 * letter and max(part.height for part in parts) <= max(height, 1.0)
    # What is left over is shared by both sides.
    shift = max(round((size[0] - letter - right) / 2.0), 0)
    return Layout(tuple(replace(part, left=part.left + shift) for part in placed), letter), fits
