"""What is said to the panel and what it answers, as plain records.

Nothing here knows how any of it is drawn, or what a control is good for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Value = int | float | str | bool
Tone = Literal["", "calm", "edge", "chaotic", "recording"]


class Row(NamedTuple):
    """Keys and what they do; without keys it is a heading. presses: the key of each cap, for who clicks there."""

    keys: str
    text: str
    presses: tuple[str, ...] = ()
    is_on: bool = False


@dataclass(frozen=True)
class Piece:
    """A piece of the status line.

    name: what its explanation goes by. hint: stands under that. short: for narrow windows. tone: of a dot before it.
    press: the key that a click on it stands for.
    """

    text: str
    name: str = ""
    hint: str = ""
    short: str = ""
    tone: Tone = ""
    press: str = ""


@dataclass(frozen=True)
class Pointed:
    """What the pointer is at; hint: what is said of it where it has no explanation, else under that."""

    name: str
    hint: str = ""


@dataclass(frozen=True)
class Control:
    """One knob. With low and high a number is a slider, without it is typed.

    stops: places on the slider's track, 0..1, and values there, where the track is not even. mark: a value that gets a
    tick. zero: what 0 is called.
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


@dataclass(frozen=True)
class Thumb:
    """One small picture of a strip; texture is its number on the GPU, 0 while it is not there yet."""

    label: str
    hint: str = ""
    texture: int = 0
    is_current: bool = False


@dataclass(frozen=True)
class Tip:
    """An explanation of what the pointer is at, with small pictures of it; it is shown while `name` is pointed at."""

    name: str
    text: str
    note: str = ""
    pictures: tuple[Thumb, ...] = ()


@dataclass(frozen=True)
class Hud:
    """What is to be shown; what is None or empty is not.

    status: pieces of the bottom line, the most important first, for a narrow window cuts the end. chip: stands in its
    middle. facts: follow the chip, where there is room. pinned: stand at its right end, the most important last; they
    are never cut for the others. progress: 0..1. veil: words, or "", before which the picture stands back. notice: as
    many lines as it needs.
    caption: one line, seen while there is no notice.
    help: rows of keys and text; keys apart by spaces get a cap each, ← → ↑ ↓ at an end are drawn; a row without keys is
    a heading. search: what is typed to find rows; None: nothing can be. card: rows for a first start.
    """

    status: tuple[Piece, ...] = ()
    chip: Piece | None = None
    facts: tuple[Piece, ...] = ()
    pinned: tuple[Piece, ...] = ()
    progress: float | None = None
    veil: str | None = None
    notice: str = ""
    caption: str = ""
    help: tuple[Row, ...] | None = None
    search: str | None = None
    card: tuple[Row, ...] | None = None
    tip: Tip | None = None
    controls: tuple[Control, ...] | None = None
    prompt: str | None = None
    strip: tuple[Thumb, ...] | None = None


@dataclass(frozen=True)
class Answer:
    """What the user did since the frame before, and what to draw (good until the next frame).

    is_taken_back: the last change was none, for it began a double click; `changes` has the value from before.
    key: one that a click stands for. is_card_closed: the card was clicked.
    """

    changes: dict[str, Value] = field(default_factory=dict)
    submitted: str | None = None
    cancelled: bool = False
    picked: int | None = None
    draw_data: Any = None
    is_taken_back: bool = False
    pointed: Pointed | None = None
    key: str = ""
    is_card_closed: bool = False
