"""The status line at the bottom of the window, and a notice or a caption above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weightscape.window.message import Hud, Piece
from weightscape.window.sheet import Box, Sheet
from weightscape.window.style import ACCENT, BACKING, FONT_PX, HOVER, LINE, POPUP, TEXT, TONES, VEIL

# What is left of a shortened piece has to be worth reading; found by eye.
SHORTEST_EM = 4.0
# So much of what is seen stays beside the chip, or there is none.
CHIP_BESIDE_EM = 5.0
# Before a text, with the room after it.
DOT_EM = 0.95
NARROW_PX = 400
# Lines of notices are no longer.
WRAP_PX = 560
CHIPS = ("calm", "edge", "chaotic")


def status_height(scale: float) -> int:
    """Tell how high the strip is, in pixels."""
    return round((FONT_PX + 11) * scale)


@dataclass(frozen=True)
class Placed:
    """A piece, the text of it that is written, and where: from the left, in pixels, its dot included."""

    piece: Piece
    text: str
    left: float
    right: float


def draw_status(sheet: Sheet, hud: Hud) -> str:
    """Draw the line; return the key that a click on one of its pieces stands for, "" for none."""
    draw, s, (width, height) = sheet.im.get_background_draw_list(), sheet.scale, sheet.size
    sheet.strip = sheet.line = status_height(s)
    top = height - sheet.line
    draw.add_rect_filled((0, top), sheet.size, sheet.ink(BACKING))
    if hud.progress is not None:
        draw.add_rect_filled((0, top), (width, top + 3 * s), sheet.ink(LINE))
        draw.add_rect_filled((0, top), (width * min(max(hud.progress, 0), 1), top + 3 * s), sheet.ink(ACCENT))
    pressed = ""
    for placed in laid(sheet, hud):
        is_hovered = _look_at(sheet, placed, top)
        _draw_piece(sheet, draw, placed, top, is_hovered)
        if is_hovered and sheet.im.is_mouse_clicked(0):
            pressed = placed.piece.press
    return pressed


def laid(sheet: Sheet, hud: Hud) -> list[Placed]:
    """Give each piece that has room a place: status from the left, pinned at the right, the chip and facts between.

    A piece of the status that does not fit is shortened, if enough is left of it, and the rest left out.
    """
    pinned = _pinned(sheet, hud.pinned)
    start, gap = 12 * sheet.scale, _gap(sheet)
    end = pinned[0].left - gap if pinned else sheet.size[0] - start
    chip = _width(sheet, hud.chip, hud.chip.text) if hud.chip else 0.0
    has_chip = hud.chip is not None and end - start - chip - gap >= CHIP_BESIDE_EM * sheet.em
    status = _from_left(sheet, hud.status, start, end - (chip + gap if has_chip else 0.0), is_cut=True)
    facts_from = status[-1].right + gap if status else start
    if has_chip and hud.chip:
        left = max(facts_from, min((sheet.size[0] - chip) / 2, end - chip))
        status.append(Placed(hud.chip, hud.chip.text, left, left + chip))
        facts_from = left + chip + gap
    is_whole = len(status) == len(hud.status) + has_chip
    facts = _from_left(sheet, hud.facts, facts_from, end, is_cut=False) if is_whole else []
    return [*status, *facts, *pinned]


def _gap(sheet: Sheet) -> float:
    """Tell the room between two pieces: little where there is little."""
    return (20 if sheet.size[0] > NARROW_PX * sheet.scale else 12) * sheet.scale


def _width(sheet: Sheet, piece: Piece, text: str) -> float:
    return sheet.width(text) + (DOT_EM * sheet.em if piece.tone else 0.0)


def _from_left(sheet: Sheet, pieces: tuple[Piece, ...], x: float, end: float, is_cut: bool) -> list[Placed]:
    """Place pieces one after another up to an end; the last one is cut, or whole."""
    placed: list[Placed] = []
    for piece in pieces:
        text = sheet.fit(piece.text, end - x)
        is_short = text != piece.text
        if not text or (is_short and (not is_cut or (placed and sheet.width(text) < SHORTEST_EM * sheet.em))):
            break
        placed.append(Placed(piece, text, x, x + _width(sheet, piece, text)))
        if is_short:
            break
        x = placed[-1].right + _gap(sheet)
    return placed


def _pinned(sheet: Sheet, pieces: tuple[Piece, ...]) -> list[Placed]:
    """Place pieces at the right end, the last one outermost: short ones where whole ones need half of the line."""
    gap = _gap(sheet)

    def need(texts: list[str]) -> float:
        return sum(_width(sheet, piece, text) + gap for piece, text in zip(pieces, texts, strict=True))

    texts = [piece.text for piece in pieces]
    if need(texts) > sheet.size[0] / 2:
        texts = [piece.short or piece.text for piece in pieces]
    x, placed = sheet.size[0] - 12 * sheet.scale, list[Placed]()
    for piece, text in reversed([*zip(pieces, texts, strict=True)]):
        left = x - _width(sheet, piece, text)
        if left < 0:
            break  # cut, a number would be another one
        placed.insert(0, Placed(piece, text, left, x))
        x = left - gap
    return placed


def _look_at(sheet: Sheet, placed: Placed, top: float) -> bool:
    """Tell the sheet whether the pointer is at a piece, and return that."""
    (x, y), half = sheet.mouse, _gap(sheet) / 2
    is_hovered = placed.left - half <= x < placed.right + half and y >= top
    if is_hovered and not sheet.im.is_mouse_down(0):
        box = (placed.left, top, placed.right, float(sheet.size[1]))
        sheet.point(f"status={placed.piece.name}", placed.piece.hint, box, (0.0, top, float(sheet.size[0]), box[3]))
    return is_hovered


def _draw_piece(sheet: Sheet, draw: Any, placed: Placed, top: float, is_hovered: bool) -> None:
    s, em, half, tone = sheet.scale, sheet.em, _gap(sheet) / 2, placed.piece.tone
    bottom, x = sheet.size[1], placed.left
    if is_hovered and placed.piece.press:
        draw.add_rect_filled((x - half, top), (placed.right + half, bottom), sheet.ink(HOVER))
    if tone in CHIPS:
        low, high = (x - 7 * s, top + 4 * s), (placed.right + 8 * s, bottom - 3 * s)
        draw.add_rect_filled(low, high, sheet.ink((*TONES[tone][:3], 0.22)), 9 * s)
    elif x > 13 * s:
        draw.add_rect_filled((x - half, top + 8 * s), (x - half + s, bottom - 7 * s), sheet.ink(LINE))
    if tone:
        draw.add_circle_filled((x + 0.36 * em, top + 6 * s + em / 2), 0.3 * em, sheet.ink(TONES[tone]))
        x += DOT_EM * em
    draw.add_text((round(x), round(top + 6 * s)), sheet.ink(TEXT), placed.text)


def draw_veil(sheet: Sheet) -> None:
    """Dim the whole picture."""
    sheet.im.get_background_draw_list().add_rect_filled((0, 0), sheet.size, sheet.ink(VEIL))


def draw_veiled(sheet: Sheet, text: str, is_low: bool) -> Box:
    """Draw a box that says why the picture is dimmed, in the middle, or at the lower edge; tell where it is."""
    draw, wrap = sheet.im.get_background_draw_list(), min(_room(sheet), WRAP_PX * sheet.scale)
    if is_low:
        return _draw_box(sheet, draw, text, wrap)
    size = sheet.im.calc_text_size(text, wrap_width=wrap)
    return _draw_text(sheet, draw, text, wrap, round((sheet.size[1] - sheet.strip - size.y) / 2))


def draw_notice(sheet: Sheet, text: str) -> Box:
    """Draw a box with the text in the middle of the lower edge, over everything else; tell where it is."""
    return _draw_box(sheet, sheet.im.get_foreground_draw_list(), text, min(_room(sheet), WRAP_PX * sheet.scale))


def draw_caption(sheet: Sheet, text: str) -> Box:
    """Draw a box with the text in the middle of the lower edge, under all else; tell where it is."""
    return _draw_box(sheet, sheet.im.get_background_draw_list(), text, _room(sheet))


def caption_height(sheet: Sheet, text: str) -> float:
    """Tell how far above all that stands at the lower edge a caption reaches."""
    return float(sheet.im.calc_text_size(text, wrap_width=_room(sheet)).y) + 35 * sheet.scale


def _room(sheet: Sheet) -> float:
    left, right = sheet.beside
    return right - left - 52 * sheet.scale


def _draw_box(sheet: Sheet, draw: Any, text: str, wrap: float) -> Box:
    size = sheet.im.calc_text_size(text, wrap_width=wrap)
    return _draw_text(sheet, draw, text, wrap, round(sheet.size[1] - sheet.strip - size.y - 26 * sheet.scale))


def _draw_text(sheet: Sheet, draw: Any, text: str, wrap: float, top: float) -> Box:
    s, size = sheet.scale, sheet.im.calc_text_size(text, wrap_width=wrap)
    left = round((sum(sheet.beside) - size.x) / 2)
    low, high = (left - 14 * s, top - 9 * s), (left + size.x + 14 * s, top + size.y + 9 * s)
    draw.add_rect_filled(low, high, sheet.ink(POPUP), 6 * s)
    draw.add_rect(low, high, sheet.ink(LINE), 6 * s)
    draw.add_text(sheet.im.get_font(), sheet.em, (left, top), sheet.ink(TEXT), text, wrap_width=wrap)
    return *low, *high
