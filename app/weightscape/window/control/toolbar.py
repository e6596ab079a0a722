"""A row of buttons: an icon each, and a word below it where there is room."""

from __future__ import annotations

from weightscape.window.control.icon import draw_icon
from weightscape.window.focus import Focus
from weightscape.window.message import Button
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, TEXT

SIGN = "!"  # what a button's name begins with among the items that can have the keys
WORD = 0.82  # size of the words, of the text's


class Toolbar:
    """Draws buttons, and tells which one was pressed."""

    def __init__(self, sheet: Sheet, focus: Focus) -> None:
        self._sheet, self._focus = sheet, focus
        self._pressed: list[str] = []

    def press(self, name: str) -> None:
        """Press a button."""
        self._pressed.append(name)

    def take(self) -> tuple[str, ...]:
        """Tell which buttons were pressed since the last time, each as often as it was."""
        pressed, self._pressed = tuple(self._pressed), []
        return pressed

    def draw(self, buttons: tuple[Button, ...], quiet: bool) -> None:
        """Draw the buttons over the whole width; quiet: without hints."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        gap = 6 * s
        room = (im.get_content_region_avail().x - gap * (len(buttons) - 1)) / max(len(buttons), 1)
        has_words = all(WORD * sheet.width(button.label) <= room - 4 * s for button in buttons)
        height = round(1.15 * sheet.em + (WORD * sheet.em + 3 * s if has_words else 0.0) + 10 * s)
        for n, button in enumerate(buttons):
            if n:
                im.same_line(0.0, gap)
            self._button(button, room, height, has_words)
            if not quiet:
                sheet.point_at_item(f"button={button.name}", button.hint)

    def _button(self, button: Button, width: float, height: float, has_word: bool) -> None:
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        corner, draw = im.get_cursor_screen_pos(), im.get_window_draw_list()
        if im.button(f"##{SIGN}{button.name}", (width, height)):
            self.press(button.name)
        r = 0.45 * sheet.em
        draw_icon(sheet, draw, button.icon, corner.x + width / 2, corner.y + 5 * s + 0.575 * sheet.em, r)
        if has_word:
            left = corner.x + (width - WORD * sheet.width(button.label)) / 2
            at, ink = (left, corner.y + 1.15 * sheet.em + 6 * s), sheet.ink(ACCENT if button.is_on else TEXT)
            draw.add_text(im.get_font(), WORD * sheet.em, at, ink, button.label)
        sheet.item(SIGN + button.name, self._focus)
