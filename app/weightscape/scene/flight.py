"""The autopilot's laws of flight: from a flight and some seconds to the flight after them. Renders nothing.

The centre follows its goal, and the zoom its pace, as critically damped springs do, so that neither ever jumps:
window and film fly by these laws alone. What there is to see it is told: `asked` is the view that it wants a Sight of.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from weightscape.network.view import EXACT, MAX_RADIUS, MIN_RADIUS, Point, Point2, View, moved, trimmed
from weightscape.scene.scene import Scene
from weightscape.scene.varying import STILL, Variation

# The picture grows twofold in so many seconds; on the way back it shrinks twofold in so many.
TWOFOLD_IN_S, TWOFOLD_OUT_S = 3.2, 1.8
# From however deep, the way back takes about so long; but so many doublings a second are the most.
WAY_BACK_S, MOST_DOUBLINGS = 12.0, 3.0
# Velocities follow what they should be within about so many seconds; the springs are damped critically with it.
LAG_S = 0.8
# The centre goes no faster, in radii a second: half of that in heights of the picture.
TOP_SPEED = 0.45
# At so many radii from the goal the zoom has half its pace.
HALF_PACE = 0.7
# The laws are followed in steps no longer than this.
STEP_S = 1.0 / 60.0
# A look is due after so much zoom, or so many seconds; a quicker one where the network varies.
LOOK_ZOOM, LOOK_S, LOOK_VARIED_S = math.log(1.6), 3.0, 1.5
# Goals lie no farther from the centre, in radii; nearer ones are liked better, and those ahead.
REACH, LIKED_REACH, LIKED_AHEAD, LIKED_AGAIN, AGAIN = 0.85, 0.6, 0.3, 1.3, 0.25
# At the top, where the flight begins and comes back to, all that home shows is within reach, what is nearer rather.
TOP_LIKED = 1.2
# Detail: how far colours (0..1) are from a plain gradient. More than ENOUGH is no better; below FLAT, and below a part
# of what home has, there is nothing to fly to. What has less than NOTHING is flat from everywhere.
ENOUGH, FLAT, LESS, NOTHING = 0.12, 0.035, 0.35, 0.002
# A place that was flown to is kept clear of by so many radii of home, as long as it is among the last ones.
CLEAR, REMEMBERED = 0.7, 12
# Pictures whose colours (0..1) differ by less, root mean square, are alike: some places look the same from however
# near, and it turns back from one that has looked alike since the radius was so many times as large.
ALIKE, LONG_ALIKE = 0.06, 3.5
# So near home, in logarithms of the radius, the way back is done.
NEAR_HOME = 0.4
# Where home is flat it is looked from farther away, in so many times the radius.
WIDER, WIDEST = 4.0, 64.0


@dataclass(frozen=True)
class Spot:
    """Say how much detail there is at a place: offset from the view's centre in radii, along the plane's axes."""

    offset: Point2
    detail: float


@dataclass(frozen=True)
class Sight:
    """Hold what is seen from a view: its spots, and whether numbers end soon below it (`is_end`).

    `colours` (0..1) are those of a very small picture, as many of each; none are like no others.
    """

    spots: tuple[Spot, ...] = ()
    is_end: bool = False
    colours: tuple[float, ...] = ()


@dataclass(frozen=True)
class Flight:
    """Fly from `home`: where the view is, how fast it goes, and where to.

    `velocity` in radii a second along the plane's axes, `rate` of the radius' logarithm a second; `goal` is None
    on the way back. `asked`: the view whose Sight is waited for. `is_lost`: there is nothing to see anywhere.
    """

    home: View
    view: View
    asked: View | None
    velocity: Point2 = (0.0, 0.0)
    rate: float = 0.0
    goal: Point | None = None
    heading: Point2 = (0.0, 0.0)
    is_rising: bool = False
    is_lost: bool = False
    flat: float = FLAT
    visited: tuple[Point, ...] = ()
    varied: Variation = STILL
    _looked: float = 0.0  # logarithm of the radius at the last look
    _since_s: float = 0.0
    # The first one of the pictures that have been alike until now, and the radius then.
    _alike: tuple[float, ...] = ()
    _alike_radius: float = 0.0

    def scene(self, base: Scene) -> Scene:
        """Make the scene that is seen now of the one that the flight began with."""
        return self.varied.scene(base).looking(self.view)

    def told(self, sight: Sight) -> "Flight":
        """Take in what is seen from the view that was asked for."""
        assert self.asked
        seen, now = self.asked, replace(self, asked=None, _looked=math.log(self.view.radius), _since_s=0.0)
        if now._is_new:
            return now._begun(seen, sight)
        if _difference(self._alike, sight.colours) >= ALIKE:
            now = replace(now, _alike=sight.colours, _alike_radius=seen.radius)
        if not self.is_top and (sight.is_end or now._alike_radius > LONG_ALIKE * seen.radius):
            return now._turned()
        return now._aimed(seen, sight.spots)

    def after(self, seconds: float) -> "Flight":
        """Fly on for so many seconds."""
        steps = max(math.ceil(seconds / STEP_S - 1e-9), 1)
        flight = self
        for _ in range(steps):
            flight = flight._stepped(seconds / steps)
        return flight._looking(seconds)

    def varying(self, name: str) -> "Flight":
        """Let time or weights vary from now on, or no longer."""
        return replace(self, varied=self.varied.toggled(name))

    @property
    def is_top(self) -> bool:
        """Tell whether the flight is where it chooses among all places: at home, with no goal."""
        return self.goal is None and not self.is_rising

    @property
    def offset(self) -> Point2:
        """Tell how far the goal is from the centre, in radii along the plane's axes."""
        return self._to(self.goal) if self.goal else (0.0, 0.0)

    @property
    def _is_new(self) -> bool:
        return self.is_top and not self.visited and self.rate == 0.0

    def _to(self, point: Point) -> Point2:
        x, y = (float(EXACT.subtract(p, c)) / self.view.radius for p, c in zip(point, self.view.center, strict=True))
        return x, y

    def _begun(self, seen: View, sight: Sight) -> "Flight":
        """Choose the first goal; where all is flat, look from farther away."""
        best = max((each.detail for each in sight.spots), default=0.0)
        if best >= NOTHING and not sight.is_end:
            chosen = replace(self, home=seen, flat=min(FLAT, LESS * best))
            if seen == self.view:
                return chosen._aimed(seen, sight.spots)
            return replace(chosen, is_rising=True)
        wider = seen.radius * WIDER
        if wider > self.view.radius * WIDEST or wider > MAX_RADIUS:
            return replace(self, is_lost=True)
        return replace(self, asked=replace(seen, radius=wider))

    def _turned(self) -> "Flight":
        """Turn back, and remember the place."""
        return replace(
            self, goal=None, is_rising=True, visited=(*self.visited, self.view.center)[-REMEMBERED:], _alike=()
        )

    def _aimed(self, seen: View, spots: Iterable[Spot]) -> "Flight":
        """Choose a goal among spots; where none is left turn back, or, at the top, forget visits, or go home."""
        liked = [(self._liking(point, spot.detail), point) for spot in spots for point in [_at(seen, spot.offset)]]
        liking, point = max(liked, key=lambda each: each[0], default=(0.0, seen.center))
        if liking > 0.0:
            x, y = self._to(point)
            far = math.hypot(x, y) or 1.0
            return replace(self, goal=point, heading=(x / far, y / far))
        if not self.is_top:
            return self._turned()
        if len(self.visited) > 1:
            return replace(self, visited=self.visited[-1:])._aimed(seen, spots)
        return replace(self, visited=(), goal=self.home.center)

    def _liking(self, point: Point, detail: float) -> float:
        """Tell how gladly it is flown to a point, 0 for never."""
        if detail < self.flat:
            return 0.0
        x, y = self._to(point)
        far, value = math.hypot(x, y), min(detail, ENOUGH) ** 2
        if self.is_top:
            part = self.view.radius / self.home.radius
            is_clear = all(part * math.dist((x, y), self._to(place)) > CLEAR for place in self.visited)
            return value * math.exp(-((part * far / TOP_LIKED) ** 2) / 2.0) if is_clear else 0.0
        if far > REACH:
            return 0.0
        ahead = (x * self.heading[0] + y * self.heading[1]) / (far or 1.0)
        again = LIKED_AGAIN if self.goal and math.dist((x, y), self.offset) < AGAIN else 1.0
        return value * math.exp(-((far / LIKED_REACH) ** 2) / 2.0) * (1.0 + LIKED_AHEAD * ahead) * again

    def _stepped(self, seconds: float) -> "Flight":
        """Follow the laws for a short step."""
        gain = 1.0 - math.exp(-seconds / LAG_S)
        wanted, rate = self._wanted()
        vx, vy = (v + gain * (w - v) for v, w in zip(self.velocity, wanted, strict=True))
        rate = self.rate + gain * (rate - self.rate)
        radius = self.view.radius
        center = moved(self.view.center, (radius * vx * seconds, radius * vy * seconds))
        radius = min(max(radius * math.exp(rate * seconds), MIN_RADIUS), MAX_RADIUS)
        view = View(trimmed(center, radius), radius, self.view.angle)
        flight = replace(self, view=view, velocity=(vx, vy), rate=rate)
        if self.is_rising and math.log(self.home.radius / radius) < NEAR_HOME:
            flight = replace(flight, is_rising=False, asked=self.home)
        # What varies is seen to move as quickly however small a part of it is seen.
        part = min(radius / self.home.radius, 1.0)
        return replace(flight, varied=self.varied.after(seconds, part)) if self.varied is not STILL else flight

    def _wanted(self) -> tuple[Point2, float]:
        """Tell velocity and rate that the springs pull to."""
        left = math.log(self.home.radius / self.view.radius)
        if self.goal is None:
            quickest = max(math.log(2.0) / TWOFOLD_OUT_S, min(left / WAY_BACK_S, MOST_DOUBLINGS * math.log(2.0)))
            rate = min(left / (4.0 * LAG_S), quickest) if self.is_rising or left > 0.0 else 0.0
            return (0.0, 0.0), rate
        x, y = self.offset
        far = math.hypot(x, y)
        inward = math.log(2.0) / TWOFOLD_IN_S
        # Critical for d'' = (g d' ...): what is off the centre flies off with the zoom g, which the pull makes up for.
        pull = inward + (1.0 / LAG_S - inward) ** 2 * LAG_S / 4.0
        speed = min(pull, TOP_SPEED / far) if far else pull
        return (speed * x, speed * y), -inward / (1.0 + (far / HALF_PACE) ** 2)

    def _looking(self, seconds: float) -> "Flight":
        """Ask for a look where one is due."""
        since = self._since_s + seconds
        due_s = LOOK_VARIED_S if self.varied.is_on else LOOK_S
        is_due = since >= due_s or abs(math.log(self.view.radius) - self._looked) >= LOOK_ZOOM
        is_on_its_way = math.hypot(*self.offset) > REACH  # what is to be seen there is not within reach yet
        if self.asked or self.is_rising or self.is_lost or is_on_its_way or not is_due:
            return replace(self, _since_s=since)
        return replace(self, asked=self.view, _since_s=since)


def begun(scene: Scene, varied: Variation = STILL) -> Flight:
    """Begin at a scene's view."""
    return Flight(scene.view, scene.view, scene.view, varied=varied, _looked=math.log(scene.radius))


def _at(seen: View, offset: Point2) -> Point:
    return trimmed(moved(seen.center, (seen.radius * offset[0], seen.radius * offset[1])), seen.radius)


def _difference(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Tell the root mean square of what colours differ by; those of no picture differ without end."""
    return math.dist(one, other) / math.sqrt(len(one)) if one and len(one) == len(other) else math.inf
