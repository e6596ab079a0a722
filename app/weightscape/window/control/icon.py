"""Small drawings for buttons: lines and dots around a middle, r from it to their edge."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from weightscape.window.sheet import Sheet
from weightscape.window.style import RECORDING, TEXT

Draw = Callable[[Sheet, Any, float, float, float], None]
PIPS = ((-0.42, -0.42), (0.42, -0.42), (0.0, 0.0), (-0.42, 0.42), (0.42, 0.42))


def draw_icon(sheet: Sheet, draw: Any, name: str, x: float, y: float, r: float) -> None:
    """Draw an icon with its middle at x, y."""
    ICONS[name](sheet, draw, x, y, r)


def _die(sheet: Sheet, draw: Any, x: float, y: float, r: float) -> None:
    ink = sheet.ink(TEXT)
    draw.add_rect((x - r, y - r), (x + r, y + r), ink, 0.35 * r, 1.4 * sheet.scale)
    for across, down in PIPS:
        draw.add_circle_filled((x + across * r, y + down * r), 0.15 * r, ink)


def _turn(side: int) -> Draw:
    """An arrow that bends back, with its head at the left (-1) or right (1)."""

    def icon(sheet: Sheet, draw: Any, x: float, y: float, r: float) -> None:
        ink, thick = sheet.ink(TEXT), 1.5 * sheet.scale
        top, low = y - 0.35 * r, y + 0.75 * r
        tip, bend = x + side * 0.95 * r, x - side * 0.35 * r
        middle, radius = (top + low) / 2, (low - top) / 2
        points = [(bend - side * radius * math.sin(a), middle - radius * math.cos(a)) for a in _half_turn()]
        draw.add_polyline([(tip, top), *points, (x + side * 0.35 * r, low)], ink, thick, 0)
        for down in (-0.5, 0.5):
            draw.add_line((tip, top), (tip - side * 0.5 * r, top + down * r), ink, thick)

    return icon


def _half_turn() -> list[float]:
    return [math.pi * n / 12 for n in range(13)]


def _save(sheet: Sheet, draw: Any, x: float, y: float, r: float) -> None:
    ink, thick = sheet.ink(TEXT), 1.5 * sheet.scale
    tip = (x, y + 0.35 * r)
    draw.add_line((x, y - 0.95 * r), tip, ink, thick)
    for side in (-1, 1):
        draw.add_line((x + side * 0.5 * r, y - 0.15 * r), tip, ink, thick)
    tray = [(x - r, y + 0.3 * r), (x - r, y + 0.9 * r), (x + r, y + 0.9 * r), (x + r, y + 0.3 * r)]
    draw.add_polyline(tray, ink, thick, 0)


def _record(sheet: Sheet, draw: Any, x: float, y: float, r: float) -> None:
    draw.add_circle_filled((x, y), 0.75 * r, sheet.ink(RECORDING))


def _stop(sheet: Sheet, draw: Any, x: float, y: float, r: float) -> None:
    r *= 0.7
    draw.add_rect_filled((x - r, y - r), (x + r, y + r), sheet.ink(RECORDING), 0.2 * r)


ICONS: dict[str, Draw] = {
    "reroll": _die,
    "undo": _turn(-1),
    "redo": _turn(1),
    "save": _save,
    "record": _record,
    "stop": _stop,
}
