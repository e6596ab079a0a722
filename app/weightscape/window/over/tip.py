"""The tip: an explanation with small pictures, beside what it explains and never over it."""

from __future__ import annotations

from typing import Any

from weightscape.window.message import Thumb, Tip
from weightscape.window.sheet import Box, Sheet
from weightscape.window.style import DIM, FAINT, LINE, POPUP, TEXT

SIDE_PX, GAP_PX, PAD_PX = 80, 8, 12
# How long lines are; they may be shorter where there is room for all pictures beside the panel.
WRAP_PX, SHORT_WRAP_PX = 330, 3 * SIDE_PX + 2 * GAP_PX


def draw_tip(sheet: Sheet, tip: Tip | None) -> Box | None:
    """Draw the tip, if the pointer is at what it explains; tell where it is."""
    if tip is None or sheet.pointed is None or tip.name != sheet.pointed.name:
        return None
    wrap = _wrap(sheet, sheet.spot[1])
    pictures = tip.pictures
    size = _size(sheet, tip, pictures, wrap)
    left, top = placed(sheet, size, *sheet.spot)
    if pictures and top < 0:
        pictures = ()
        size = _size(sheet, tip, pictures, wrap)
        left, top = placed(sheet, size, *sheet.spot)
    left, top = round(left), round(max(top, 0.0))
    _draw(sheet, tip, pictures, wrap, (left, top, *size))
    return left, top, left + size[0], top + size[1]


def _wrap(sheet: Sheet, around: Box) -> float:
    """Tell how long a line may be: as long as fits beside what is around, if that is enough to read."""
    s, border = sheet.scale, 2 * (PAD_PX + 4) * sheet.scale
    beside = max(around[0], sheet.size[0] - around[2]) - border
    longest = WRAP_PX * s if beside < SHORT_WRAP_PX * s else min(WRAP_PX * s, beside)
    return min(longest, sheet.size[0] - border)


def placed(sheet: Sheet, size: tuple[float, float], spot: Box, around: Box) -> tuple[float, float]:
    """Tell the left upper corner of a box that explains a spot: beside what is around it, else above or below it.

    Its top is below 0 where it fits nowhere.
    """
    (width, height), edge = sheet.size, 4 * sheet.scale
    floor = height - sheet.line - edge
    level = min(max(spot[1], edge), floor - size[1])
    if size[1] <= floor - edge:
        if around[0] - size[0] - 2 * edge >= 0:
            return around[0] - size[0] - edge, level
        if around[2] + size[0] + 2 * edge <= width:
            return around[2] + edge, level
    left = min(max(spot[0], edge), width - size[0] - edge)
    if spot[3] + edge + size[1] <= floor:
        return left, spot[3] + edge
    return left, min(spot[1] - edge - size[1], floor - size[1])


def _size(sheet: Sheet, tip: Tip, pictures: tuple[Thumb, ...], wrap: float) -> tuple[float, float]:
    s, pad = sheet.scale, PAD_PX * sheet.scale
    texts = [sheet.im.calc_text_size(text, wrap_width=wrap) for text in (tip.text, tip.note) if text]
    row = len(pictures) * (SIDE_PX + GAP_PX) * s - GAP_PX * s
    wide = max(row, *(text.x for text in texts)) if texts else row
    tall = sum(text.y for text in texts) + 7 * s * (len(texts) - 1)
    return wide + 2 * pad, tall + 2 * pad + ((SIDE_PX + 14) * s + sheet.em if pictures else 0.0)


def _draw(sheet: Sheet, tip: Tip, pictures: tuple[Thumb, ...], wrap: float, box: Box) -> None:
    im, s, draw = sheet.im, sheet.scale, sheet.im.get_foreground_draw_list()
    left, top, wide, tall = box
    draw.add_rect_filled((left, top), (left + wide, top + tall), sheet.ink(POPUP), 6 * s)
    draw.add_rect((left, top), (left + wide, top + tall), sheet.ink(LINE), 6 * s)
    x, y = left + PAD_PX * s, top + PAD_PX * s
    if tip.text:
        draw.add_text(im.get_font(), sheet.em, (round(x), round(y)), sheet.ink(TEXT), tip.text, wrap_width=wrap)
        y += im.calc_text_size(tip.text, wrap_width=wrap).y + 7 * s
    for n, thumb in enumerate(pictures):
        _draw_picture(sheet, draw, thumb, round(x + n * (SIDE_PX + GAP_PX) * s), round(y))
    y += (SIDE_PX + 14) * s + sheet.em if pictures else 0.0
    if tip.note:
        draw.add_text(im.get_font(), sheet.em, (round(x), round(y)), sheet.ink(DIM), tip.note, wrap_width=wrap)


def _draw_picture(sheet: Sheet, draw: Any, thumb: Thumb, x: float, y: float) -> None:
    s = sheet.scale
    side = round(SIDE_PX * s)
    if thumb.texture:
        draw.add_image(sheet.im.ImTextureRef(thumb.texture), (x, y), (x + side, y + side))
    else:
        draw.add_rect_filled((x, y), (x + side, y + side), sheet.ink(FAINT))
    text = sheet.fit(thumb.label, side)
    draw.add_text((round(x + (side - sheet.width(text)) / 2), round(y + side + 3 * s)), sheet.ink(DIM), text)
