"""Waiting for a picture: whether what is on the screen is still another one's, and for how long. Time is handed in."""

import math
from dataclasses import replace

from weightscape.network.view import View
from weightscape.scene.scene import Scene

# A picture that is so late is told to be on its way, and the one before stands back.
LATE_S = 0.15


class Waiting:
    """Remember what is on the screen, what was asked for, and when."""

    def __init__(self) -> None:
        self._seen: Scene | None = None
        self._asked: Scene | None = None
        self._asked_s = 0.0

    def ask(self, scene: Scene, now_s: float) -> None:
        """Begin to wait for a scene; of wishes that follow each other the first one not met counts."""
        if not self.is_on:
            self._asked_s = now_s
        self._asked = look(scene)

    def see(self, scene: Scene, now_s: float) -> None:
        """Take in what is on the screen; something new is worth a little more patience."""
        seen = look(scene)
        if seen != self._seen:
            self._seen, self._asked_s = seen, now_s

    def end(self) -> None:
        """Wait no longer: nothing will come."""
        self._asked = None

    @property
    def is_on(self) -> bool:
        """Tell whether another network or lens is seen than was asked for."""
        return self._asked is not None and self._seen is not None and self._seen != self._asked

    def next_s(self, now_s: float) -> float:
        """Tell when what is waited for will be late; never where it is already, or nothing is waited for."""
        return self._asked_s + LATE_S if self.is_on and not self.is_late(now_s) else math.inf

    def is_late(self, now_s: float) -> bool:
        """Tell whether the picture should be there by now."""
        return self.is_on and now_s >= self._asked_s + LATE_S


def look(scene: Scene) -> Scene:
    """Tell what is seen of a scene, whatever the view, the time and the cursor."""
    return replace(scene.looking(View()), time=0.0, probe=(0.0, 0.0))
