"""The album: a sheet of named pictures over the whole window, to search, to walk through and to choose from.

What is typed goes to its line; keys that it has no use for stay commands. Pictures out of sight are not asked for.
"""

from __future__ import annotations

from typing import Any

from weightscape.window.event import typed
from weightscape.window.message import Deed, Tile
from weightscape.window.over.album_choice import Choice
from weightscape.window.over.album_grid import PAD_PX, Grid, grid
from weightscape.window.over.ordinal import draw_ordinal
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, BACKING, DIM, FAINT, LINE, TEXT

OWN_HINT = "Enter opens   Space marks   F2 renames   Delete removes   Esc closes"
HINT = "Enter opens   Space marks   Esc closes"


class Album:
    """Draws tiles; remembers what is searched for, which tile is chosen and what was done."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._choice = Choice()
        self._keys: list[tuple[str, str]] = []  # names of keys, or "" and what was typed
        self._seen: tuple[int, ...] = ()
        self._room = 1.0
        self.is_open = False

    def says(self, notice: str) -> bool:
        """Tell whether there is room for a notice in the last line."""
        return notice != "" and self._sheet.width(notice) <= self._sheet.size[0] - 52 * self._sheet.scale

    def press(self, key: str) -> None:
        """Take a key that keeps() has told to be the album's."""
        self._keys.append((key, ""))

    def type(self, text: str) -> None:
        """Take what was typed."""
        self._keys.append(("", text))

    def feed(self, key: str) -> None:
        """Take a key that was pressed before the album was there to be typed into."""
        self._keys.append((key, typed(key)))

    def take(self) -> tuple[tuple[Deed, ...], tuple[int, ...]]:
        """Hand over what was done since the last time, and which tiles are in sight."""
        deeds = tuple(self._choice.deeds)
        self._choice.deeds.clear()
        return deeds, self._seen

    def put_away(self) -> None:
        """Be closed, and forget all but what was typed for the next time."""
        if self.is_open:
            self._choice, self._keys, self._seen = Choice(), [], ()
            self.is_open = False

    def draw(self, tiles: tuple[Tile, ...], notice: str) -> None:
        """Draw the tiles, after what the keys have changed; a notice, if there is room for it, in the last line."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        self.is_open = True
        width, lines = round(sheet.size[0] - 24 * s), 2 * sheet.em + 46 * s
        across = width - 28 * s - im.get_style().scrollbar_size
        numbers, laid = self._laid(tiles, across)
        for key, text in self._keys:
            self._choice.react(key, text, tiles, laid, self._room)
            numbers, laid = self._laid(tiles, across)
        self._keys = []
        self._room = min(max(laid.height, 4 * sheet.em), max(sheet.room - lines, 2 * sheet.em))
        im.set_next_window_pos((round(12 * s), round(12 * s)))
        im.set_next_window_size((width, round(self._room + lines)))
        sheet.begin("album", im.WindowFlags_.no_scrollbar | im.WindowFlags_.no_scroll_with_mouse, opaque=True)
        self._draw_line(len(numbers), len(tiles), sum(tile.ordinal > 0 for tile in tiles))
        hovered = self._draw_grid(tiles, numbers, laid)
        chosen = numbers[self._choice.chosen] if numbers else None
        number = chosen if hovered is None else hovered
        self._draw_foot(None if number is None else tiles[number], notice)
        im.end()
        self._seen = tuple(numbers[n] for n in laid.seen(self._choice.scroll, self._room))

    def _laid(self, tiles: tuple[Tile, ...], width: float) -> tuple[list[int], Grid]:
        """Tell which tiles are found, and where they stand."""
        numbers = self._choice.settle(tiles)
        return numbers, grid([tiles[n].group for n in numbers], width, self._sheet.scale, self._sheet.em)

    def _draw_line(self, count: int, whole: int, marked: int) -> None:
        """Draw the line that is typed into, how many tiles it leaves, and what can be done with those marked."""
        sheet, im, s, choice = self._sheet, self._sheet.im, self._sheet.scale, self._choice
        draw, corner = im.get_window_draw_list(), im.get_cursor_screen_pos()
        width, height = im.get_content_region_avail().x, sheet.em + 10 * s
        high = corner.x + width, corner.y + height
        draw.add_rect_filled((corner.x, corner.y), high, sheet.ink(FAINT), 4 * s)
        draw.add_rect((corner.x, corner.y), high, sheet.ink(LINE if choice.name is None else ACCENT), 4 * s)
        x, y = round(corner.x + 10 * s), round(corner.y + 5 * s)
        told = f"{count} of {whole}" if count < whole else str(whole)
        told = f"{marked} marked, Ctrl+M morphs     {told}" if marked else told
        room = width - sheet.width(told) - 40 * s
        text = choice.query if choice.name is None else f"name: {choice.name}"
        if text:
            while sheet.width(text) > room and len(text) > 1:
                text = text[1:]  # the end is what is typed
            draw.add_text((x, y), sheet.ink(TEXT), text)
            edge = round(x + sheet.width(text) + s)
            draw.add_rect_filled((edge, y), (edge + max(s, 1.0), y + sheet.em), sheet.ink(TEXT))
        else:
            draw.add_text((x, y), sheet.ink(DIM), sheet.fit("type to search: a name, a lens, an activation", room))
        draw.add_text((round(high[0] - 10 * s - sheet.width(told)), y), sheet.ink(DIM), told)
        im.dummy((width, height))

    def _draw_grid(self, tiles: tuple[Tile, ...], numbers: list[int], laid: Grid) -> int | None:
        """Draw what is in sight; tell the number of the tile under the mouse."""
        sheet, im, choice = self._sheet, self._sheet.im, self._choice
        if choice.is_to_show and numbers:
            choice.scroll = laid.scrolled(choice.chosen, choice.scroll, self._room)
            im.set_next_window_scroll((0.0, choice.scroll))
        choice.is_to_show, hovered = False, None
        im.set_next_window_content_size((0.0, laid.height))
        im.begin_child("##tiles", (0.0, self._room), 0, im.WindowFlags_.no_nav)
        choice.scroll = im.get_scroll_y()
        corner = im.get_cursor_screen_pos()
        draw = im.get_window_draw_list()
        for text, y in laid.headings:
            draw.add_text((corner.x, round(corner.y + y + PAD_PX * sheet.scale)), sheet.ink(DIM), text)
        for n in laid.seen(choice.scroll, self._room):
            x, y = laid.places[n]
            place = round(corner.x + x), round(corner.y + y)
            im.set_cursor_screen_pos(place)
            if im.invisible_button(f"##tile{n}", (laid.picture[0], laid.tile_height)):
                choice.chosen = n
                choice.deeds.append(Deed("mark" if im.get_io().key_ctrl else "open", numbers[n]))
            is_hovered = im.is_item_hovered()
            hovered = numbers[n] if is_hovered else hovered
            self._draw_tile(draw, place, laid, tiles[numbers[n]], is_hovered, n == choice.chosen)
        if not numbers:
            draw.add_text((corner.x, round(corner.y + sheet.em)), sheet.ink(DIM), "nothing has all these words")
        im.end_child()
        return hovered

    def _draw_tile(self, draw: Any, place: Any, laid: Grid, tile: Tile, is_hovered: bool, is_chosen: bool) -> None:
        """Draw a picture, or why there is none, with its name and its key."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        (x, y), (width, height) = place, laid.picture
        high = x + width, y + height
        if tile.texture:
            draw.add_image(im.ImTextureRef(tile.texture), (x, y), high)
        else:
            draw.add_rect_filled((x, y), high, sheet.ink(FAINT))
        if tile.fault:
            text = sheet.fit("cannot be opened", width - 8 * s)
            at = round(x + (width - sheet.width(text)) / 2), round(y + (height - sheet.em) / 2)
            draw.add_text(at, sheet.ink(DIM), text)
        if tile.mark:
            box = x + sheet.width(tile.mark) + 10 * s, y + sheet.em + 4 * s
            draw.add_rect_filled((x, y), box, sheet.ink(BACKING), 3 * s)
            draw.add_text((round(x + 5 * s), round(y + 2 * s)), sheet.ink(TEXT), tile.mark)
        draw_ordinal(sheet, draw, (x, high[1]), tile.ordinal)
        color, thick = (ACCENT, 3 * s) if is_chosen else (ACCENT if is_hovered else LINE, s)
        draw.add_rect((x, y), high, sheet.ink(color), 0.0, thick)
        label = sheet.fit(tile.label, width)
        draw.add_text((x, round(high[1] + PAD_PX * s)), sheet.ink(ACCENT if is_chosen else TEXT), label)

    def _draw_foot(self, tile: Tile | None, notice: str) -> None:
        """Say in a line what has happened, or what a tile is and what can be done with it."""
        sheet, im = self._sheet, self._sheet.im
        room = im.get_content_region_avail().x
        is_notice = self.says(notice)
        text = notice if is_notice else (tile.fault or tile.about or tile.label) if tile else ""
        hint = OWN_HINT if tile and tile.is_own else HINT
        im.text_colored(ACCENT if is_notice else TEXT, sheet.fit(text, room))
        if sheet.width(hint) + sheet.width(text) + 24 * sheet.scale <= room:
            im.same_line(im.get_cursor_pos_x() + room - sheet.width(hint))
            im.text_colored(DIM, hint)
