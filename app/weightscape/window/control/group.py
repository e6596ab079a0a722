"""Headings over groups of controls, which fold away what they stand over."""

from __future__ import annotations

from weightscape.window.focus import Focus
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, HOVER

SIGN = "#"  # what a heading's name begins with among the items that can have the keys


class Groups:
    """Draws headings, and remembers which groups are folded."""

    def __init__(self, sheet: Sheet, focus: Focus) -> None:
        self._sheet, self._focus = sheet, focus
        self.folded: frozenset[str] = frozenset()

    def fold(self, name: str, folds: bool | None = None) -> None:
        """Fold a group or unfold it; None: the other way."""
        is_folded = name not in self.folded if folds is None else folds
        self.folded = self.folded | {name} if is_folded else self.folded - {name}

    def draw(self, name: str) -> bool:
        """Draw a heading; tell whether its group is to be seen."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        corner, width, height = im.get_cursor_screen_pos(), im.get_content_region_avail().x, round(sheet.em + 2 * s)
        if im.invisible_button(f"##{SIGN}{name}", (width, height)):
            self.fold(name)
        draw, ink = im.get_window_draw_list(), sheet.ink(ACCENT)
        if im.is_item_hovered():
            draw.add_rect_filled((corner.x, corner.y), (corner.x + width, corner.y + height), sheet.ink(HOVER), 4 * s)
        x, y, r = corner.x + 0.45 * sheet.em, corner.y + height / 2, 0.28 * sheet.em
        is_folded = name in self.folded
        tip = (x + r, y) if is_folded else (x, y + r)
        base = (
            ((x - 0.7 * r, y - r), (x - 0.7 * r, y + r)) if is_folded else ((x - r, y - 0.7 * r), (x + r, y - 0.7 * r))
        )
        draw.add_triangle_filled(*base, tip, ink)
        draw.add_text((round(corner.x + 1.1 * sheet.em), round(corner.y + s)), ink, name)
        sheet.item(SIGN + name, self._focus)
        return not is_folded
