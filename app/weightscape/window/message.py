"""What is said to the panel and what it answers, as plain records.

Nothing here knows how any of it is drawn, or what a control is good for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Value = int | float | str | bool
Row = tuple[str, str]


@dataclass(frozen=True)
class Control:
    """One knob. With low and high a number is a slider, without it is typed.

    stops: places on the slider's track, 0..1, and values there, where the track is not even. mark: a value that gets a
    tick. zero: what 0 is called. group: the heading that it stands under; "" for none.
    """

    name: str
    label: str
    kind: Literal["int", "float", "choice", "bool", "text"]
    value: Value
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    logarithmic: bool = False
    hint: str = ""
    stops: tuple[tuple[float, float], ...] = ()
    mark: float | None = None
    zero: str = ""
    group: str = ""


@dataclass(frozen=True)
class Button:
    """One button of the panel's upper edge; icon: reroll, undo, redo, save or record. is_on: what it does goes on."""

    name: str
    label: str
    icon: str
    hint: str = ""
    is_on: bool = False


@dataclass(frozen=True)
class Thumb:
    """One small picture of a strip; texture is its number on the GPU, 0 while it is not there yet."""

    label: str
    hint: str = ""
    texture: int = 0
    is_current: bool = False


@dataclass(frozen=True)
class Hud:
    """What is to be shown; what is None or empty is not.

    status: pieces of the bottom line, the most important first, for a narrow window cuts the end.
    pinned: pieces at the right end of that line, the most important last; they are never cut for the others.
    recording: how long a film is by now, beside a red dot. progress: 0..1. veil: words, or "", before which the picture
    stands back. notice: as many lines as it needs.
    caption: one line, seen while there is no notice. buttons: they stand above the controls, where there are some.
    help: rows of keys and text; keys apart by spaces get a cap each, ← → ↑ ↓ at an end are drawn; a row without keys is
    a heading.
    """

    status: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    recording: str = ""
    progress: float | None = None
    veil: str | None = None
    notice: str = ""
    caption: str = ""
    help: tuple[Row, ...] | None = None
    controls: tuple[Control, ...] | None = None
    buttons: tuple[Button, ...] = ()
    prompt: str | None = None
    strip: tuple[Thumb, ...] | None = None


@dataclass(frozen=True)
class Answer:
    """What the user did since the frame before, and what to draw (good until the next frame).

    is_taken_back: the last change was none, for it began a double click; `changes` has the value from before.
    preview: a control and the value of its open list that is looked at, and not taken. pressed: a button's name.
    is_held: a key that changes values is down.
    """

    changes: dict[str, Value] = field(default_factory=dict)
    submitted: str | None = None
    cancelled: bool = False
    picked: int | None = None
    draw_data: Any = None
    is_taken_back: bool = False
    preview: tuple[str, Value] | None = None
    pressed: str = ""
    is_held: bool = False
