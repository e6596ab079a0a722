"""Where we have been: the current scene and the way back and forward.

The many scenes of one gesture (a drag, a held key) are one step. Time is handed in, never asked for.
"""

from weightscape.model.scene import Scene

LONGEST = 500
# Scenes of gestures that follow each other faster than this belong to one gesture.
GESTURE_S = 0.6


class History:
    """Hold the current scene, the scenes before it and those gone back from."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._past: list[Scene] = []
        self._future: list[Scene] = []
        self._gesture_s: float | None = None

    def go(self, scene: Scene, now_s: float, is_gesture: bool = False) -> bool:
        """Make `scene` the current one; return whether that changed anything."""
        if scene == self.scene:
            return False
        goes_on = is_gesture and self._gesture_s is not None and now_s - self._gesture_s < GESTURE_S
        if not goes_on:
            self._past = [*self._past, self.scene][-LONGEST:]
        self._gesture_s = now_s if is_gesture else None
        self._future = []
        self.scene = scene
        return True

    def replace(self, scene: Scene) -> None:
        """Exchange the current scene without a step: time that runs is no deed."""
        self.scene = scene

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
        self._gesture_s = None
        return True
