"""Keys as they look on a keyboard: each name on a cap of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weightscape.window.sheet import Sheet
from weightscape.window.style import FAINT, LINE, TEXT

ARROWS = {"←": (-1, 0), "→": (1, 0), "↑": (0, -1), "↓": (0, 1)}  # not in the font: drawn
SIGNS = "".join(ARROWS)
LINE_EM = 9.25  # caps that need more stand under each other; found by eye


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
        room = sheet.width(key.rstrip(SIGNS)) + (sheet.em if key[-1] in ARROWS else 0.0)
        width = max(round(room + 10 * sheet.scale), round(sheet.em + 7 * sheet.scale))
        if x and x + width > LINE_EM * sheet.em:
            x, y = 0.0, y + cap_height(sheet) + 4 * sheet.scale
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
        _draw_key(sheet, draw, cap.key, low, cap.width)


def _draw_key(sheet: Sheet, draw: Any, key: str, low: tuple[float, float], width: float) -> None:
    """Write a key in the middle of its cap; an arrow that it ends with is drawn."""
    arrow = ARROWS.get(key[-1])
    text = key.rstrip(SIGNS)
    room = sheet.width(text) + (sheet.em if arrow else 0.0)
    left = low[0] + (width - room) / 2
    draw.add_text((round(left), round(low[1] + 2 * sheet.scale)), sheet.ink(TEXT), text)
    if arrow:
        draw_arrow(sheet, draw, left + room - sheet.em / 2, low[1] + cap_height(sheet) / 2, *arrow)


def draw_arrow(sheet: Sheet, draw: Any, x: float, y: float, dx: int, dy: int) -> None:
    """Draw an arrow with its middle at x, y."""
    r = 0.28 * sheet.em
    tip, back = (x + r * dx, y + r * dy), (x - r * dx, y - r * dy)
    ink, thick = sheet.ink(TEXT), 1.3 * sheet.scale
    draw.add_line(back, tip, ink, thick)
    for side in (-1, 1):
        barb = (x + 0.7 * r * side * dy, y + 0.7 * r * side * dx)
        draw.add_line(barb, tip, ink, thick)
