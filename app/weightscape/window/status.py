"""The status line at the bottom of the window, and a notice or a caption above it."""

from __future__ import annotations

from typing import Any

from .sheet import Sheet
from .style import ACCENT, BACKING, FONT_PX, LINE, POPUP, RECORDING, TEXT, VEIL

Box = tuple[float, float, float, float]  # left, top, right, bottom
# What is left of a shortened piece has to be worth reading; found by eye.
SHORTEST_EM = 4.0


def status_height(scale: float) -> int:
    """Tell how high the strip is, in pixels."""
    return round((FONT_PX + 11) * scale)


def draw_status(sheet: Sheet, pieces: tuple[str, ...], pinned: tuple[str, ...], progress: float | None) -> None:
    """Draw a strip with the pieces from the left, those that are pinned at the right.

    A piece that does not fit beside the pinned ones is shortened, if enough is left of it, and the rest left out.
    """
    draw, s, (width, height) = sheet.im.get_background_draw_list(), sheet.scale, sheet.size
    sheet.strip = status_height(s)
    top = height - sheet.strip
    draw.add_rect_filled((0, top), sheet.size, sheet.ink(BACKING))
    if progress is not None:
        draw.add_rect_filled((0, top), (width, top + 3 * s), sheet.ink(LINE))
        draw.add_rect_filled((0, top), (width * min(max(progress, 0), 1), top + 3 * s), sheet.ink(ACCENT))
    end = _draw_pinned(sheet, draw, pinned)
    x = 12 * s
    for index, piece in enumerate(pieces):
        gap = 10 * s if index else 0.0
        text = sheet.fit(piece, end - x - 2 * gap)
        if index and text != piece and sheet.width(text) < SHORTEST_EM * sheet.em:
            break
        if index:
            draw.add_rect_filled((x + gap, top + 8 * s), (x + gap + s, height - 7 * s), sheet.ink(LINE))
        draw.add_text((round(x + 2 * gap), round(top + 6 * s)), sheet.ink(TEXT), text)
        x += 2 * gap + sheet.width(text)
        if text != piece:
            break


def _draw_pinned(sheet: Sheet, draw: Any, pieces: tuple[str, ...]) -> float:
    """Draw pieces at the right end, the last one outermost; tell where those from the left have to end."""
    s, (width, height) = sheet.scale, sheet.size
    top, x = height - sheet.strip, width - 12 * s
    for piece in reversed(pieces):
        text = sheet.fit(piece, x - 12 * s)
        if text != piece:
            break  # shortened, a number would be another one
        x -= sheet.width(text)
        draw.add_text((round(x), round(top + 6 * s)), sheet.ink(TEXT), text)
        x -= 10 * s
        draw.add_rect_filled((x - s, top + 8 * s), (x, height - 7 * s), sheet.ink(LINE))
        x -= 11 * s
    return x


def draw_recording(sheet: Sheet, text: str) -> None:
    """Draw a red dot and the text in the left upper corner, over everything else."""
    draw, s, em = sheet.im.get_foreground_draw_list(), sheet.scale, sheet.em
    left, top, r = 12 * s, 12 * s, 0.36 * em
    high = left + 2 * r + sheet.width(text) + 30 * s, top + em + 12 * s
    draw.add_rect_filled((left, top), high, sheet.ink(POPUP), 6 * s)
    draw.add_circle_filled((left + 10 * s + r, top + 6 * s + em / 2), r, sheet.ink(RECORDING))
    draw.add_text((round(left + 2 * r + 18 * s), round(top + 6 * s)), sheet.ink(TEXT), text)


def draw_veil(sheet: Sheet, text: str) -> None:
    """Dim the whole picture, and write a text, if there is one, in its middle."""
    draw, s, (width, height) = sheet.im.get_background_draw_list(), sheet.scale, sheet.size
    draw.add_rect_filled((0, 0), sheet.size, sheet.ink(VEIL))
    if text:
        wrap = min(_room(sheet), 560 * s)
        size = sheet.im.calc_text_size(text, wrap_width=wrap)
        _draw_text(sheet, draw, text, wrap, round((width - size.x) / 2), round((height - size.y) / 2))


def draw_notice(sheet: Sheet, text: str) -> Box:
    """Draw a box with the text in the middle of the lower edge, over everything else; tell where it is."""
    return _draw_box(sheet, sheet.im.get_foreground_draw_list(), text, min(_room(sheet), 560 * sheet.scale))


def draw_caption(sheet: Sheet, text: str) -> None:
    """Draw a box with one line in the middle of the lower edge, under everything else; a long one is shortened."""
    _draw_box(sheet, sheet.im.get_background_draw_list(), sheet.fit(text, _room(sheet)), sheet.size[0])


def _room(sheet: Sheet) -> float:
    return sheet.size[0] - 52 * sheet.scale


def _draw_box(sheet: Sheet, draw: Any, text: str, wrap: float) -> Box:
    s, (width, height) = sheet.scale, sheet.size
    size = sheet.im.calc_text_size(text, wrap_width=wrap)
    left, top = round((width - size.x) / 2), round(height - sheet.strip - size.y - 26 * s)
    return _draw_text(sheet, draw, text, wrap, left, top)


def _draw_text(sheet: Sheet, draw: Any, text: str, wrap: float, left: float, top: float) -> Box:
    s, size = sheet.scale, sheet.im.calc_text_size(text, wrap_width=wrap)
    low, high = (left - 14 * s, top - 9 * s), (left + size.x + 14 * s, top + size.y + 9 * s)
    draw.add_rect_filled(low, high, sheet.ink(POPUP), 6 * s)
    draw.add_rect(low, high, sheet.ink(LINE), 6 * s)
    draw.add_text(sheet.im.get_font(), sheet.em, (left, top), sheet.ink(TEXT), text, wrap_width=wrap)
    return (*low, *high)
