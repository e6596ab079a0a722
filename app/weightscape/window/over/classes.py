"""What the dots over the picture are: their classes' colours and numbers, in an upper corner."""

from __future__ import annotations

from weightscape.window.message import Classes
from weightscape.window.sheet import Box, Sheet
from weightscape.window.style import BACKING, DIM, TEXT

# Lengths at 96 dots an inch.
EDGE, PAD, DOT = 12.0, 9.0, 4.5
LINE = 1.35  # times the letters
LIGHT, DARK = (1.0, 1.0, 1.0, 1.0), (0.04, 0.04, 0.06, 1.0)


def draw_classes(sheet: Sheet, classes: Classes, below: float) -> Box:
    """Draw the lines and rows beside the controls, lower than `below` (pixels); tell where they are."""
    draw, s, em = sheet.im.get_background_draw_list(), sheet.scale, sheet.em
    (start, end), inset, indent = sheet.beside, (EDGE + PAD) * s, 3 * DOT * s
    words = [sheet.width(line) for line in classes.lines] + [indent + sheet.width(text) for _, text in classes.rows]
    wide = min(max(words, default=0.0), end - start - 2 * inset)
    left, top = start + inset if classes.is_left else end - inset - wide, max(below, 0.0) + inset
    height = (len(classes.lines) + len(classes.rows)) * LINE * em
    low, high = (left - PAD * s, top - PAD * s), (left + wide + PAD * s, top + height + PAD * s)
    draw.add_rect_filled(low, high, sheet.ink(BACKING), 6 * s)
    y = top
    for n, line in enumerate(classes.lines):
        draw.add_text((round(left), round(y)), sheet.ink(DIM if n else TEXT), sheet.fit(line, wide))
        y += LINE * em
    for (red, green, blue), text in classes.rows:
        middle = left + DOT * s, y + 0.5 * em
        is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
        draw.add_circle_filled(middle, DOT * s, sheet.ink(DARK if is_light else LIGHT))
        draw.add_circle_filled(middle, (DOT - 1.2) * s, sheet.ink((red, green, blue, 1.0)))
        draw.add_text((round(left + indent), round(y)), sheet.ink(TEXT), sheet.fit(text, wide - indent))
        y += LINE * em
    return *low, *high
