"""What happened in the window, as plain records.

All places and distances are framebuffer pixels, y down from the top left corner. Nothing here knows what an
event is good for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol


@dataclass(frozen=True)
class Key:
    """A key went down: "r", "shift+r", "ctrl+c", "space", "page_up", "f11", or a typed sign such as "{"."""

    name: str = ""
    repeat: bool = False


def typed(key: str) -> str:
    """Tell the sign that a key types, named as events name it; "" for none."""
    if key == "space":
        return " "
    if key.startswith("shift+") and len(key) == 7:
        return key[-1].upper()
    return key if len(key) == 1 else ""


@dataclass(frozen=True)
class Release:
    """A key or a mouse button went up, also one that the panel has taken: what a hand held is over."""


@dataclass(frozen=True)
class Scroll:
    """The wheel turned at x, y; positive steps turn away from the user. held: "alt+shift+" or less."""

    x: float = 0.0
    y: float = 0.0
    steps: float = 0.0
    held: str = ""


@dataclass(frozen=True)
class Drag:
    """The pointer moved by dx, dy while the left button was held."""

    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True)
class Orbit:
    """The pointer moved by dx, dy while the right button was held."""

    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True)
class Click:
    """The left button was pressed and released at x, y without moving; count 2: a double click's second."""

    x: float = 0.0
    y: float = 0.0
    count: int = 1
    is_shifted: bool = False
    is_ctrl: bool = False


@dataclass(frozen=True)
class Move:
    """The pointer went to x, y with no button held."""

    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Resize:
    """The framebuffer has a new size; never zero, a window put away keeps its last size."""

    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Drop:
    """Files were dropped on the window."""

    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refresh:
    """What the window showed is lost or out of date: draw it again."""


Event = Key | Release | Scroll | Drag | Orbit | Click | Move | Resize | Drop | Refresh


class Observer(Protocol):
    """Sees raw input before it becomes events; True means taken, and then there is no event."""

    def on_key(self, name: str, prefix: str, pressed: bool) -> bool: ...
    def on_char(self, text: str) -> bool: ...
    def on_cursor(self, x: float, y: float) -> bool: ...
    def on_button(self, button: int, prefix: str, pressed: bool) -> bool: ...
    def on_scroll(self, dx: float, dy: float, prefix: str) -> bool: ...
    def on_focus(self, focused: bool) -> None: ...


def merged(events: Iterable[Event]) -> list[Event]:
    """Join neighbours that only say more of the same: moves, drags, wheel steps, sizes, releases, refreshes."""
    result: list[Event] = []
    for event in events:
        joined = _joined(result[-1], event) if result else None
        if joined is None:
            result.append(event)
        else:
            result[-1] = joined
    return result


def _joined(first: Event, second: Event) -> Event | None:
    match first, second:
        case (Move(), Move()) | (Resize(), Resize()) | (Release(), Release()) | (Refresh(), Refresh()):
            return second
        case Drag(), Drag():
            return Drag(first.dx + second.dx, first.dy + second.dy)
        case Orbit(), Orbit():
            return Orbit(first.dx + second.dx, first.dy + second.dy)
        # Turning back and forth at one place cancels out; another place is another zoom.
        case Scroll(), Scroll() if (first.x, first.y, first.held) == (second.x, second.y, second.held):
            return replace(second, steps=first.steps + second.steps)
    return None
