"""The sheet that the parts of the panel are laid out on: its size, its scale, what of it is taken.

It measures text and opens imgui's windows, but has no part of its own.
"""

from __future__ import annotations

from typing import Any

from weightscape.window.focus import Focus
from weightscape.window.message import Pointed
from weightscape.window.style import ACCENT, BACKING, FONT_PX, POPUP, Color, dress

Box = tuple[float, float, float, float]


class Sheet:
    """One frame's room. Lengths are pixels; scale is the pixels of a length meant for 96 dots an inch."""

    def __init__(self, im: Any) -> None:
        self.im = im
        self.size, self.scale, self.em = (0, 0), 0.0, FONT_PX
        self.strip = 0.0  # how high the status line is
        self.line = 0.0  # that of it which is the line alone
        self.beside = 0.0, 0.0  # from where to where what stands at the lower edge may be: beside the controls
        self.pointed: Pointed | None = None
        self.spot: tuple[Box, Box] = (0, 0, 0, 0), (0, 0, 0, 0)  # where that is, and what stands around it
        self.boxes: dict[str, Box] = {}  # of its windows, by name: where the mouse is the panel's
        self.items: dict[str, Box] = {}  # what can be used, by name, and where it is

    def fit_to(self, size: tuple[int, int], scale: float) -> None:
        """Take the size and scale of the window."""
        self.size = max(size[0], 120), max(size[1], 90)  # 0, 0 when put away
        if scale != self.scale:
            self.scale = scale
            dress(self.im, scale)

    def clear(self) -> None:
        """Begin anew, with nothing laid out."""
        self.em, self.strip = self.im.get_font_size(), 0.0
        self.boxes, self.items, self.pointed, self.line = {}, {}, None, 0.0
        self.beside = 0.0, float(self.size[0])

    def keep_from_edges(self, down: float = 0.0) -> None:
        """Let imgui keep lists and hints away from all edges, from the upper and the lower one by at least `down`."""
        gap = 4 * self.scale
        self.im.get_style().display_safe_area_padding = (gap, max(down, gap))

    def point(self, name: str, hint: str, box: Box, around: Box) -> None:
        """Tell what the pointer is at, and where."""
        self.pointed, self.spot = Pointed(name, hint), (box, around)

    def point_at_item(self, name: str, hint: str) -> None:
        """Tell that the pointer is at imgui's last item, if it is."""
        im = self.im
        if not im.is_item_hovered():
            return
        low, high, place, size = (
            im.get_item_rect_min(),
            im.get_item_rect_max(),
            im.get_window_pos(),
            im.get_window_size(),
        )
        latest = [*self.boxes.values()][-1:]
        boxes = [(place.x, place.y, place.x + size.x, place.y + size.y), *latest]  # a list's, and the panel's
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        self.point(name, hint, (low.x, low.y, high.x, high.y), (min(lefts), min(tops), max(rights), max(bottoms)))

    @property
    def mouse(self) -> tuple[float, float]:
        """Tell where the pointer is."""
        place = self.im.get_io().mouse_pos
        return place.x, place.y

    def begin(self, name: str, extra: int = 0, opaque: bool = False, moves: bool = False) -> None:
        """Open a window without title, which stays where it is put or moves; the mouse over it is the panel's."""
        flags = self.im.WindowFlags_
        fixed = flags.no_title_bar | flags.no_resize | flags.no_collapse | flags.no_nav
        fixed |= flags.none if moves else flags.no_move
        self.im.push_style_color(self.im.Col_.window_bg, POPUP if opaque else BACKING)
        self.im.begin(name, None, fixed | flags.no_saved_settings | extra)
        self.im.pop_style_color()
        place, size = self.im.get_window_pos(), self.im.get_window_size()
        self.boxes[name] = place.x, place.y, place.x + size.x, place.y + size.y

    def meets(self, box: Box) -> bool:
        """Tell whether one of the windows overlaps a box."""
        return any(meet(each, box) for each in self.boxes.values())

    def place(self, name: str) -> None:
        """Take in where the item drawn last is."""
        low, high = self.im.get_item_rect_min(), self.im.get_item_rect_max()
        self.items[name] = low.x, low.y, high.x, high.y

    def item(self, name: str, focus: Focus) -> None:
        """Take in the item drawn last; if it has the keys, frame it, and scroll to it where it just got them."""
        low, high, s = self.im.get_item_rect_min(), self.im.get_item_rect_max(), self.scale
        self.place(name)
        if not focus.has(name):
            return
        corners = (low.x - 2 * s, low.y - 2 * s), (high.x + 2 * s, high.y + 2 * s)
        self.im.get_window_draw_list().add_rect(*corners, self.ink(ACCENT), 5 * s, 2 * s)
        if focus.is_new:
            self.im.set_scroll_here_y(0.5)
            focus.is_new = False

    def covers(self, x: float, y: float) -> bool:
        """Tell whether one of the windows, or the status line, is at a place."""
        is_line = self.line > 0 and y >= self.size[1] - self.line
        boxes = self.boxes.values()
        return is_line or any(left <= x < right and top <= y < bottom for left, top, right, bottom in boxes)

    @property
    def room(self) -> float:
        """How high a window may be above the status line."""
        return max(self.size[1] - self.strip - 24 * self.scale, 60 * self.scale)

    def width(self, text: str) -> float:
        """Measure a line of text."""
        return float(self.im.calc_text_size(text).x)

    def fit(self, text: str, room: float) -> str:
        """Shorten the text to so many pixels; "" where nothing worth reading fits."""
        if self.width(text) <= room:
            return text
        for end in range(len(text) - 1, 1, -1):
            short = text[:end].rstrip() + "…"
            if self.width(short) <= room:
                return short
        return ""

    def ink(self, color: Color) -> int:
        """Mix a colour for imgui's draw lists."""
        return int(self.im.color_convert_float4_to_u32(color))


def meet(first: Box, second: Box) -> bool:
    """Tell whether two boxes overlap."""
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
