"""The strip: a row of small pictures above the status line, to choose one from."""

from __future__ import annotations

from collections.abc import Sequence

from weightscape.window.message import Thumb
from weightscape.window.over.ordinal import draw_ordinal
from weightscape.window.over.star import draw_star, is_on_star
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, CLEAR, DIM, LINE

SIDE_PX, GAP_PX = 96, 8
HINT_PX = 120  # that a hint may be high
WHEEL_PX = 120  # that a step of the wheel moves the strip


def current(thumbs: Sequence[Thumb] | None) -> tuple[int, int]:
    """Tell how many thumbs there are, and which is the current one, -1 for none."""
    thumbs = thumbs or ()
    return len(thumbs), next((n for n, thumb in enumerate(thumbs) if thumb.is_current), -1)


class Strip:
    """Draws thumbs side by side, of many only those that are seen; what does not fit is a scroll away."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._picked: int | None = None
        self._starred: int | None = None
        self._marked: int | None = None
        self._current = 0, -1
        self.visible = 0, 0  # the first thumb that is seen, and the first after them

    def draw(self, thumbs: tuple[Thumb, ...]) -> None:
        """Draw the strip over the whole width."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        height = round((SIDE_PX + 16) * s + sheet.em + 26 * s)
        im.set_next_window_pos((0, sheet.size[1] - sheet.strip - height))
        im.set_next_window_size((sheet.size[0], height))
        sheet.begin("strip", im.WindowFlags_.horizontal_scrollbar | im.WindowFlags_.no_scroll_with_mouse)
        if im.is_window_hovered(im.HoveredFlags_.child_windows):
            im.set_scroll_x(im.get_scroll_x() - WHEEL_PX * s * im.get_io().mouse_wheel)
        self._row(thumbs)
        im.end()
        sheet.strip += height  # notices and other parts stand above

    def put_away(self) -> None:
        """Take in that the strip is not drawn: the next one begins at its current thumb."""
        self._current, self.visible = (0, -1), (0, 0)

    def _row(self, thumbs: tuple[Thumb, ...]) -> None:
        """Draw the thumbs that are seen, each in its place, in room for all of them."""
        im, s, (left, top) = self._sheet.im, self._sheet.scale, self._sheet.im.get_cursor_pos()
        step, room = (SIDE_PX + GAP_PX) * s, im.get_content_region_avail().x
        im.dummy((max(len(thumbs) * step - GAP_PX * s, 1.0), SIDE_PX * s))
        found = current(thumbs)
        if found != self._current:
            self._current = found
            im.set_scroll_x(max((found[1] + 0.5) * step - room / 2, 0.0))
        scroll = im.get_scroll_x()
        self.visible = max(int((scroll - left) / step), 0), min(int((scroll + room + left) / step) + 1, len(thumbs))
        for n in range(*self.visible):
            im.set_cursor_pos((left + n * step, top))
            self._thumb(n, thumbs[n])

    def take(self) -> tuple[int | None, int | None, int | None]:
        """Tell the numbers of the thumbs that were clicked since the last time: plainly, on a star, with Ctrl."""
        taken, self._picked, self._starred, self._marked = (self._picked, self._starred, self._marked), None, None, None
        return taken

    def _thumb(self, n: int, thumb: Thumb) -> None:
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        side = SIDE_PX * s
        im.begin_group()
        corner = im.get_cursor_screen_pos()
        im.push_style_var(im.StyleVar_.frame_padding, (0.0, 0.0))
        im.push_style_color(im.Col_.button, CLEAR)
        if thumb.texture:
            clicked = im.image_button(f"##thumb{n}", im.ImTextureRef(thumb.texture), (side, side))
        else:
            clicked = im.button(f"##thumb{n}", (side, side))
        im.pop_style_color()
        im.pop_style_var()
        is_hovered = im.is_item_hovered()
        mouse, right = im.get_mouse_pos(), (corner.x + side, corner.y)
        is_on_its_star = thumb.is_starred is not None and is_on_star(right, (mouse.x, mouse.y), s)
        if clicked and is_on_its_star:
            self._starred = n
        elif clicked and im.get_io().key_ctrl:
            self._marked = n
        elif clicked:
            self._picked = n
        color = ACCENT if thumb.is_current or is_hovered else LINE
        high = corner.x + side, corner.y + side
        im.get_window_draw_list().add_rect(corner, high, sheet.ink(color), 0.0, (3 if thumb.is_current else 1) * s)
        if thumb.is_starred or (thumb.is_starred is not None and is_hovered):
            draw_star(sheet, right, thumb.is_starred, is_hovered and is_on_its_star)
        draw_ordinal(sheet, im.get_window_draw_list(), (corner.x, corner.y + side), thumb.ordinal)
        text = sheet.fit(thumb.label, side)
        im.set_cursor_pos_x(im.get_cursor_pos_x() + (side - sheet.width(text)) / 2)
        im.text_colored(ACCENT if thumb.is_current else DIM, text)
        im.end_group()
        if is_hovered and thumb.hint:
            self._hint(thumb.hint, corner.x + side / 2)

    def _hint(self, text: str, x: float) -> None:
        """Tell what a thumb is, above the strip where there is room, so that it covers no other."""
        sheet, im, s = self._sheet, self._sheet.im, self._sheet.scale
        top = im.get_window_pos().y
        if top > HINT_PX * s:
            im.set_next_window_pos((x, top - 6 * s), pivot=(min(max(x / sheet.size[0], 0.0), 1.0), 1.0))
        if im.begin_tooltip():
            im.push_text_wrap_pos(min(360 * s, sheet.size[0] - 40 * s))
            im.text_unformatted(text)
            im.pop_text_wrap_pos()
            im.end_tooltip()
