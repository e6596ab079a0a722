"""Views that glide: what is seen is eased from where it is to where the scene already stands. Time is handed in."""

import math
from dataclasses import dataclass
from decimal import Decimal

from weightscape.network.view import EXACT, View, rotate, trimmed

# Between views farther apart than this no eye can follow: times the radius, and in radii of the larger view.
FARTHEST, FARTHEST_PAN = 1000.0, 4.0
ALIKE = 1e-6  # radii that differ by less are the same
# Views follow each other after so much of a frame: a screen that is a little early is not waited for once more.
EARLY = 0.8
# A steady way that begins so soon after the one before goes on where that ended.
JOINED_S = 0.1


@dataclass(frozen=True)
class Pace:
    """Say in how many seconds a view glides: eased to its end, or steadily."""

    seconds: float
    is_steady: bool = False

    def share(self, passed_s: float) -> float:
        """Tell how much of the way is done after so many seconds, 0..1."""
        part = min(max(passed_s / self.seconds, 0.0), 1.0)
        return part if self.is_steady else 1.0 - (1.0 - part) ** 3


# A step; and one of those that a held key makes.
EASED, STEADY = Pace(0.12), Pace(0.15, is_steady=True)


def between(start: View, goal: View, share: float) -> View:
    """Tell the view after a share (0..1) of the way.

    The radius is multiplied evenly, and the centre goes as the radius does: a point that both views show at one place
    stays there all the way.
    """
    if share >= 1.0:
        return goal
    radius = math.exp((1.0 - share) * math.log(start.radius) + share * math.log(goal.radius))
    is_zoom = not math.isclose(start.radius, goal.radius, rel_tol=ALIKE)
    part = Decimal((radius - start.radius) / (goal.radius - start.radius) if is_zoom else share)
    x, y = (
        EXACT.add(p, EXACT.multiply(part, EXACT.subtract(q, p))) for p, q in zip(start.center, goal.center, strict=True)
    )
    turned = (goal.angle - start.angle + 180.0) % 360.0 - 180.0
    return rotate(View(trimmed((x, y), radius), radius, start.angle), share * turned)


def is_near(start: View, goal: View) -> bool:
    """Tell whether an eye can follow from one view to the other."""
    large = max(start.radius, goal.radius)
    way = max(abs(float(EXACT.subtract(p, q))) for p, q in zip(start.center, goal.center, strict=True))
    return large <= FARTHEST * min(start.radius, goal.radius) and way <= FARTHEST_PAN * large


class Glide:
    """Hold the view that is seen on the way; None where the picture stands. `is_reduced`: everything jumps at once."""

    def __init__(self, is_reduced: bool = False) -> None:
        self.view: View | None = None
        self.is_ahead = False  # whether the picture of the goal is asked for already, and none on the way
        self.is_reduced = is_reduced
        self._start = self._goal = View()
        self._pace, self._frame_s = EASED, 0.0
        self._begun_s, self._ends_s, self._due_s = 0.0, -math.inf, 0.0

    @property
    def is_on(self) -> bool:
        """Tell whether a view is on its way."""
        return self.view is not None

    @property
    def is_inward(self) -> bool:
        """Tell whether the way leads into the picture: what is seen at its start shows all that follows."""
        return self._goal.radius < self._start.radius

    @property
    def holds(self) -> bool:
        """Tell whether the goal's picture has to wait: the old one still covers the window, and is finer."""
        return self.is_on and self.is_ahead and self.is_inward

    def begin(self, start: View, goal: View, pace: Pace, now_s: float, frame_s: float) -> bool:
        """Set out, a view a frame and the first one now; tell whether there is a way to glide."""
        self.end()
        if self.is_reduced or start == goal or not is_near(start, goal):
            return False
        goes_on = pace.is_steady and now_s - self._ends_s < JOINED_S
        self._begun_s = self._ends_s if goes_on else now_s - frame_s  # the first frame moves
        self._ends_s = self._begun_s + pace.seconds
        self._start, self._goal, self._pace = start, goal, pace
        self.is_ahead = False
        self.view, self._due_s, self._frame_s = start, 0.0, EARLY * frame_s
        return True

    def advance(self, now_s: float) -> bool:
        """Go on to where the view is by now; tell whether it has arrived, where it stands."""
        if self.view is None or (now_s < self._due_s and now_s < self._ends_s):
            return False
        self._due_s = now_s + self._frame_s
        self.view = between(self._start, self._goal, self._pace.share(now_s - self._begun_s))
        if now_s >= self._ends_s:
            self.view = None
        return self.view is None

    def wait_s(self, now_s: float) -> float:
        """Tell how long to wait for the next view."""
        return max(min(self._due_s, self._ends_s) - now_s, 0.0)

    def end(self) -> None:
        """Stand at the goal."""
        self.view = None
