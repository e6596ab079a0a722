"""One part of a slice: an axis with its lines and numbers, curves, and what they are at the probe."""

import math
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from weightscape.draw.chart import Axis, labels, number, ticks, value
from weightscape.draw.cover import ROWS, Backdrop, covered, over, painted, stroke
from weightscape.draw.plate import FAINT, FINE, GRID, INK, PAPER, Colour, Plate, bytes_of, fitted, text_width
from weightscape.lens.curve import Curves, Floats, columns, is_flat
from weightscape.lens.lens import Values
from weightscape.lens.winner import RGB, THREE, THREE_NAMES

ONE: Colour = (0.98, 0.75, 0.25)
ZERO_LINE: Colour = (0.42, 0.45, 0.50)
# What is left of lines under the axis's numbers; and how wide, in letters, a panel has to be for a caption in full.
BACK, NARROW = 0.16, 34.0


@dataclass(frozen=True)
class Panel:
    """Say what stands in one part of the picture: curves on an axis, under a caption, in letters of so many pixels."""

    curves: Curves
    axis: Axis
    caption: str
    letter: float
    names: tuple[tuple[str, Colour], ...] = ()

    @cached_property
    def places(self) -> Floats:
        """Tell where the curves stand: (points, channels) in pixels from the top."""
        return self.axis.place(self.curves.rise if is_flat(self.curves) else self.curves.values)

    @cached_property
    def levels(self) -> list[tuple[float, float, str]]:
        """Place round numbers on the axis: value, pixels from the top, and how the number is written."""
        axis = self.axis
        numbers = ticks(axis.low, axis.high, max(int((axis.bottom - axis.top) / (2.6 * self.letter)), 1))
        places = axis.place(np.array(numbers))
        return [(n, float(y), text) for n, y, text in zip(numbers, places, labels(numbers), strict=True)]


def names_of(outputs: int) -> tuple[tuple[str, Colour], ...]:
    """Name and colour the curves of a network's outputs, the first ten where there are more."""
    if outputs == 1:
        return (("", ONE),)
    if outputs == 3:
        return tuple(zip(THREE_NAMES, THREE, strict=True))
    # The darkest of the classes' colours is hard to see as a line.
    tones = [0.25 + 0.75 * tone for tone in RGB.astype(float)]
    return tuple((str(k), (tone[0], tone[1], tone[2])) for k, tone in enumerate(tones[: min(outputs, len(tones))]))


