"""A layer's units along a line: some in colours of their own, with a legend, and all others as one faint light."""

import math

import numpy as np
import numpy.typing as npt

from weightscape.draw.cover import ROWS, over, painted
from weightscape.draw.plate import FAINT, GRID, INK, Colour, Plate, text_width
from weightscape.lens.curve import bundle, columns, crowd
from weightscape.lens.slice_panel import Panel, backdrop, caption, rules, stood_back, write_numbers

# The colours of units that are told apart: those of Okabe and Ito, "Color Universal Design" (2008), which colour-blind
# people can tell apart, in an order of neighbours that differ; black is white here, and blue lighter, for dark paper.
UNITS: tuple[Colour, ...] = tuple(
    (int(code[:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:], 16) / 255)
    for code in ("e69f00", "56b4e9", "f0e442", "d55e00", "009e73", "cc79a7", "f2f2f2", "4a86e8")
)
# The others: one of them hides at most STRONG of what is beneath it, and less where many cross: BRIGHTEST are all.
OTHERS: Colour = (0.50, 0.53, 0.58)
STRONG, BRIGHTEST = 0.4, 0.62
# How thick the lines are, in letters.
FAINT_LINE, TOLD_LINE = 0.08, 0.16
# Between the numbers of the legend, in letters.
GAP = 0.7


def told(panel: Panel) -> tuple[int, ...]:
    """Choose the curves that are told apart: of those that share a colour the one that varies most.

    A curve's colour is that of its number, so that few change their colour while a view moves.
    """
    vary = panel.places.std(axis=0)
    shared = (range(k, len(vary), len(UNITS)) for k in range(min(len(UNITS), len(vary))))
    chosen = (max(numbers, key=lambda n: float(vary[n])) for numbers in shared)
    return tuple(sorted(n for n in chosen if vary[n] > 0.0 or len(vary) <= len(UNITS)))


def draw_glow(plate: Plate, panel: Panel, probe: float, upright: list[float]) -> None:
    """Draw many curves: those that are told apart as lines of their own colours, and the others as one faint light."""
    axis, letter = panel.axis, panel.letter
    top, bottom = round(axis.top), round(axis.bottom)
    places = columns(panel.places, panel.curves.stride, plate.width) - top
    chosen = told(panel)
    thick = np.full(places.shape[1], FAINT_LINE * letter)
    thick[list(chosen)] = TOLD_LINE * letter
    light = bundle(places, bottom - top, thick, chosen)
    thin = math.log1p(-min(STRONG, 1.0 - (1.0 - BRIGHTEST) ** (1.0 / crowd(light[0]))))
    seen = np.empty((len(light) + 1, ROWS, plate.width), np.float32)

    def layers(rows: slice) -> npt.NDArray[np.float32]:
        part, here = seen[:, : rows.stop - rows.start], light[:, rows]
        here[0] = -np.expm1(np.float32(thin) * here[0])
        over(np.minimum(here, 1.0), part)
        return part

    lines = [(x, GRID) for x in upright] + [(probe, INK)] * (0.0 <= probe < plate.width)
    whole = [(int(x) + 0.5, colour) for x, colour in lines if 0.0 <= x < plate.width]
    level = [(int(y) + 0.5, colour) for y, colour in rules(panel)]
    colours = np.array([OTHERS, *(UNITS[k % len(UNITS)] for k in chosen)])
    glow = painted(backdrop(plate.width, (top, bottom), level, whole), layers, colours)
    plate.base(0, top, stood_back(glow, panel))
    write_numbers(plate, panel)
    _tell_units(plate, panel)


def _tell_units(plate: Plate, panel: Panel) -> None:
    """Write at the right of the caption which unit has which colour: as many as there is room for."""
    letter, chosen = panel.letter, told(panel)
    if panel.axis.top < 1.5 * letter or not chosen:
        return
    y, dash, wide = _legend_room(panel, plate.width)
    x = plate.width - 0.6 * letter - sum(wide) + GAP * letter
    if wide:
        plate.text(x - 0.5 * letter, y, "unit" if len(wide) == 1 else "units", letter, FAINT, "rs")
    for k, step in zip(chosen, wide, strict=False):
        colour = UNITS[k % len(UNITS)]
        if dash:
            plate.box(x, y - 0.45 * letter, x + dash, y - 0.25 * letter, colour)
        plate.text(x + (dash + 0.3 * letter if dash else 0.0), y, str(k), letter, colour, "ls")
        x += step


def _legend_room(panel: Panel, width: int) -> tuple[float, float, list[float]]:
    """Tell the legend's baseline, how long a dash before a number is, 0 where it is narrow, and each number's width."""
    letter, chosen = panel.letter, told(panel)
    room = width - (2.8 + GAP) * letter - text_width(caption(panel, width), letter) - text_width("units", letter)
    numbers = [text_width(str(k), letter) + GAP * letter for k in chosen]
    dash = 0.8 * letter
    wide = [each + dash + 0.3 * letter for each in numbers]
    if sum(wide) > room:
        dash, wide = 0.0, numbers
    while wide and sum(wide) > room:
        wide.pop()
    return panel.axis.top - 0.4 * letter, dash, wide
