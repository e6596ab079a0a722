"""Where we have been: the step that we are at, those before it and those gone back from.

A step is what a deed leaves behind: a scene, and what is open or stands still. The many scenes of one gesture are one
step: a drag or a held key, from press to release, or a wheel's quick turns. Time is handed in, never asked for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from weightscape.scene.scene import Scene

LONGEST = 500
# A gesture without a release, such as the wheel's, goes on with what follows faster than this.
GESTURE_S = 0.6


@dataclass(frozen=True)
class Step:
    """Hold all that can be gone back to. `bred`: "child", or "cross of ... and ...", of a scene bred from the last."""

    scene: Scene
    is_paused: bool = False
    is_paneled: bool = False
    bred: str = ""


class History:
    """Hold the steps, oldest first, and the place of the current one among them."""

    def __init__(self, scene: Scene) -> None:
        self.steps, self.place = [Step(scene)], 0
        self.deeds = 0  # how often the scene became another one, but for time that runs and for the cursor
        self.edition = 0  # how often anything did, but for time that runs
        self._gesture, self._gesture_s = "", 0.0

    @property
    def step(self) -> Step:
        """Tell the current step."""
        return self.steps[self.place]

    @property
    def scene(self) -> Scene:
        """Tell the current scene."""
        return self.step.scene

    def go(self, scene: Scene, now_s: float, gesture: str = "", is_held: bool = False) -> bool:
        """Make `scene` the current one, as `do` does."""
        return self.do(replace(self.step, scene=scene, bred=""), now_s, gesture, is_held)

    def do(self, step: Step, now_s: float, gesture: str = "", is_held: bool = False) -> bool:
        """Make `step` the current one; return whether that changed anything.

        Steps of one `gesture` (any name; "": none) are one, however slow where a hand holds on to it (`is_held`),
        else where they follow each other fast.
        """
        if step == self.step:
            return False
        goes_on = gesture != "" and gesture == self._gesture and (is_held or now_s - self._gesture_s < GESTURE_S)
        self.deeds += step.scene != self.scene
        self.steps[self.place + (not goes_on) :] = [step]
        self.steps = self.steps[-LONGEST - 1 :]
        self.place = len(self.steps) - 1
        self._gesture, self._gesture_s = gesture, now_s
        self.edition += 1
        return True

    def follow(self, scene: Scene) -> None:
        """Take in where the cursor leads a lens: one step as long as nothing else is done.

        After going back it is none: a mouse that is touched does not cut off the way forward.
        """
        deeds = self.deeds
        if self.place < len(self.steps) - 1:
            self.replace(scene)
        else:
            self.go(scene, 0.0, "cursor", is_held=True)
        self.deeds = deeds

    def replace(self, scene: Scene) -> None:
        """Exchange the current scene without a step: time that runs is no deed."""
        self.steps[self.place] = replace(self.step, scene=scene)

    def last(self, is_wanted: Callable[[Scene], bool]) -> Scene | None:
        """Find the latest scene of a kind, the current one or one gone by."""
        return next((step.scene for step in self.steps[self.place :: -1] if is_wanted(step.scene)), None)

    def forget(self) -> None:
        """Go back as if the last step had never been."""
        if self.jump(self.place - 1):
            del self.steps[self.place + 1]

    def back(self) -> bool:
        """Go back a step, if there is one."""
        return self.jump(self.place - 1)

    def forward(self) -> bool:
        """Go forward again, if there is a way."""
        return self.jump(self.place + 1)

    def jump(self, place: int) -> bool:
        """Go to a step, wherever it is among the others; return whether there is such a one, another than this."""
        if place == self.place or not 0 <= place < len(self.steps):
            return False
        self.deeds += self.steps[place].scene != self.scene
        self.place, self._gesture = place, ""
        self.edition += 1
        return True

    @property
    def is_last(self) -> bool:
        """Tell whether there is no step to go forward to."""
        return self.place == len(self.steps) - 1

    def withdraw(self, steps: Iterable[Step], place: int) -> bool:
        """Go back to steps from before, and to the place among them, as if nothing had been since."""
        before = self.scene
        self.restore(steps, place)
        self.deeds += self.scene != before
        self.edition += 1
        return True

    def append(self, step: Step) -> None:
        """Add a step at the end, and stay where we are."""
        gone = max(len(self.steps) - LONGEST, 0)
        if self.place >= gone:
            self.steps, self.place = [*self.steps[gone:], step], self.place - gone
            self.edition += 1

    def drop(self, is_gone: Callable[[Step], bool]) -> None:
        """Leave out steps that can be shown no more, but not the current one."""
        before = sum(not is_gone(step) for step in self.steps[: self.place])
        self.steps = [step for n, step in enumerate(self.steps) if n == self.place or not is_gone(step)]
        self.place = before
        self.edition += 1

    def restore(self, steps: Iterable[Step], place: int) -> None:
        """Take up steps from before, at one of them."""
        self.steps, self.place, self._gesture = list(steps), place, ""
