"""The strip of all steps: small pictures of where we have been, newest right, with what each deed was in words."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

from weightscape.explore.keep.history import History
from weightscape.explore.paint.artist import Artist, Thumbnail, thumbnail
from weightscape.explore.paint.thumbs import Thumbs
from weightscape.explore.tell.deed import deed, label
from weightscape.picture.network_memory import widths
from weightscape.scene.colour import moves
from weightscape.scene.scene import Scene
from weightscape.window.message import Thumb

THUMB_PX = 96
FIRST = "the first"
# Of large networks pictures have fewer and larger pixels, to be there in a second or two; multiplications of one.
WORK, FEWEST_PX = 2.5e9, 12
# Steps beside those that are seen whose pictures are drawn, too: they are scrolled to next.
BESIDE = 3
# While time runs there is another picture so often a turn.
PER_TURN = 12


class Stars(Protocol):
    """The scenes that the user wants to keep."""

    def is_starred(self, scene: Scene) -> bool: ...
    def toggle(self, scene: Scene) -> None: ...


class Past:
    """Make the strip's thumbs; `wake` is called when a picture is there, `keep` and `drop` hold them on the GPU."""

    def __init__(
        self, wake: Callable[[], None], keep: Callable[[Thumbnail], int], drop: Callable[[int], object], stars: Stars
    ) -> None:
        self._artist: Artist[Scene] = Artist(_drawn, wake)
        self._pictures = Thumbs(self._artist, keep, drop)
        self.stars = stars
        self._last = 0, 0  # the current place, and the picture that was seen there

    def thumbs(
        self, history: History, visible: range, number: Callable[[Scene], int] = lambda _: 0
    ) -> tuple[Thumb, ...]:
        """Make a thumb for each step; only those that are visible have words, and only they are drawn.

        `number`: of the mark that a scene has for a morph.
        """
        wanted = range(max(visible.start - BESIDE, 0), min(visible.stop + BESIDE, len(history.steps)))
        nearest = sorted(wanted, key=lambda n: (n not in visible, abs(n - history.place)))
        scenes = [_subject(history.steps[n].scene) for n in nearest]
        pictures = dict(zip(nearest, self._pictures.of(scenes), strict=True))
        # While a hand moves the current picture, the one before it stays until the new one is there.
        place, picture = self._last
        self._last = history.place, pictures.get(history.place) or (picture if place == history.place else 0)
        pictures[history.place] = self._last[1]
        scenes = [step.scene for step in history.steps]
        return tuple(
            Thumb(
                *_words(history, n),
                pictures[n],
                n == history.place,
                self.stars.is_starred(scenes[n]),
                number(scenes[n]),
            )
            if n in visible
            else Thumb(is_current=n == history.place)
            for n in range(len(history.steps))
        )

    def close(self) -> None:
        """Stop drawing."""
        self._artist.close()


def _words(history: History, n: int) -> tuple[str, str]:
    """Name a step, and say what its deed was."""
    steps = history.steps
    return (label(*steps[n - 1 : n + 1]), deed(*steps[n - 1 : n + 1])) if n else (FIRST, "")


def _subject(scene: Scene) -> Scene:
    """Tell what is drawn for a step: time that runs brings no new picture with every frame."""
    return replace(scene, time=round(scene.time * PER_TURN) / PER_TURN) if moves(scene) else scene


def _drawn(scene: Scene, cancelled: Callable[[], bool]) -> Thumbnail:
    side, work = THUMB_PX, sum(a * b for a, b in pairwise(widths(scene)))
    while side > FEWEST_PX and side * side * work > WORK:
        side //= 2
    pixels = thumbnail(scene, (side, side), cancelled)
    return pixels.repeat(THUMB_PX // side, axis=0).repeat(THUMB_PX // side, axis=1)
