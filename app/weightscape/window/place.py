"""Where a window stands on the screens: left, top, width and height, in the screen's units, of what is in its frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import glfw

Place = tuple[int, int, int, int]
# So much of a window, in both directions, has to be on a screen for a hand to find it.
SEEN = 96


def place(handle: Any) -> Place:
    """Tell where a window stands; 0, 0 where the system tells nobody."""
    left, top = (0, 0) if _is_secret() else glfw.get_window_pos(handle)
    width, height = glfw.get_window_size(handle)
    return left, top, width, height


def put(handle: Any, wanted: Place) -> Place:
    """Put a window where it was, or, where no screen shows that any more, where it is seen; return where."""
    areas = [glfw.get_monitor_workarea(monitor) for monitor in glfw.get_monitors()]
    left, top, width, height = found = seen(wanted, areas)
    glfw.set_window_size(handle, width, height)
    if not _is_secret():
        glfw.set_window_pos(handle, left, top)
    return found


def seen(wanted: Place, areas: Sequence[Place]) -> Place:
    """Move a place into the screen that shows most of it, or into the first one; no larger than that screen."""
    if not areas:
        return wanted
    area = max(areas, key=lambda each: _common(wanted, each))
    left, top, width, height = area
    wide, high = min(wanted[2], width), min(wanted[3], height)
    across, down = _overlap(wanted, area)
    is_found = across >= min(SEEN, wide) and down >= min(SEEN, high) and wanted[1] >= top
    if is_found and (wide, high) == wanted[2:]:
        return wanted
    return (min(max(wanted[0], left), left + width - wide), min(max(wanted[1], top), top + height - high), wide, high)


def _overlap(one: Place, other: Place) -> tuple[int, int]:
    """Tell how wide and how high the part is that two places share; negative where they share none."""
    return (
        min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0]),
        min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1]),
    )


def _common(one: Place, other: Place) -> int:
    across, down = _overlap(one, other)
    return max(across, 0) * max(down, 0)


def _is_secret() -> bool:
    return bool(glfw.get_platform() == glfw.PLATFORM_WAYLAND)
