"""Where we have been: the current scene and the way back and forward.

The many scenes of one gesture are one step: a drag or a held key, from press to release, or a wheel's quick turns.
Time is handed in, never asked for.
"""

from collections.abc import Callable

from weightscape.scene.scene import Scene

LONGEST = 500
# A gesture without a release, such as the wheel's, goes on with what follows faster than this.
GESTURE_S = 0.6


class History:
    """Hold the current scene, the scenes before it and those gone back from."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.deeds = 0  # how often it became another one, but for time that runs
        self._past: list[Scene] = []
        self._future: list[Scene] = []
        self._gesture, self._gesture_s = "", 0.0

    def go(self, scene: Scene, now_s: float, gesture: str = "", is_held: bool = False) -> bool:
        """Make `scene` the current one; return whether that changed anything.

        Scenes of one `gesture` (any name; "": none) are one step, however slow where a hand holds on to it
        (`is_held`), else where they follow each other fast.
        """
        if scene == self.scene:
            return False
        goes_on = gesture != "" and gesture == self._gesture and (is_held or now_s - self._gesture_s < GESTURE_S)
        if not goes_on:
            self._past = [*self._past, self.scene][-LONGEST:]
        self._gesture, self._gesture_s = gesture, now_s
        self._future = []
        self.scene = scene
        self.deeds += 1
        return True

    def replace(self, scene: Scene) -> None:
        """Exchange the current scene without a step: time that runs is no deed."""
        self.scene = scene

    def last(self, is_wanted: Callable[[Scene], bool]) -> Scene | None:
        """Find the latest scene of a kind, the current one or one gone by."""
        return next((scene for scene in (self.scene, *reversed(self._past)) if is_wanted(scene)), None)

    def forget(self) -> None:
        """Go back as if the last step had never been."""
        if self._past:
            self.scene, self._gesture = self._past.pop(), ""
            self.deeds += 1

    def back(self) -> bool:
        """Go back a step, if there is one."""
        return self._move(self._past, self._future)

    def forward(self) -> bool:
        """Go forward again, if there is a way."""
        return self._move(self._future, self._past)

    def _move(self, source: list[Scene], target: list[Scene]) -> bool:
        if not source:
            return False
        target.append(self.scene)
        self.scene = source.pop()
        self._gesture = ""
        self.deeds += 1
        return True