def draw_lines(plate: Plate, panel: Panel, probe: float, upright: list[float]) -> None:
    """Draw a few curves as lines, with their names at the end."""
    axis, places = panel.axis, columns(panel.places, panel.curves.stride, plate.width)
    top, bottom = floor(axis.top), ceil(axis.bottom)
    low, high = stroke(places - top, max(round(_thickness(panel) * FINE), 1) / FINE)
    count = places.shape[1]
    cover = covered(low, high, bottom - top, np.eye(count).repeat(low.shape[1] // count, 0) * (count / low.shape[1]))
    seen = np.empty((count + 1, ROWS, plate.width), np.float32)

    def layers(rows: slice) -> npt.NDArray[np.float32]:
        part = seen[:, : rows.stop - rows.start]
        over(cover[:, rows], part)
        return part

    back = backdrop(plate.width, (top, bottom), rules(panel), [(x, GRID) for x in upright])
    drawn = painted(back, layers, np.array([colour for _, colour in panel.names]))
    plate.base(0, top, stood_back(drawn, panel))
    _names(plate, panel, panel.places[-1])
    write_numbers(plate, panel)


def draw_probe(plate: Plate, panel: Panel, probe: float, values: Values) -> None:
    """Draw an upright line at the probe (pixels from the left), and beside it the outputs there."""
    if not 0.0 <= probe < plate.width:
        return
    axis, curves, letter = panel.axis, panel.curves, panel.letter
    at = (np.arange(len(curves.rise)) + 0.5) * curves.stride
    rises = [float(np.interp(probe, at, curve)) for curve in curves.rise.T]
    flat = is_flat(curves)
    texts = [_change(m, r) for m, r in zip(curves.middle, rises, strict=True)] if flat else [value(v) for v in values]
    plate.box(probe - 0.5, axis.top, probe + 0.5, axis.bottom, INK)
    for (_, colour), y in zip(panel.names, axis.place(np.array(rises) if flat else values), strict=False):
        plate.dot(probe, float(y), 0.36 * letter, INK)
        plate.dot(probe, float(y), 0.25 * letter, colour)
    _legend(plate, panel, probe, texts)


def stood_back(drawn: npt.NDArray[np.uint8], panel: Panel) -> npt.NDArray[np.uint8]:
    """Let what is drawn stand back at the left edge, where the axis's numbers are, more and more."""
    width = drawn.shape[1]
    reach = max((box[2] for box in _label_boxes(panel, width)), default=0.0)
    if not reach:
        return drawn
    x = np.arange(min(math.ceil(1.6 * reach), width)) + 0.5
    share = BACK + (1.0 - BACK) * np.clip((x - reach) / (0.6 * reach), 0.0, 1.0)
    paper = np.array(bytes_of(PAPER), np.float32)
    part = drawn[:, : len(x)]
    part[:] = np.rint(paper + share[:, None] * (part - paper))
    return drawn


def backdrop(
    width: int, between: tuple[int, int], rules: list[tuple[float, Colour]], upright: list[tuple[float, Colour]]
) -> Backdrop:
    """Lay lines one pixel thick, level ones first, on paper: between two rows, at pixels from top and from left."""
    top, bottom = between
    rows = np.tile(np.array(PAPER), (bottom - top, 1))
    for y, colour in rules:
        for at, share in _shares(y - top, bottom - top):
            rows[at] += share * (colour - rows[at])
    made: dict[int, Floats] = {}
    for x, colour in upright:
        for at, share in _shares(x, width):
            made[at] = made.get(at, rows) + share * (colour - made.get(at, rows))
    return Backdrop(rows, made, width)


def _shares(middle: float, count: int) -> list[tuple[int, float]]:
    """Tell which pixels a line one pixel thick is seen in, as boxes of a plate are, and how much of it."""
    start = round((middle - 0.5) * FINE)
    cells = [n // FINE for n in range(start, round((middle + 0.5) * FINE))]
    return [(at, cells.count(at) / FINE) for at in sorted(set(cells)) if 0 <= at < count]


def rules(panel: Panel) -> list[tuple[float, Colour]]:
    """Place the level lines, zero brighter than the rest."""
    return [(y, ZERO_LINE if value == 0.0 else GRID) for value, y, _ in panel.levels]


def write_numbers(plate: Plate, panel: Panel) -> None:
    """Write the caption and the axis's numbers."""
    letter, axis = panel.letter, panel.axis
    if axis.top >= 1.5 * letter:
        room = plate.width - 1.2 * letter
        plate.text(
            0.6 * letter,
            axis.top - 0.4 * letter,
            fitted(caption(panel, plate.width), room, letter),
            letter,
            FAINT,
            "ls",
        )
    for (_, y, text), (left, *_) in zip(_labelled(panel, plate.width), _label_boxes(panel, plate.width), strict=True):
        plate.text(left, y - 0.15 * letter, text, 0.85 * letter, FAINT, "ls")


def caption(panel: Panel, width: int) -> str:
    """Say what the panel shows, in fewer words where there is a legend beside them and little room."""
    if is_flat(panel.curves):
        return f"{panel.caption}: change from the middle of the line"
    is_narrow = width < NARROW * panel.letter and panel.names == ()
    return panel.caption.partition(",")[0] if is_narrow else panel.caption


def _labelled(panel: Panel, width: int) -> list[tuple[float, float, str]]:
    """Choose the levels whose numbers have room above their line."""
    letter, axis = panel.letter, panel.axis
    return [
        level
        for level in panel.levels
        if axis.top + 0.6 * letter < level[1] < axis.bottom and text_width(level[2], 0.85 * letter) < width / 4
    ]


def _label_boxes(panel: Panel, width: int) -> list[tuple[float, float, float, float]]:
    """Tell where the numbers of an axis stand: left, top, right, bottom."""
    letter = panel.letter
    return [
        (0.6 * letter, y - 1.0 * letter, 0.7 * letter + text_width(text, 0.85 * letter), y - 0.05 * letter)
        for _, y, text in _labelled(panel, width)
    ]


def _names(plate: Plate, panel: Panel, ends: Values) -> None:
    """Write the curves' names at their right ends, apart from each other."""
    letter, axis = panel.letter, panel.axis
    wide = max(text_width(name, letter) for name, _ in panel.names)
    if not wide or wide > plate.width / 6 or axis.bottom - axis.top < 1.2 * letter * len(panel.names):
        return
    order, free = np.argsort(ends), axis.top
    below = axis.bottom - 1.2 * letter * len(ends)
    for n, k in enumerate(order):
        y = min(max(float(ends[k]) - 0.6 * letter, free), below + 1.2 * letter * n)
        free = y + 1.2 * letter
        name, colour = panel.names[k]
        left = plate.width - 0.6 * letter - text_width(name, letter)
        plate.box(left - 0.3 * letter, y, plate.width, y + 1.2 * letter, PAPER)
        plate.text(left, y + 0.6 * letter, name, letter, colour, "lm")


def _legend(plate: Plate, panel: Panel, probe: float, texts: list[str]) -> None:
    """Write the curves' names and values beside the probe's line."""
    letter, axis = panel.letter, panel.axis
    names, texts = [name for name, _ in panel.names], texts[: len(panel.names)]
    wide = max(text_width(t, letter) for t in texts) + max(text_width(n, letter) for n in names) + 1.9 * letter
    tall = (1.3 * len(names) + 0.5) * letter
    if tall > axis.bottom - axis.top or wide > 0.45 * plate.width:
        return
    left = probe + 0.7 * letter if probe + wide + 4.5 * letter < plate.width else probe - 0.7 * letter - wide
    left = max(left, 4.5 * letter)  # where the axis's numbers are
    plate.box(left, axis.top, left + wide, axis.top + tall, PAPER, GRID)
    for n, (text, (name, colour)) in enumerate(zip(texts, panel.names, strict=True)):
        y = axis.top + (1.3 * n + 0.9) * letter
        plate.text(left + 0.6 * letter, y, name, letter, colour, "lm")
        plate.text(left + wide - 0.6 * letter, y, text, letter, colour, "rm")


def _change(middle: float, rise: float) -> str:
    """Write a value as that of the middle and what comes on top."""
    return f"{number(middle, 6)} {'+' if rise >= 0 else '−'} {number(abs(rise))}"


def _thickness(panel: Panel) -> float:
    """Choose how thick lines are: thinner where they jump from pixel to pixel."""
    jump = float(np.abs(np.diff(panel.places, axis=0)).mean()) if len(panel.places) > 1 else 0.0
    return panel.letter * (0.07 if jump > 0.1 * (panel.axis.bottom - panel.axis.top) else 0.17)
