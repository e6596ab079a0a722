"""The help: rows of keys and text under headings, in as few columns as show them all, and a line to find some.

What the keys do it does not know: a click on a row is a key. Where the window is too small, the rows scroll, and a
sign says so.
"""

from __future__ import annotations

from weightscape.window.message import Row
from weightscape.window.over.help_column import Column, Rows, arranged, lowest, tall_of
from weightscape.window.over.key_cap import cap_height, draw_arrow, draw_caps, placed
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, CLEAR, DIM, GRAB, HOVER, TEXT

# The first one that has room is written.
ASKS = "type to search, such as zoom, layer, save; a click does what a key does", "type to search, click to do"
FOUNDS = "Enter does the first, Esc shows all", "Enter: the first"
NONE = "Esc shows all", "Esc: all"
MORE, SHORT_MORE = "more: wheel, PageDown, PageUp", "more"  # the short one where there is no room


class Help:
    """Draws the help and remembers how far it is scrolled."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._pages = 0
        self._search: str | None = None
        self.scrolls = False

    def turn(self, pages: int) -> None:
        """Scroll so many pages on in the next frame."""
        self._pages += pages

    def draw(self, rows: Rows, search: str | None = None) -> str:
        """Draw the rows in a window in the middle; return the key that a clicked one stands for, "" for none."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        border, gap = 40 * s, 24 * s
        line = 0.0 if search is None else sheet.em + 9 * s
        room = sheet.room - gap - line
        columns = arranged(sheet, rows, sheet.size[0] - 24 * s - border, room, gap)
        across = sum(column.keys + column.words + gap for column in columns) - gap
        if search is not None:  # as wide as its line, however few rows are left
            across = max(across, min(sheet.width(ASKS[0]) + 13 * s, sheet.size[0] - 24 * s - border))
        self.scrolls = tall_of(columns) > room
        foot = sheet.em + 16 * s if self.scrolls else 0.0
        tall = min(tall_of(columns), max(room - foot, 1.0))
        size = across + border, tall + line + foot + gap
        im.set_next_window_size(size)
        place = (sheet.size[0] - size[0]) / 2, (sheet.room - size[1]) / 2 + 12 * s
        im.set_next_window_pos((round(place[0]), round(place[1])))
        sheet.begin("help", im.WindowFlags_.no_scrollbar | im.WindowFlags_.no_scroll_with_mouse, opaque=True)
        corner = im.get_cursor_screen_pos()
        if search is not None:
            does = any(row.presses for row in rows)
            _draw_search(sheet, corner.x + 6 * s, corner.y, across - 12 * s, search, FOUNDS if does else NONE)
        im.set_cursor_screen_pos((corner.x, corner.y + line))
        pressed = self._draw_rows(columns, (across + 0.5 * border, tall + 6 * s), gap, search)
        im.end()
        return pressed

    def _draw_rows(self, columns: list[Column], size: tuple[float, float], gap: float, search: str | None) -> str:
        """Draw the rows, of which `size` is seen at once, and below them, if there are more, how these are reached."""
        sheet, im = self._sheet, self._sheet.im
        im.push_style_var(im.StyleVar_.window_padding, (0.0, 0.0))
        im.push_style_color(im.Col_.child_bg, CLEAR)
        im.begin_child("##rows", size, 0, im.WindowFlags_.no_nav)
        im.set_scroll_y(0.0 if search != self._search else im.get_scroll_y() + self._pages * 0.9 * size[1])
        self._pages, self._search = 0, search
        corner = im.get_cursor_screen_pos()
        x, pressed = corner.x + 6 * sheet.scale, ""
        for column in columns:
            pressed = _draw_column(sheet, x, corner.y, column) or pressed
            x += column.keys + column.words + gap
        im.dummy((1.0, tall_of(columns)))
        at, most = im.get_scroll_y(), im.get_scroll_max_y()
        im.end_child()
        im.pop_style_color()
        im.pop_style_var()
        if self.scrolls:
            self._draw_sign(is_above=at > 1.0, is_below=at < most - 1.0)
        return pressed

    def _draw_sign(self, is_above: bool, is_below: bool) -> None:
        """Say at the lower edge, and by arrows on which sides, that there is more, and how it is reached."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        draw, place, size = im.get_window_draw_list(), im.get_window_pos(), im.get_window_size()
        sides, high = 2 * sheet.em + 32 * s, sheet.em + 10 * s
        more = MORE if sheet.width(MORE) + sides <= size.x - 12 * s else SHORT_MORE
        room = sheet.width(more) + sides
        low = round(place.x + (size.x - room) / 2), round(place.y + size.y - high - 7 * s)
        draw.add_rect_filled(low, (low[0] + room, low[1] + high), sheet.ink(GRAB), 6 * s)
        draw.add_text((round(low[0] + sheet.em + 16 * s), low[1] + round(5 * s)), sheet.ink(TEXT), more)
        inset, middle = 10 * s + sheet.em / 2, low[1] + high / 2
        if is_above:
            draw_arrow(sheet, draw, low[0] + inset, middle, 0, -1)
        if is_below:
            draw_arrow(sheet, draw, low[0] + room - inset, middle, 0, 1)


def _draw_search(sheet: Sheet, x: float, y: float, room: float, search: str, helps: tuple[str, ...]) -> None:
    """Draw the line that says what is typed and what `helps` then, or that something can be typed."""
    draw, s = sheet.im.get_window_draw_list(), sheet.scale
    at = round(x), round(y + 3 * s)
    if not search:
        draw.add_text(at, sheet.ink(DIM), _fitting(sheet, ASKS, room))
        return
    draw.add_text(at, sheet.ink(TEXT), search)
    end = at[0] + sheet.width(search) + 2 * s
    draw.add_rect_filled((end, at[1]), (end + 2 * s, at[1] + sheet.em), sheet.ink(ACCENT))
    draw.add_text((round(end + 16 * s), at[1]), sheet.ink(DIM), _fitting(sheet, helps, x + room - end - 16 * s))


def _fitting(sheet: Sheet, texts: tuple[str, ...], room: float) -> str:
    """Take the first text that needs no more than the room; "" where none does."""
    return next((text for text in texts if sheet.width(text) <= room), "")


def _draw_column(sheet: Sheet, x: float, y: float, column: Column) -> str:
    """Draw rows; return the key that is clicked, "" for none."""
    draw, font, s = sheet.im.get_window_draw_list(), sheet.im.get_font(), sheet.scale
    pressed = ""
    for row, height in zip(column.rows, column.heights, strict=True):
        if row.keys:
            pressed = _answer(sheet, row, (x, y), (x + column.keys + column.words, y + height)) or pressed
            draw_caps(sheet, draw, round(x), round(y + 3 * s), placed(sheet, row.keys))
            lines = sheet.im.calc_text_size(row.text, wrap_width=column.words + 1).y
            spare = max(lowest(sheet, row) - lines, 0.0) / 2  # words stand at the middle of two lines of caps
            at = (round(x + column.keys), round(y + 5 * s + spare))
            draw.add_text(font, sheet.em, at, sheet.ink(TEXT), row.text, wrap_width=column.words + 1)
        else:
            heading = sheet.fit(row.text, column.keys + column.words)
            draw.add_text((round(x), round(y + height - sheet.em - 6 * s)), sheet.ink(ACCENT), heading)
        y += height
    return pressed


def _answer(sheet: Sheet, row: Row, low: tuple[float, float], high: tuple[float, float]) -> str:
    """Mark a row that is on, or that the pointer is at; return the key whose cap, or whose words, are clicked."""
    im, s, (x, y) = sheet.im, sheet.scale, sheet.mouse
    box = (low[0] - 5 * s, low[1]), (high[0] + 5 * s, high[1])
    is_hovered = im.is_window_hovered() and box[0][0] <= x < box[1][0] and box[0][1] <= y < box[1][1]
    if row.is_on:
        im.get_window_draw_list().add_rect_filled(*box, sheet.ink((*GRAB[:3], 0.6)), 4 * s)
    if not (is_hovered and row.presses):
        return ""
    im.get_window_draw_list().add_rect_filled(*box, sheet.ink(HOVER), 4 * s)
    if not im.is_mouse_clicked(0):
        return ""
    for cap, press in zip(placed(sheet, row.keys), row.presses, strict=False):
        left, top = low[0] + cap.x, low[1] + 3 * s + cap.y
        if left <= x < left + cap.width and top <= y < top + cap_height(sheet):
            return press
    return row.presses[0]
