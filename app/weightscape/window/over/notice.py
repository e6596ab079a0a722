"""A notice that can be clicked: below its text stands what a click does, as a link."""

from __future__ import annotations

from weightscape.window.over.status import draw_notice
from weightscape.window.sheet import Box, Sheet
from weightscape.window.style import ACCENT


class LinkedNotice:
    """Draw a notice with its link, and tell whether it was clicked; it lies over everything else."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._box = 0.0, 0.0, 0.0, 0.0
        self._is_clicked = False

    def put_away(self) -> None:
        """Be nowhere."""
        self._box = 0.0, 0.0, 0.0, 0.0

    def covers(self, x: float, y: float) -> bool:
        """Tell whether the notice is at a place."""
        left, top, right, bottom = self._box
        return left <= x < right and top <= y < bottom

    def click(self) -> None:
        """Be clicked."""
        self._is_clicked = True

    def take(self) -> bool:
        """Tell whether the notice was clicked since the last time."""
        clicked, self._is_clicked = self._is_clicked, False
        return clicked

    def draw(self, text: str, link: str, mouse: tuple[float, float]) -> Box:
        """Draw the box, as that of any notice, and tell it; the link is underlined while the mouse is over it."""
        sheet, s = self._sheet, self._sheet.scale
        self._box = draw_notice(sheet, f"{text}\n ")  # a line is left free
        draw, (left, _, right, bottom) = sheet.im.get_foreground_draw_list(), self._box
        x, y = round((left + right - sheet.width(link)) / 2), round(bottom - 9 * s - sheet.em)
        draw.add_text((x, y), sheet.ink(ACCENT), link)
        if self.covers(*mouse):
            under = y + sheet.em
            draw.add_rect_filled((x, under), (x + sheet.width(link), under + max(round(s), 1)), sheet.ink(ACCENT))
        return self._box
