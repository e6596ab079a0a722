"""What is said to the panel and what it answers, as plain records.

Nothing here knows how any of it is drawn, or what a control is good for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Value = int | float | str | bool
Turn = Literal["", "back", "on", "leave"]
Colours = tuple[tuple[float, float, float], ...]  # red, green, blue, 0..1
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
    tick. zero: what 0 is called. words: what to call choices, in their order, where they are not called as they are.
    swatches: colours beside each choice, for who goes by these.
    group: the heading that it stands under; "" for none. limits: what may be typed, where that is more than the slider
    reaches.
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
    words: tuple[str, ...] = ()
    swatches: tuple[Colours, ...] = ()
    group: str = ""
    limits: tuple[float, float] | None = None

    def word(self, choice: str) -> str:
        """Tell what a choice is called."""
        return self.words[self.choices.index(choice)] if self.words else choice


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
    """One small picture of a strip; texture is its number on the GPU, 0 while it is not there yet.

    ordinal: which of those it is that are marked, 0 for none.
    is_starred: whether it is among those that are kept; None where none can be: it has no star. What is not visible, as
    the last answer says, needs no more than its place in the strip.
    """

    label: str = ""
    hint: str = ""
    texture: int = 0
    is_current: bool = False
    is_starred: bool | None = None
    ordinal: int = 0


@dataclass(frozen=True)
class Legend:
    """Say what colours mean: `colours` (red, green, blue, 0..1) from left to right, three words beneath, and a note."""

    title: str
    colours: Colours
    marks: tuple[str, str, str]
    note: str = ""


@dataclass(frozen=True)
class Classes:
    """Say what dots are: `lines`, and below a row for each class: its colour (red, green, blue, 0..1) and words.

    is_left: it stands on the left, as they do.
    """

    lines: tuple[str, ...]
    rows: tuple[tuple[tuple[float, float, float], str], ...] = ()
    is_left: bool = False


@dataclass(frozen=True)
class Tile:
    """One picture of the album, with its name, under the heading of its group.

    words: what a search looks through beside label and about. texture: as a thumb's. mark: the key that leads there.
    fault: why it cannot be opened. is_own: it can be renamed and removed. is_last: it was opened last.
    ordinal: which of those it is that are marked, 0 for none.
    """

    label: str
    group: str
    about: str = ""
    words: str = ""
    texture: int = 0
    mark: str = ""
    fault: str = ""
    is_own: bool = False
    is_last: bool = False
    ordinal: int = 0


@dataclass(frozen=True)
class Deed:
    """What was done in the album, with the tile of which number."""

    kind: Literal["open", "mark", "rename", "remove", "restore", "close"]
    tile: int = 0
    text: str = ""


@dataclass(frozen=True)
class Station:
    """Say which station of how many, its title and sentences, and the keys, apart by spaces, of a thing to try."""

    number: int
    count: int
    title: str
    text: str
    keys: str
    trial: str


@dataclass(frozen=True)
class MorphBar:
    """Say where on a way the picture is: `place` 0..1, between which two, and `marks`, the places of all of them."""

    place: float
    text: str
    marks: tuple[float, ...] = ()
    is_playing: bool = False
    is_loop: bool = False


@dataclass(frozen=True)
class Frames:
    """Frame pictures that stand in the window: boxes (left, top, right, bottom), and what is said of each, if anything.

    current, chosen, marked: the numbers of those with a frame of their own.
    """

    boxes: tuple[tuple[float, float, float, float], ...]
    hints: tuple[str, ...]
    current: int | None
    chosen: int | None
    marked: int | None = None


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
    link: what a click on the notice does, in words that stand below it.
    caption: one line, seen while there is no notice. is_caption_kept: it stays as long as the scene, and charts stand
    above it. foot: how many pixels above the status line are words of the picture's; what is said stands above them.
    legend: what the picture's colours mean. classes: what the dots over it are.
    buttons: they stand above the controls, where there are some.
    help: rows of keys and text; keys apart by spaces get a cap each, ← → ↑ ↓ at an end are drawn; a row without keys is
    a heading. search: what is typed to find rows; None: nothing can be. card: rows for a first start.
    frames: of pictures that stand side by side.
    """

    status: tuple[Piece, ...] = ()
    chip: Piece | None = None
    facts: tuple[Piece, ...] = ()
    pinned: tuple[Piece, ...] = ()
    progress: float | None = None
    veil: str | None = None
    notice: str = ""
    link: str = ""
    caption: str = ""
    is_caption_kept: bool = False
    foot: int = 0
    legend: Legend | None = None
    classes: Classes | None = None
    help: tuple[Row, ...] | None = None
    search: str | None = None
    card: tuple[Row, ...] | None = None
    tip: Tip | None = None
    frames: Frames | None = None
    controls: tuple[Control, ...] | None = None
    buttons: tuple[Button, ...] = ()
    prompt: str | None = None
    strip: tuple[Thumb, ...] | None = None
    album: tuple[Tile, ...] | None = None
    station: Station | None = None
    morph: MorphBar | None = None


@dataclass(frozen=True)
class Answer:
    """What the user did since the frame before, and what to draw (good until the next frame).

    is_taken_back: the last change was none, for it began a double click; `changes` has the value from before.
    picked: the strip's thumb that was clicked. starred: the one whose star was. visible: its first thumb that is seen,
    and the first after them.
    deeds: in the album; seen: the numbers of its tiles that are not out of sight.
    turned: where a button of a station's card leads.
    is_linked: the notice was clicked that has a link.
    key: one that a click stands for. is_card_closed: the card was clicked.
    preview: a control and the value of its open list that is looked at, and not taken. pressed: names of buttons.
    left: keys that waited for the panel, and are none of its own.
    marked: the strip's thumb that was clicked with Ctrl. slid: the place that the morph's bar was moved to.
    is_held: a key that changes values is down. refused: why what was typed does not count.
    """

    changes: dict[str, Value] = field(default_factory=dict)
    submitted: str | None = None
    cancelled: bool = False
    picked: int | None = None
    starred: int | None = None
    visible: tuple[int, int] = (0, 0)
    draw_data: Any = None
    is_taken_back: bool = False
    deeds: tuple[Deed, ...] = ()
    seen: tuple[int, ...] = ()
    turned: Turn = ""
    is_linked: bool = False
    pointed: Pointed | None = None
    key: str = ""
    is_card_closed: bool = False
    preview: tuple[str, Value] | None = None
    pressed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    is_held: bool = False
    refused: str = ""
    marked: int | None = None
    slid: float | None = None
