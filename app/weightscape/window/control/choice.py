"""Lists of choices: one is open at a time, walked by the mouse, arrows and letters. What is walked to is looked at."""

from __future__ import annotations

from typing import Any

from weightscape.window.control.swatch import GAP, draw_swatch, room_for
from weightscape.window.message import Control, Value
from weightscape.window.sheet import Box, Sheet
from weightscape.window.style import ACCENT, ACTIVE, CLEAR, TEXT

STEPS = {"down": 1, "up": -1, "tab": 1, "page_down": 5, "page_up": -5, "home": -1000, "end": 1000}


class Choices:
    """Draws the boxes of choices, and the list of the one that is open."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._im = sheet, sheet.im
        self._open: Control | None = None
        self._is_wanted = self._is_seen = False  # asked for by a key, not drawn yet; drawn in this frame
        self._folds = self._takes = False
        self._at: int | None = None  # the choice that the hand or the keys have reached
        self._is_far = False  # reached by a key, and perhaps out of sight
        self._is_mouses = False  # reached by the mouse, which ends it by going elsewhere

    @property
    def is_open(self) -> bool:
        """Whether a list is open, or will be in the next frame."""
        return self._open is not None

    @property
    def is_changing(self) -> bool:
        """Whether a list is about to open, to close, or to scroll."""
        return self._is_wanted or self._folds or (self._is_far and self.is_open)

    @property
    def preview(self) -> tuple[str, Value] | None:
        """Tell the control and the choice that is looked at, unless it is the one that was taken."""
        if self._open is None or self._at is None or self._folds:
            return None
        choice = self._open.choices[self._at]
        return None if choice == self._open.value else (self._open.name, choice)

    def open(self, control: Control) -> None:
        """Open a list; its value is reached."""
        self._open, self._is_wanted, self._is_far, self._is_mouses = control, True, True, False
        self._folds = self._takes = False
        self._at = control.choices.index(str(control.value))

    def fold(self) -> None:
        """Close the open list in the next frame."""
        self._folds = self.is_open

    def key(self, name: str) -> None:
        """Walk in the open list: arrows and letters go to choices, Enter takes one, Escape none."""
        if self._open is None or self._folds:
            return
        choices = self._open.choices
        at = choices.index(str(self._open.value)) if self._at is None else self._at
        if name in ("enter", "space"):
            self._takes = self._at is not None
            self._folds = True
        elif name == "escape":
            self._folds = True
        elif name in STEPS:
            self._walk(min(max(at + STEPS[name], 0), len(choices) - 1))
        else:
            ahead = [n % len(choices) for n in range(at + 1, at + 1 + len(choices))]
            words = self._open.words or choices
            self._walk(next((n for n in ahead if words[n].lower().startswith(name)), at))

    def _walk(self, at: int) -> None:
        self._at, self._is_far, self._is_mouses = at, True, False

    def begin(self) -> None:
        """Begin a frame."""
        self._is_seen = False

    def finish(self) -> None:
        """End a frame: a list that was not drawn is closed."""
        if not self._is_seen:
            self.put_away()

    def put_away(self) -> None:
        """Have no list open."""
        self._open, self._at = None, None
        self._is_wanted = self._folds = self._takes = False

    def draw(self, control: Control, value: str) -> str:
        """Draw a box with the value, and its list if that is open; tell the value."""
        im, own = self._im, self._open is not None and self._open.name == control.name
        label = f"##{control.name}"
        self._fit_list()
        draw, corner, wide = im.get_window_draw_list(), im.get_cursor_screen_pos(), im.calc_item_width()
        if own and self._is_wanted:  # as a click on the box does
            im.internal.open_popup_ex(im.internal.im_hash_str("##ComboPopup", 0, im.get_id(label)))
            self._is_wanted = False
        is_open = im.begin_combo(label, control.word(value))
        self._sheet.keep_from_edges()  # windows would be lower by twice what lists keep to
        self._swatch_in_box(draw, control, value, (corner.x, corner.y, wide, im.get_frame_height()))
        if not is_open:
            return value
        if not own:
            self.put_away()
        self._open, self._is_seen = control, True
        value = self._rows(control, value)
        if self._folds:
            im.close_current_popup()
            self._is_seen = False
        im.end_combo()
        return value

    def _rows(self, control: Control, value: str) -> str:
        im, taken = self._im, value
        is_moved = im.get_io().mouse_delta.x != 0.0 or im.get_io().mouse_delta.y != 0.0
        hovered = None
        for n, choice in enumerate(control.choices):
            im.push_style_color(im.Col_.text, ACCENT if choice == value else TEXT)
            im.push_style_color(
                im.Col_.header_hovered, ACTIVE if n == self._at else CLEAR
            )  # one bar, the keys' or the hand's
            if im.selectable(control.word(choice), n == self._at)[0]:
                taken, self._folds = choice, True
            im.pop_style_color(2)
            if im.is_item_hovered():
                hovered = n
            self._sheet.place(f"{control.name}={choice}")
            self._sheet.point_at_item(f"{control.name}={choice}", control.hint)
            self._swatch_in_list(control, n)
            if n == self._at and self._is_far:
                im.set_scroll_here_y(0.5)
        self._is_far = False
        if is_moved and (hovered is not None or self._is_mouses):
            self._at, self._is_mouses = hovered, hovered is not None
        if self._takes and self._at is not None:
            taken = control.choices[self._at]
        return taken

    def _swatch_in_list(self, control: Control, n: int) -> None:
        """Draw a choice's colours at the right end of the line drawn last, and give the list the room for them."""
        if not control.swatches:
            return
        im, sheet = self._im, self._sheet
        words = max(sheet.width(control.word(choice)) for choice in control.choices)
        low, high = im.get_item_rect_min(), im.get_item_rect_max()
        if im.is_item_visible():
            right = high.x - GAP * sheet.em / 2
            draw_swatch(sheet, im.get_window_draw_list(), control.swatches[n], right, low.y, high.y - low.y)
        im.same_line(words)
        im.dummy((room_for(sheet, control.swatches), 0.0))

    def _swatch_in_box(self, draw: Any, control: Control, value: str, box: Box) -> None:
        """Draw the value's colours in the closed box, before its arrow, where its name leaves the room."""
        (x, y, wide, high), sheet = box, self._sheet
        left = wide - high - room_for(sheet, control.swatches)
        if control.swatches and left > sheet.width(control.word(value)) + GAP * sheet.em:
            colours = control.swatches[control.choices.index(value)]
            draw_swatch(sheet, draw, colours, x + wide - high - GAP * sheet.em / 2, y, high)

    def _fit_list(self) -> None:
        """Let the next list be no higher than the room below or above it, and go where the room is."""
        im, sheet = self._im, self._sheet
        top = im.get_cursor_screen_pos().y
        below = sheet.size[1] - sheet.strip - top - im.get_frame_height()
        gap, edge = 4 * sheet.scale, max(sheet.strip, 4 * sheet.scale)
        sheet.keep_from_edges(sheet.strip)  # and so from what covers the lower one
        room = max(top - edge, below) - gap
        im.set_next_window_size_constraints((0.0, 0.0), (sheet.size[0], max(room, 3 * im.get_frame_height())))
