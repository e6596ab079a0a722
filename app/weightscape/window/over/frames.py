"""Frames around pictures that stand side by side in the window, and what the pointer is at among them."""

from __future__ import annotations

from weightscape.window.message import Frames
from weightscape.window.sheet import Box, Sheet
from weightscape.window.style import ACCENT, TEXT, TONES

# Of a child, what the tip goes by.
NAME = "picture="
THIN_PX, THICK_PX = 2.0, 2.5


def draw_frames(sheet: Sheet, frames: Frames) -> None:
    """Draw them under all else: the current picture's, then the marked one's, then the chosen one's."""
    for number, ink, thickness in (
        (frames.current, ACCENT, THIN_PX),
        (frames.marked, TONES["edge"], THICK_PX),
        (frames.chosen, TEXT, THICK_PX),
    ):
        if number is not None and number < len(frames.boxes):
            _draw(sheet, frames.boxes[number], sheet.ink(ink), thickness * sheet.scale)


def point_at_frame(sheet: Sheet, frames: Frames) -> None:
    """Tell the sheet which picture the pointer is at, unless something stands over it."""
    x, y = sheet.mouse
    if sheet.pointed or sheet.covers(x, y) or sheet.im.is_mouse_down(0):
        return
    for number, (box, hint) in enumerate(zip(frames.boxes, frames.hints, strict=False)):
        if hint and box[0] <= x < box[2] and box[1] <= y < box[3]:
            sheet.point(f"{NAME}{number}", hint, box, box)


def _draw(sheet: Sheet, box: Box, ink: int, thickness: float) -> None:
    half = 0.5 * thickness
    low, high = (box[0] + half, box[1] + half), (box[2] - half, box[3] - half)
    sheet.im.get_background_draw_list().add_rect(low, high, ink, 0.0, thickness)
