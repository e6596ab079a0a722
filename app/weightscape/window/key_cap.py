"""Keys as they look on a keyboard: each name on a cap of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .sheet import Sheet
from .style import FAINT, LINE, TEXT

ARROWS = {"←": (-1, 0), "→": (1, 0), "↑": (0, -1), "↓": (0, 1)}  # not in the font: drawn
LINE_EM = 8.0  # caps that need more stand under each other; found by eye


@dataclass(frozen=True)
class Cap:
    """A key and where its cap is, in pixels from the first one's corner."""

    key: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0


def placed(sheet: Sheet, keys: str) -> list[Cap]:
    """Give each of the keys, apart by spaces, a place: side by side, or on a line of its own."""
    caps: list[Cap] = []
    x = y = 0.0
    for key in keys.split():
        room = sheet.em if key in ARROWS else sheet.width(key)
        width = max(round(room + 10 * sheet.scale), round(sheet.em + 7 * sheet.scale))
        if x and x + width > LINE_EM * sheet.em:
            x, y = 0.0, y + cap_height(sheet) + 6 * sheet.scale
        caps.append(Cap(key, x, y, width))
        x += width + 4 * sheet.scale
    return caps


def cap_height(sheet: Sheet) -> float:
    """Tell how high each cap is."""
    return sheet.em + 5 * sheet.scale


def draw_caps(sheet: Sheet, draw: Any, x: float, y: float, caps: list[Cap]) -> None:
    """Draw caps with the first one's corner at x, y."""
    s, height = sheet.scale, cap_height(sheet)
    for cap in caps:
        low, high = (x + cap.x, y + cap.y), (x + cap.x + cap.width, y + cap.y + height)
        draw.add_rect_filled(low, high, sheet.ink(FAINT), 4 * s)
        draw.add_rect(low, high, sheet.ink(LINE), 4 * s)
        if cap.key in ARROWS:
            _draw_arrow(sheet, draw, low[0] + cap.width / 2, low[1] + height / 2, *ARROWS[cap.key])
        else:
            left = low[0] + (cap.width - sheet.width(cap.key)) / 2
            draw.add_text((round(left), round(low[1] + 2 * s)), sheet.ink(TEXT), cap.key)


def _draw_arrow(sheet: Sheet, draw: Any, x: float, y: float, dx: int, dy: int) -> None:
    r = 0.28 * sheet.em
    tip, back = (x + r * dx, y + r * dy), (x - r * dx, y - r * dy)
    ink, thick = sheet.ink(TEXT), 1.3 * sheet.scale
    draw.add_line(back, tip, ink, thick)
    for side in (-1, 1):
        barb = (x + 0.7 * r * side * dy, y + 0.7 * r * side * dx)
        draw.add_line(barb, tip, ink, thick)
