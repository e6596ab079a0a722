"""When what the pointer is at is explained, and with which words and pictures. Time is handed in, never asked for."""

import math
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from weightscape.explore.paint.artist import Artist, thumbnail
from weightscape.explore.tell.example import Example, examples
from weightscape.scene.scene import Scene
from weightscape.scene.term import explained
from weightscape.window.message import Pointed, Thumb, Tip

# The pointer rests so long before anything is explained.
REST_S = 0.4
HELP = {each.name: str(each.metadata.get("help", "")) for each in fields(Scene)}
Small = tuple[Scene, int]


class Tips:
    """Explain what the pointer rests at; `wake` is called when a small picture is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._at: Pointed | None = None
        self._cursor: tuple[float, float] = (0.0, 0.0)
        self._due_s = math.inf
        self._is_shown = self._has_news = False
        self._about: object = None
        self._examples: tuple[Example, ...] = ()
        self.artist: Artist[Small] = Artist(
            lambda small, cancelled: thumbnail(small[0], (small[1], small[1]), cancelled), self._tell
        )

    def see(self, pointed: Pointed | None, cursor: tuple[float, float], now: float) -> None:
        """Take in what the pointer is at, and where it is: what is explained stays so while it is at the same."""
        is_same = pointed is not None and self._at is not None and pointed.name == self._at.name
        if not is_same or (cursor != self._cursor and not self._is_shown):
            self._due_s, self._is_shown = (now + REST_S if pointed else math.inf), False
        self._at, self._cursor = pointed, cursor

    @property
    def is_at_something(self) -> bool:
        """Tell whether the pointer was at something with an explanation in the last frame."""
        return self._at is not None

    def dismiss(self) -> None:
        """Explain nothing until the pointer is at something else: a key was pressed."""
        self._due_s = math.inf

    def next_s(self) -> float:
        """Tell when there will be something to explain that is not explained yet."""
        return math.inf if self._is_shown else self._due_s

    def has_news(self, now: float) -> bool:
        """Tell whether another frame would show more: an explanation, or a picture that has come meanwhile."""
        news, self._has_news = self._has_news, False
        return now >= self.next_s() or (news and self._is_shown)

    def tip(self, scene: Scene, side: int, now: float, draw: Callable[[Sequence[Small]], list[int]]) -> Tip | None:
        """Make the tip that is due; `draw` tells the numbers of small pictures, `side` pixels wide, on the GPU."""
        if self._at is None or now < self._due_s:
            return None
        self._is_shown = True
        name, hint = self._at.name, self._at.hint
        text = explained(name)
        found = self._found(name, scene) if text else ()
        numbers = draw([(each, side) for _, each in found])
        pictures = tuple(Thumb(label, texture=number) for (label, _), number in zip(found, numbers, strict=True))
        field, is_value, _ = name.partition("=")
        note = hint.removeprefix(HELP.get(field, "")).lstrip("; \n") if text else hint
        return Tip(name, text, "" if text and is_value and field != "status" else note, pictures)

    def _found(self, name: str, scene: Scene) -> tuple[Example, ...]:
        """Find the examples of a word; while time runs, those of when it was asked for."""
        about = name, replace(scene, time=0.0)
        if about != self._about:
            self._about, self._examples = about, examples(name, scene)
        return self._examples

    def close(self) -> None:
        """Draw nothing any more."""
        self.artist.close()

    def _tell(self) -> None:
        self._has_news = True
        self._wake()
