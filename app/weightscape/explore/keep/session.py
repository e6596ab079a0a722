"""A session as text and back: the steps, where we are among them, and how the window stands.

It is JSON to be read by people, too: a line a step, which says what differs from the step before; null stands for a
field that a scene does not say. Weights files are named by their whole path.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from weightscape.explore.keep.history import LONGEST, Step
from weightscape.picture.network_memory import is_shipped
from weightscape.publish.caption import files_of, renamed
from weightscape.scene.scene import from_mapping

VERSION = 1
# What stands in a step's line beside the scene's fields.
MARKS = ("is_paused", "is_paneled")
BRED = "bred"
# Pixels that a window may be wide or high, and that it may stand away from the screen's corner.
FARTHEST = 100_000
Place = tuple[int, int, int, int]
Values = dict[str, Any]


class SessionError(ValueError):
    """A text that is no session; why, in a line."""


@dataclass(frozen=True)
class Session:
    """Hold what is kept of a window: `frame` is its left, top, width and height in the screen's units."""

    steps: tuple[Step, ...]
    place: int
    frame: Place
    is_fullscreen: bool = False


class Lines:
    """Write steps as lines; those that were there the last time are not written anew."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Step | None, Step, str]] = {}

    def text(self, session: Session) -> str:
        """Write a session."""
        found = [self._line(before, after) for before, after in pairwise((None, *session.steps))]
        self._known = {(id(before), id(after)): (before, after, line) for before, after, line in found}
        # Networks of one file, each written over the one before, are the same in a text.
        told = [n for n, (before, after, line) in enumerate(found) if line != "{}" or before == after]
        place = sum(n <= session.place for n in told) - 1
        left, top, width, height = session.frame
        window = {"left": left, "top": top, "width": width, "height": height, "fullscreen": session.is_fullscreen}
        head = f'{{\n"version": {VERSION},\n"window": {json.dumps(window)},\n"place": {place},\n"steps": [\n'
        return head + ",\n".join(found[n][2] for n in told) + "\n]}\n"

    def _line(self, before: Step | None, after: Step | None) -> tuple[Step | None, Step, str]:
        assert after
        known = self._known.get((id(before), id(after)))  # whoever is known is held, so its number is nobody else's
        return known or (before, after, _line(_values(before) if before else {}, _values(after)))


def session(text: str) -> tuple[Session, int]:
    """Read a session, and tell how many of its steps cannot be shown any more: those are left out.

    Raises SessionError for what is no session, or none of this version, or has no step that is left.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise SessionError("it is not whole") from None
    if not isinstance(found, dict) or found.get("version") != VERSION or isinstance(found["version"], bool):
        raise SessionError(f"it is not of version {VERSION}")
    lines, window = found.get("steps"), found.get("window")
    if not isinstance(lines, list) or not isinstance(window, dict) or not all(isinstance(each, dict) for each in lines):
        raise SessionError("it has no steps, or no window")
    place = _whole(found.get("place"), 0, len(lines) - 1, "its place is not among its steps")
    steps = _steps(lines[: 2 * LONGEST])
    left = {number: step for number, step in enumerate(steps) if step}
    if not left:
        raise SessionError("none of its steps can be shown")
    now = max((number for number in left if number <= place), default=min(left))
    frame, is_fullscreen = _window(window)
    return Session(tuple(left.values()), [*left].index(now), frame, is_fullscreen), len(steps) - len(left)


def _values(step: Step) -> Values:
    """Make the JSON object of a step, with the whole paths of its weights files."""
    marks: Values = {name: True for name in MARKS if getattr(step, name)}
    marks |= {BRED: step.bred} if step.bred else {}
    scene = json.loads(step.scene.to_text())
    return renamed(scene, lambda name: os.path.abspath(name) if os.path.isfile(name) else name) | marks


def _line(before: Values, after: Values) -> str:
    gone = {name: None for name in before if name not in after}
    new = {name: value for name, value in after.items() if name not in before or before[name] != value}
    return json.dumps(gone | new)  # in ASCII: names of files may be no text


def _steps(lines: Iterable[Values]) -> list[Step | None]:
    """Read steps, each from all lines so far; None for one that cannot be shown."""
    values: Values = {}
    steps = []
    for line in lines:
        values = {name: value for name, value in (values | line).items() if value is not None}
        steps.append(_step(values))
    return steps


def _step(values: Mapping[str, Any]) -> Step | None:
    marks = {name: values.get(name) is True for name in MARKS}
    bred = str(values.get(BRED, ""))
    scene = {name: value for name, value in values.items() if name not in (*MARKS, BRED)}
    try:
        found = from_mapping(scene)
        is_there = all(is_shipped(name) or os.path.isfile(name) for name in files_of(json.loads(found.to_text())))
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
    return Step(found, bred=bred, **marks) if is_there else None


def _window(values: Mapping[str, Any]) -> tuple[Place, bool]:
    why = "its window is nowhere"
    left, top = (_whole(values.get(name), -FARTHEST, FARTHEST, why) for name in ("left", "top"))
    width, height = (_whole(values.get(name), 1, FARTHEST, why) for name in ("width", "height"))
    return (left, top, width, height), values.get("fullscreen") is True


def _whole(value: Any, low: int, high: int, why: str) -> int:
    """Take a whole number in a range; else raise SessionError."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise SessionError(why)
    return value
