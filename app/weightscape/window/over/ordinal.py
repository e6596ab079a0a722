"""The number of a mark: a small disc in the lower left corner of a picture that is marked."""

from __future__ import annotations

from typing import Any

from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, POPUP


def draw_ordinal(sheet: Sheet, draw: Any, corner: tuple[float, float], ordinal: int) -> None:
    """Draw the number of a mark above a lower left corner; nothing for 0."""
    if not ordinal:
        return
    text, radius = str(ordinal), 0.5 * sheet.em + 4 * sheet.scale
    x, y = corner[0] + radius + 4 * sheet.scale, corner[1] - radius - 4 * sheet.scale
    draw.add_circle_filled((x, y), radius + 1.5 * sheet.scale, sheet.ink(POPUP))
    draw.add_circle_filled((x, y), radius, sheet.ink(ACCENT))
    at = round(x - sheet.width(text) / 2), round(y - 0.5 * sheet.em)
    draw.add_text(at, sheet.ink(POPUP), text)
