"""A station's card of the guided tour, at the lower left: what is to be seen, a thing to try, and the ways on.

It stands beside the controls, not over them. What the tour is about it does not know.
"""

from __future__ import annotations

from typing import Literal

from weightscape.window.message import Station, Turn
from weightscape.window.over.key_cap import draw_caps, placed
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, DIM

Button = Turn | Literal["fold"]
WIDEST_PX, MARGIN_PX = 600, 12
TITLE = 1.2  # times as large as the text
BUTTONS: tuple[tuple[Button, str, str], ...] = (
    ("back", "‹", "PageUp"),
    ("on", "›", "PageDown"),
    ("fold", "–", ""),
    ("leave", "×", "Esc"),
)


class StationCard:
    """Draws the card and says where its buttons lead; folded, it is its first line, until the next station."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._turn: Turn = ""
        self._folded = 0  # number of the station that is

    def take(self) -> Turn:
        """Tell which button was clicked since the last time."""
        turn, self._turn = self._turn, ""
        return turn

    def draw(self, station: Station) -> None:
        """Draw the card above what is laid out at the lower edge; notices stand above it."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        margin, (left, right) = MARGIN_PX * s, sheet.beside
        width = round(min(WIDEST_PX * s, right - left - 2 * margin))
        im.set_next_window_size((width, 0))
        im.set_next_window_size_constraints((width, 0), (width, sheet.room))
        im.set_next_window_pos((left + margin, sheet.size[1] - sheet.strip - margin), 0, (0, 1))
        sheet.begin("station", opaque=True)
        self._draw_head(station)
        if self._folded != station.number:
            im.text_wrapped(station.text)
            self._draw_trial(station)
        height = im.get_window_size().y
        im.end()
        sheet.strip += height + margin

    def _draw_head(self, station: Station) -> None:
        """Draw the title and, at the right or above it, the buttons, with their keys where there is room for them."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        pad, gap = 6 * s, 5 * s
        left, room = im.get_cursor_pos_x(), im.get_content_region_avail().x
        title = TITLE * sheet.width(station.title)
        for labels in ([f"{sign} {key}".strip() for _, sign, key in BUTTONS], [sign for _, sign, _ in BUTTONS]):
            need = sum(sheet.width(label) + 2 * pad for label in labels) + gap * (len(labels) - 1)
            if title + need + 2 * gap <= room:
                break
        is_narrow = title + need + 2 * gap > room
        if is_narrow:
            im.dummy((1, sheet.em))
        else:
            self._draw_title(station.title)
        x = left + room - need
        im.push_style_var(im.StyleVar_.frame_padding, (pad, 2 * s))
        for (turn, _, _), label in zip(BUTTONS, labels, strict=True):
            im.same_line(x)
            if im.button(f"{label}##{turn}"):
                self._press(turn, station.number)
            x += sheet.width(label) + 2 * pad + gap
        im.pop_style_var()
        if is_narrow:
            self._draw_title(station.title)

    def _draw_title(self, title: str) -> None:
        im = self._sheet.im
        im.push_font(None, TITLE * im.get_style().font_size_base)
        im.push_style_color(im.Col_.text, ACCENT)
        im.text_wrapped(title)
        im.pop_style_color()
        im.pop_font()

    def _press(self, button: Button, number: int) -> None:
        if button == "fold":
            self._folded = 0 if self._folded == number else number
        else:
            self._turn = button

    def _draw_trial(self, station: Station) -> None:
        """Draw the caps of the keys, what they are to be pressed for, and at the right the number of the station."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        caps, place = placed(sheet, station.keys), f"{station.number} of {station.count}"
        across = max(cap.x + cap.width for cap in caps) + 10 * s
        corner, left = im.get_cursor_screen_pos(), im.get_cursor_pos_x()
        end = left + im.get_content_region_avail().x - sheet.width(place)
        draw = im.get_window_draw_list()
        draw_caps(sheet, draw, corner.x, corner.y, caps)
        draw.add_text((round(corner.x + end - left), round(corner.y + 3 * s)), sheet.ink(DIM), place)
        im.set_cursor_pos((left + across, im.get_cursor_pos_y() + 3 * s))
        im.push_text_wrap_pos(end - 10 * s)
        im.text_unformatted(station.trial)
        im.pop_text_wrap_pos()
        im.dummy((1, 1))
