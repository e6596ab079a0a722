"""The star of a small picture: in its upper right corner, full for what is kept, an outline where a click would."""

from __future__ import annotations

import math

from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, BACKING, TEXT

ROOM_PX, RADIUS_PX = 28.0, 9.0
# A star of five points: every second corner lies this far in.
INNER = 0.42


def is_on_star(corner: tuple[float, float], place: tuple[float, float], scale: float) -> bool:
    """Tell whether a place is on the star of a picture whose upper right corner is at `corner`."""
    room = ROOM_PX * scale
    return corner[0] - room <= place[0] < corner[0] and corner[1] <= place[1] < corner[1] + room


def draw_star(sheet: Sheet, corner: tuple[float, float], is_full: bool, is_hovered: bool) -> None:
    """Draw it on a dark disk, so that it is seen on any picture."""
    s, draw = sheet.scale, sheet.im.get_window_draw_list()
    x, y = corner[0] - ROOM_PX * s / 2, corner[1] + ROOM_PX * s / 2
    points = [
        sheet.im.ImVec2(x + radius * math.sin(n * math.pi / 5), y - radius * math.cos(n * math.pi / 5))
        for n in range(10)
        for radius in [RADIUS_PX * s * (INNER if n % 2 else 1.0)]
    ]
    draw.add_circle_filled((x, y), (RADIUS_PX + 3) * s, sheet.ink(BACKING))
    ink = sheet.ink(ACCENT if is_full or is_hovered else TEXT)
    if is_full:
        draw.add_concave_poly_filled(points, ink)
    else:
        draw.add_polyline(points, ink, 1.5 * s, sheet.im.ImDrawFlags_.closed)
