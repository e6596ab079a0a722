"""The card: a few lines with keys at the lower left, each ticked off when it is done, until its cross is clicked."""

from __future__ import annotations

from typing import Any

from weightscape.window.message import Row
from weightscape.window.over.key_cap import cap_height, draw_caps, placed
from weightscape.window.sheet import Box, Sheet, meet
from weightscape.window.style import ACCENT, DIM, POPUP, TEXT, TONES

Rows = tuple[Row, ...]
# Of the window's width: the picture is what was come for.
WIDEST = 0.6
CROSS = 28  # the side of the cross, at 96 dots an inch


def draw_card(sheet: Sheet, rows: Rows, below: Box | None, tip: Box | None) -> bool:
    """Draw the card above the status line, or above a box there; tell whether its cross was clicked.

    It is left out where it has no room, or would cover another part, or a tip would cover it.
    """
    im, s = sheet.im, sheet.scale
    keys = max((_end(sheet, row) for row in rows), default=0.0) + 12 * s
    step = cap_height(sheet) + 7 * s
    words = (sheet.width(row.text) + (keys if row.keys else 0.0) for row in rows)
    size = max(words, default=0.0) + 50 * s, len(rows) * step + 21 * s
    left, top = sheet.beside[0] + 12 * s, sheet.size[1] - sheet.strip - size[1] - 12 * s
    if below and below[0] < left + size[0] + 12 * s:
        top = min(top, below[1] - size[1] - 12 * s)
    box = left, top, left + size[0], top + size[1]
    if top < 12 * s or size[0] > WIDEST * sheet.size[0] or sheet.meets(box) or (tip and meet(tip, box)):
        return False
    im.set_next_window_pos((round(left), round(top)))
    im.set_next_window_size(size)
    sheet.begin("card", im.WindowFlags_.no_scrollbar, opaque=True)
    draw = im.get_window_draw_list()
    clicked = _draw_cross(sheet, draw, (box[2] - CROSS * s, box[1]))
    for n, row in enumerate(rows):
        _draw_row(sheet, draw, row, (round(left + 14 * s), round(top + 13 * s + n * step)), keys)
    im.end()
    return clicked


def _draw_cross(sheet: Sheet, draw: Any, at: tuple[float, float]) -> bool:
    """Draw a cross in a square with a corner at a place; tell whether it was clicked."""
    im, side, r = sheet.im, CROSS * sheet.scale, 0.15 * CROSS * sheet.scale
    im.set_cursor_screen_pos(at)
    clicked = bool(im.invisible_button("##close", (side, side)))
    x, y, ink = at[0] + side / 2, at[1] + side / 2, sheet.ink(TEXT if im.is_item_hovered() else DIM)
    draw.add_line((x - r, y - r), (x + r, y + r), ink, 1.5 * sheet.scale)
    draw.add_line((x - r, y + r), (x + r, y - r), ink, 1.5 * sheet.scale)
    return clicked


def _end(sheet: Sheet, row: Row) -> float:
    return max((cap.x + cap.width for cap in placed(sheet, row.keys)), default=0.0)


def _draw_row(sheet: Sheet, draw: Any, row: Row, at: tuple[float, float], keys: float) -> None:
    """Draw a line, faded and with a tick where it is done; one without keys is a remark."""
    (x, y), s, em = at, sheet.scale, sheet.em
    if not row.keys:
        draw.add_text((x, y + round(3 * s)), sheet.ink(ACCENT), row.text)
        return
    draw_caps(sheet, draw, x, y, placed(sheet, row.keys))
    draw.add_text((round(x + keys), y + round(2 * s)), sheet.ink(DIM if row.is_on else TEXT), row.text)
    if row.is_on:
        end = x + keys + sheet.width(row.text)
        draw.add_rect_filled((x - s, y - s), (end + s, y + cap_height(sheet) + s), sheet.ink((*POPUP[:3], 0.55)))
        corner = (end + 13 * s, y + 0.85 * em)
        draw.add_line((corner[0] - 0.25 * em, corner[1] - 0.25 * em), corner, sheet.ink(TONES["edge"]), 2 * s)
        draw.add_line(corner, (corner[0] + 0.45 * em, corner[1] - 0.55 * em), sheet.ink(TONES["edge"]), 2 * s)
