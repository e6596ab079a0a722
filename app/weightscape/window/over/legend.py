"""What the picture's colours mean: a bar of them in the left upper corner, with words and numbers."""

from __future__ import annotations

from weightscape.window.message import Legend
from weightscape.window.sheet import Box, Sheet
from weightscape.window.style import BACKING, DIM, TEXT

# Lengths at 96 dots an inch.
WIDTH, BAR, EDGE, PAD = 260.0, 10.0, 12.0, 9.0


def draw_legend(sheet: Sheet, legend: Legend) -> Box:
    """Draw a legend, beside the controls, its lines shortened to the width there; tell where it is."""
    draw, s, em = sheet.im.get_background_draw_list(), sheet.scale, sheet.em
    words = max(sheet.width(legend.title), sheet.width(legend.note), sheet.width("  ".join(legend.marks)))
    (start, end), inset = sheet.beside, (EDGE + PAD) * s
    wide = min(max(WIDTH * s, words), end - start - 2 * inset)
    left, top = start + inset, inset
    lines = 3 if legend.note else 2
    low, high = (left - PAD * s, top - PAD * s), (left + wide + PAD * s, top + lines * 1.3 * em + (BAR + PAD) * s)
    draw.add_rect_filled(low, high, sheet.ink(BACKING), 6 * s)
    draw.add_text((round(left), round(top)), sheet.ink(TEXT), sheet.fit(legend.title, wide))
    y, step = top + 1.3 * em, wide / len(legend.colours)
    for n, (red, green, blue) in enumerate(legend.colours):
        box = (round(left + n * step), round(y)), (round(left + (n + 1) * step), round(y + BAR * s))
        draw.add_rect_filled(*box, sheet.ink((red, green, blue, 1.0)))
    y += (BAR + 2) * s
    for mark, part in zip(legend.marks, (0.0, 0.5, 1.0), strict=True):
        draw.add_text((round(left + part * (wide - sheet.width(mark))), round(y)), sheet.ink(DIM), mark)
    if legend.note:
        draw.add_text((round(left), round(y + 1.3 * em)), sheet.ink(TEXT), sheet.fit(legend.note, wide))
    return *low, *high
