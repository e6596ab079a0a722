"""The bar of a morph above the status line: a slider from its first picture to its last, and what can be done."""

from __future__ import annotations

from weightscape.window.control.slider import Sliders
from weightscape.window.control.track import nudged
from weightscape.window.message import Control, MorphBar
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, ACTIVE, DIM, FAINT, TEXT

NAME = "morph"
# What is written, the key that a click stands for, and what it does.
LOOP, FILM, KEEP, LEAVE = (
    ("loop", "l", "back to the first picture, over and over (L)"),
    ("film", "v", "save one whole way as a film (V)"),
    ("keep", "enter", "keep this picture as a step (Enter)"),
    ("×", "escape", "go back to where you were (Esc)"),
)
PLAY = "space", "play or stop (Space)"
HINT = "Space plays   arrows step   L loops   V films   Enter keeps   Esc leaves"
TICK_PX = 5


class Bar:
    """Draws the bar; remembers where it was moved to and the key that was clicked."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._sliders = Sliders(sheet)
        self._slid: float | None = None
        self._key = ""

    def take(self) -> tuple[float | None, str]:
        """Tell the place and the key of what was done since the last time."""
        taken, self._slid, self._key = (self._slid, self._key), None, ""
        return taken

    def draw(self, bar: MorphBar) -> None:
        """Draw the bar over the whole width; what is said stands above it."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        padding, spacing = im.get_style().window_padding, im.get_style().item_spacing
        height = round(2 * padding.y + sheet.em + spacing.y + im.get_frame_height())
        left, right = sheet.beside
        im.set_next_window_pos((left, sheet.size[1] - sheet.strip - height))
        im.set_next_window_size((right - left, height))
        sheet.begin(NAME, im.WindowFlags_.no_scrollbar | im.WindowFlags_.no_scroll_with_mouse)
        self._draw_words(bar.text)
        self._button("stop" if bar.is_playing else "play", *PLAY, bar.is_playing, sheet.width("play") + 2 * 8 * s)
        others = (LOOP, FILM, KEEP, LEAVE)
        pad = im.get_style().frame_padding.x
        room = sum(sheet.width(word) + 2 * pad + spacing.x for word, *_ in others)
        im.same_line()
        im.set_next_item_width(max(im.get_content_region_avail().x - room, 40 * s))
        self._draw_slider(bar)
        for word, key, hint in others:
            im.same_line()
            self._button(word, key, hint, key == "l" and bar.is_loop)
        im.end()
        sheet.strip += height

    def _draw_words(self, text: str) -> None:
        """Say between which pictures the place is, and, where there is room, what keys do."""
        sheet, im = self._sheet, self._sheet.im
        room = im.get_content_region_avail().x
        im.text_colored(TEXT, sheet.fit(text, room))
        if sheet.width(text) + sheet.width(HINT) + 24 * sheet.scale <= room:
            im.same_line(im.get_cursor_pos_x() + room - sheet.width(HINT))
            im.text_colored(DIM, HINT)

    def _draw_slider(self, bar: MorphBar) -> None:
        """Draw the slider, with a tick at each picture; the wheel moves it finely."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        control = Control(NAME, "", "float", bar.place, 0.0, 1.0)
        new = float(self._sliders.draw(control, bar.place))
        if im.is_item_active() and new != bar.place:
            self._slid = new
        if im.is_item_hovered() and (turned := im.get_io().mouse_wheel):
            self._slid = float(nudged(control, bar.place if self._slid is None else self._slid, 10.0 * turned))
        sheet.place(f"!{NAME}")
        sheet.point_at_item(NAME, "a drag, the wheel and the arrows move it")
        low, high, grab = im.get_item_rect_min(), im.get_item_rect_max(), im.get_style().grab_min_size
        left, right = low.x + 2 * s + grab / 2, high.x - 2 * s - grab / 2
        draw = im.get_window_draw_list()
        for place in bar.marks:
            x = round(left + (right - left) * place)
            draw.add_rect_filled((x - s, high.y - TICK_PX * s), (x + s, high.y), sheet.ink(ACCENT))

    def _button(self, word: str, key: str, hint: str, is_on: bool, width: float = 0.0) -> None:
        sheet, im = self._sheet, self._sheet.im
        im.push_style_color(im.Col_.button, ACTIVE if is_on else FAINT)
        im.push_style_color(im.Col_.text, ACCENT if is_on else TEXT)
        if im.button(f"{word}##{key}", (width, 0.0)):
            self._key = key
        im.pop_style_color(2)
        sheet.place(f"!{NAME} {key}")
        sheet.point_at_item(f"{NAME} {key}", hint)
