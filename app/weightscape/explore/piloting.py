"""A flight of the autopilot in the window: what is seen of it now, and who looks out meanwhile. Time is handed in."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from weightscape.explore.glide import EARLY
from weightscape.explore.task.errand import Errand, Errands
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import PlaneLens
from weightscape.network.view import EXACT, MAX_RADIUS, Size, View
from weightscape.picture.scout import sight
from weightscape.scene.flight import Flight, Sight, begun
from weightscape.scene.scene import Scene
from weightscape.scene.varying import Variation

# Where the user wants less motion.
REDUCED_PACE = 1.0 / 3.0
# Pictures on the way may take so many frames, for in between the one before moves with the view; where the network
# varies, or what is seen does not move so, they take fewer.
PATIENT_FRAMES, QUICK_FRAMES = 40, 8
# How long a picture takes, in seconds of flight, is judged by the last few; it is seen between such times of that.
SMOOTH, FARTHEST_S, EARLIEST, LATEST = 0.5, 1.5, 0.6, 2.3
# A frame that was late moves no further on than this.
LONGEST_S = 0.1


class Piloting:
    """Fly, a step a frame; `wake` is called when it is known what there is to see. `gesture`: all of it is one step."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.flight: Flight | None = None
        self.gesture = ""
        self._lookout = Errands(wake)
        self._base = self._scene = Scene()
        self._size: Size = (0, 0)
        self._leg: object = None  # the last one that was told of
        self._count, self._now_s, self._due_s = 0, 0.0, 0.0
        # Seconds of flight: so far, when the last picture was asked for, and while one is painted.
        self._flown_s = self._asked_s = self._takes_s = 0.0

    @property
    def is_on(self) -> bool:
        """Tell whether a flight is under way."""
        return self.flight is not None

    def begin(self, scene: Scene, size: Size, varied: Variation, now_s: float) -> None:
        """Begin to fly through a scene that is seen in `size` pixels."""
        self.end()
        self.flight, self._base, self._scene, self._size = begun(scene, varied), scene, scene, size
        self._now_s = self._due_s = now_s
        self._leg = None
        self._flown_s = self._asked_s = self._takes_s = 0.0
        self._count += 1
        self.gesture = f"flight {self._count}"

    def advance(self, now_s: float, frame_s: float, is_reduced: bool = False) -> Scene | None:
        """Fly on to now; tell the scene there, None before the next frame is due. Raises what looking out raises."""
        assert self.flight
        if now_s < self._due_s:
            return None
        step_s, self._now_s, self._due_s = min(now_s - self._now_s, LONGEST_S), now_s, now_s + EARLY * frame_s
        told = self._lookout.fetch(0)
        if told:
            told()
        if self.flight.asked and not self._lookout.name:
            self._send(self.flight)
        step_s *= REDUCED_PACE if is_reduced else 1.0
        self._flown_s += step_s
        self.flight = self.flight.after(step_s) if step_s > 0.0 else self.flight
        self._scene = self.flight.scene(self._base)
        return self._scene

    @property
    def is_new_leg(self) -> bool:
        """Tell, once of each leg, whether the flight leads elsewhere than before."""
        leg = self.flight and (self.flight.goal, self.flight.is_rising)
        is_new, self._leg = leg != self._leg, leg
        return is_new

    def toggle(self, name: str) -> bool:
        """Let time or weights vary, or no longer; tell whether they do now."""
        assert self.flight
        self.flight = self.flight.varying(name)
        return name in self.flight.varied.running

    def painted(self, scene: Scene) -> tuple[Scene, int]:
        """Tell the scene that is to be painted next, and in how many frames.

        A flat picture moves with the view: it is painted for where that will be once it is seen, judged by how far the
        flight came during the last ones, and so wide that it covers all until the next one is.
        """
        assert self.flight
        if not isinstance(lens(scene), PlaneLens):
            return scene, QUICK_FRAMES
        came_s, self._asked_s = min(self._flown_s - self._asked_s, FARTHEST_S), self._flown_s
        self._takes_s += SMOOTH * (came_s - self._takes_s)
        wide = self.flight.after(EARLIEST * self._takes_s).view if self._takes_s else self.flight.view
        for passed in (1.0, LATEST):
            wide = covering(wide, self.flight.after(passed * self._takes_s).view) if self._takes_s else wide
        return scene.looking(wide), QUICK_FRAMES if self.flight.varied.is_on else PATIENT_FRAMES

    def rest(self, now_s: float) -> None:
        """Stand still until now: nobody looks."""
        self._now_s = now_s

    def wait_s(self, now_s: float) -> float:
        """Tell how long to wait for the next frame."""
        return max(self._due_s - now_s, 0.0)

    def meet(self, scene: Scene) -> None:
        """Take in what is seen now: another deed has ended a flight that this is no scene of."""
        if scene != self._scene:
            self.end()

    def end(self) -> None:
        """Be over; what is seen stays."""
        self.flight = None
        self._lookout.cancel()

    def _send(self, flight: Flight) -> None:
        assert flight.asked
        look = partial(sight, flight.scene(self._base), flight.asked, self._size, "auto")
        self._lookout.send(Errand("looking out", look, self._hear, 0))

    def _hear(self, found: Sight) -> None:
        assert self.flight
        self.flight = self.flight.told(found)


def covering(view: View, other: View) -> View:
    """Widen a view until its picture, of any shape, covers another view's as well."""
    way = math.hypot(*(float(EXACT.subtract(p, q)) for p, q in zip(view.center, other.center, strict=True)))
    return replace(view, radius=min(max(view.radius, other.radius + way), MAX_RADIUS))
