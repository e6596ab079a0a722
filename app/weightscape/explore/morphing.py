"""A morph in the window: what is marked for one, how far it has come, and what is seen there. Time is handed in."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from weightscape.explore.keep.history import History, Step
from weightscape.publish.bookmark import Bookmark
from weightscape.publish.gallery import Listed
from weightscape.scene.morph import Morph, Way
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

# From one scene to the next.
WAY_S = 4.0
FPS = 30

Item = Listed | Bookmark | Scene


class Marks:
    """Hold what is marked, in the order of the marks; scenes that differ in their time alone are one."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def toggle(self, item: Item) -> None:
        """Mark what is not, or take its mark away."""
        number = self.number(item)
        if number:
            del self.items[number - 1]
        else:
            self.items.append(item)

    def number(self, item: Item) -> int:
        """Tell which mark, counted from 1, an item has; 0 for none."""
        if not self.items:
            return 0
        wanted = _still(item)
        return next((n for n, each in enumerate(self.items, 1) if _still(each) == wanted), 0)

    @property
    def told(self) -> str:
        """Say how many are marked, and what can be done with them."""
        count = len(self.items)
        if count < 2:
            return "1 marked: Ctrl+M morphs from what is seen to it" if count else "nothing is marked any more"
        return f"{count} marked: Ctrl+M morphs between them"


def name_of(item: Item) -> str:
    """Name what is marked: of a step what tells it from others of its shape."""
    if isinstance(item, Scene):
        return base_name(item.weights) or f"seed {item.seed}"
    return item.name


def check_ways(scenes: Iterable[Scene], names: Iterable[str]) -> None:
    """Refuse scenes between which there is no way, by name. Raises SceneError."""
    for (a, first), (b, second) in pairwise(zip(scenes, names, strict=True)):
        try:
            Way(a, b)
        except SceneError as error:
            raise SceneError(error.field, f"no morph from {first} to {second}: {error.reason}") from None


class Morphing:
    """Hold a morph that is looked at: `moment` 0..1, whether it plays, and the scene that is seen of it."""

    def __init__(self) -> None:
        self.morph: Morph | None = None
        self.names: tuple[str, ...] = ()
        self.moment, self.is_playing = 0.0, False
        self.gesture = ""  # under which all of its scenes are one step
        self._scene: Scene | None = None
        self._left: tuple[tuple[Step, ...], int] = (), 0
        self._count = 0

    @property
    def is_on(self) -> bool:
        """Tell whether a morph is seen."""
        return self.morph is not None

    def begin(self, morph: Morph, names: tuple[str, ...], history: History, plays: bool) -> Scene:
        """Begin a morph; return its first scene."""
        self.morph, self.names, self.is_playing = morph, names, plays
        self._left, self._count = (tuple(history.steps), history.place), self._count + 1
        self.gesture = f"morph {self._count}"
        return self.go(0.0)

    def go(self, moment: float) -> Scene:
        """Go to a moment; return its scene."""
        assert self.morph
        self.moment = min(max(moment, 0.0), 1.0)
        self._scene = self.morph.seen(self.moment)
        return self._scene

    def advance(self, step_s: float) -> Scene:
        """Play on for so many seconds; a morph that is no loop stops at its end."""
        assert self.morph
        moment = self.moment + step_s / (WAY_S * len(self.morph.ways))
        self.is_playing = self.morph.loop or moment < 1.0
        return self.go(moment % 1.0 if self.morph.loop else moment)

    def play(self) -> None:
        """Play, from the beginning where the end is reached; or stop."""
        self.is_playing = not self.is_playing
        if self.is_playing and self.moment >= 1.0:
            self.moment = 0.0

    def toggle_loop(self) -> Scene:
        """Lead back to the first scene, or end at the last one; stay where we are. Raises SceneError."""
        assert self.morph
        done, self.morph = self.moment * len(self.morph.ways), replace(self.morph, loop=not self.morph.loop)
        return self.go(done / len(self.morph.ways))

    def film(self) -> Morph:
        """Make the whole of it, at a film's pace."""
        assert self.morph
        return replace(self.morph, frames=round(FPS * WAY_S * len(self.morph.ways)))

    def meet(self, scene: Scene) -> None:
        """Take in what is seen now: another deed has ended a morph that this is no scene of."""
        if scene != self._scene:
            self.end()

    def end(self) -> None:
        """Be over; what is seen stays."""
        self.morph, self._scene, self.is_playing = None, None, False

    def left(self) -> tuple[tuple[Step, ...], int]:
        """Be over; tell the steps from before, and the place among them."""
        self.end()
        return self._left


def _still(item: Item) -> Item:
    return replace(item, time=0.0) if isinstance(item, Scene) else item
