"""A small row of colours beside a choice, at the right end of its line."""

from __future__ import annotations

from typing import Any

from weightscape.window.message import Colours
from weightscape.window.sheet import Sheet

WIDE, HIGH = 5.0, 0.7  # in letters' sizes
GAP = 0.6  # before it


def room_for(sheet: Sheet, swatches: tuple[Colours, ...]) -> float:
    """Tell how wide swatches are, with the gap before them; 0 where there are none."""
    return (WIDE + GAP) * sheet.em if swatches else 0.0


def draw_swatch(sheet: Sheet, draw: Any, colours: Colours, right: float, top: float, height: float) -> None:
    """Draw colours from left to right, in the middle of a line of so many pixels, up to its right end."""
    wide, high = WIDE * sheet.em, HIGH * sheet.em
    left, upper = right - wide, top + (height - high) / 2
    ends = [round(left + wide * n / len(colours)) for n in range(len(colours) + 1)]
    for n, colour in enumerate(colours):
        box = (ends[n], round(upper)), (ends[n + 1], round(upper + high))
        draw.add_rect_filled(*box, sheet.ink((*colour, 1.0)))
