"""The autopilot's laws, by numbers and without a picture: smooth, never lost, back from what is flat, repeatable."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from weightscape.network.view import EXACT, View
from weightscape.scene.flight import (
    CLEAR,
    FLAT,
    LAG_S,
    LONG_ALIKE,
    MOST_DOUBLINGS,
    TOP_SPEED,
    TWOFOLD_IN_S,
    TWOFOLD_OUT_S,
    WIDER,
    Flight,
    Sight,
    Spot,
    begun,
)
from weightscape.scene.mix import point
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.varying import FARTHEST_DEGREES, Variation, check_varied

FPS = 30
Look = Callable[[View], Sight]
STEPS = [n / 4.0 for n in range(-5, 6)]


def rich_above(radius: float) -> Look:
    """Look at a plane with detail everywhere, most of it up and to the right, down to a radius."""

    def look(view: View) -> Sight:
        detail = 0.1 if view.radius > radius else 0.0
        return Sight(tuple(Spot((x, y), detail * (1.0 + 0.1 * x + 0.05 * y)) for x in STEPS for y in STEPS))

    return look


def flown(look: Look, seconds: float, scene: Scene | None = None, varied: Variation | None = None) -> list[Flight]:
    flight = begun(scene or Scene(), varied or Variation())
    flights = []
    for _ in range(round(seconds * FPS)):
        while flight.asked:
            flight = flight.told(look(flight.asked))
        flights.append(flight)
        flight = flight.after(1.0 / FPS)
    return flights


def test_no_frame_jumps() -> None:
    """Bounds follow from the springs: a velocity changes by no more than its own range in LAG_S."""
    flights = flown(rich_above(0.02), 120.0)
    quickest = math.log(2.0) * MOST_DOUBLINGS
    assert max(math.hypot(*each.velocity) for each in flights) <= TOP_SPEED + 1e-9
    for one, other in pairwise(flights):
        assert abs(other.rate - one.rate) <= (math.log(2.0) / TWOFOLD_IN_S + quickest) / LAG_S / FPS
        assert math.dist(one.velocity, other.velocity) <= 2.0 * TOP_SPEED / LAG_S / FPS + 1e-9
        way = math.hypot(
            *(float(EXACT.subtract(p, q)) for p, q in zip(other.view.center, one.view.center, strict=True))
        )
        assert way / max(one.view.radius, other.view.radius) <= TOP_SPEED / FPS * 1.01
        assert abs(math.log(other.view.radius / one.view.radius)) <= quickest / FPS + 1e-9
    starts = [flights[0].rate, *flights[0].velocity]
    assert starts == [0.0, 0.0, 0.0]


def test_it_reaches_the_pace_that_is_told_in_and_out() -> None:
    flights = flown(rich_above(0.02), 60.0)
    assert min(each.rate for each in flights) == pytest.approx(-math.log(2.0) / TWOFOLD_IN_S, rel=0.1)
    assert max(each.rate for each in flights) >= 0.9 * math.log(2.0) / TWOFOLD_OUT_S


def test_where_it_is_flat_it_turns_back_and_goes_to_another_place() -> None:
    flights = flown(rich_above(0.05), 180.0)
    radii = [each.view.radius for each in flights]
    assert 0.05 / 4.0 < min(radii) < 0.05
    turned = [other for one, other in pairwise(flights) if other.is_rising > one.is_rising]
    home = [other for one, other in pairwise(flights) if other.is_rising < one.is_rising]
    assert len(turned) >= 3
    assert all(each.view.radius > 0.6 * Scene().radius for each in home)
    places = turned[-1].visited
    assert len(places) == len(turned)
    for n, one in enumerate(places):
        for other in places[:n]:
            way = math.hypot(*(float(EXACT.subtract(p, q)) for p, q in zip(one, other, strict=True)))
            assert way > CLEAR / 2.0 * Scene().radius


def test_where_numbers_end_it_turns_back() -> None:
    rich = rich_above(0.0)

    def look(view: View) -> Sight:
        return Sight(is_end=True) if view.radius < 1e-3 else rich(view)

    flights = flown(look, 90.0)
    assert 1e-4 < min(each.view.radius for each in flights) < 1e-3
    assert flights[-1].visited


def test_from_very_deep_the_way_back_is_not_endless() -> None:
    home = View()
    deep = replace(home, radius=1e-12)
    flight: Flight = replace(begun(Scene()), view=deep, asked=None, is_rising=True)
    passed = 0.0
    while flight.is_rising and passed < 60.0:
        flight, passed = flight.after(1.0 / FPS), passed + 1.0 / FPS
    assert not flight.is_rising
    assert 10.0 < passed < 40.0


def test_a_flat_home_is_looked_at_from_farther_away_and_a_flat_world_is_lost() -> None:
    flights = flown(rich_above(2.0 * Scene().radius), 10.0)
    assert flights[0].home.radius == Scene().radius * WIDER
    assert max(each.view.radius for each in flights) > 2.0 * Scene().radius
    assert flown(lambda _: Sight((Spot((0.0, 0.0), 0.0),)), 1.0)[0].is_lost


def test_a_calm_picture_has_a_lower_bar() -> None:
    calm = Sight((Spot((0.3, 0.0), 0.02),))
    flight = flown(lambda _: calm, 0.1)[0]
    assert flight.flat < 0.02 < FLAT
    assert flight.goal


def test_it_goes_on_ahead_and_does_not_swing_between_two_places() -> None:
    two = Sight((Spot((0.5, 0.0), 0.1), Spot((-0.5, 0.0), 0.1)))
    flight = begun(Scene()).told(two)
    first = flight.goal
    for _ in range(40):
        flight = flight.after(0.1)
        if flight.asked:
            flight = flight.told(Sight(tuple(Spot(flight._to(p), 0.1) for p in (first, (-first[0], first[1])) if p)))  # type: ignore[index]
            assert flight.goal == pytest.approx(first)


def test_it_is_the_same_again_and_nearly_so_at_another_rate() -> None:
    look = rich_above(0.05)
    assert flown(look, 30.0) == flown(look, 30.0)
    one = begun(Scene()).told(look(View()))
    other = one
    for _ in range(60):
        one = one.after(1.0 / 30.0)
    for _ in range(120):
        other = other.after(1.0 / 60.0)
    assert one.view.radius == pytest.approx(other.view.radius, rel=1e-9)


def test_what_varies_begins_gently_and_slows_with_the_view() -> None:
    scene = Scene(inputs=("x", "y", "cos_t"), seed=5)
    flights = flown(rich_above(0.0), 20.0, scene, Variation(("time", "weights")))
    assert flights[0].scene(scene) == scene
    turns = [each.varied.turns for each in flights]
    steps = [b - a for a, b in pairwise(turns)]
    assert steps[0] < steps[30]
    assert steps[-1] < 0.2 * max(steps)
    mixed = flights[-1].scene(scene)
    parts = point(mixed.seed, mixed.mix)
    assert len(parts) == 3
    assert math.sqrt(math.fsum(part**2 for part in parts.values())) == pytest.approx(1.0)
    assert mixed.time != scene.time
    far = Variation(("weights",), (0.0, 1.0), way=0.5).scene(scene)
    assert math.degrees(math.acos(point(far.seed, far.mix)[5])) == pytest.approx(FARTHEST_DEGREES, abs=1e-4)


def test_what_cannot_vary_is_refused_by_name() -> None:
    with pytest.raises(SceneError, match=r"^time: it moves nothing here: it is for inputs cos_t"):
        check_varied(Scene(), ("time",))
    with pytest.raises(SceneError, match=r"^weights: a network loaded from a file has no seed"):
        check_varied(Scene(weights="digits"), ("weights",))
    check_varied(Scene(cycle=1.0), ("time", "weights"))


def test_what_looks_the_same_from_however_near_is_left() -> None:
    """A tip, or a saddle whose colours are stretched, has detail without end, and nothing new."""
    spots = rich_above(0.0)(View()).spots

    def look(view: View) -> Sight:
        return Sight(spots, colours=(0.2, 0.5, 0.7) if view.radius < 0.5 else (view.radius % 1.0, 0.1, 0.1))

    flights = flown(look, 60.0)
    assert 0.5 / LONG_ALIKE**2 < min(each.view.radius for each in flights) < 0.5 / LONG_ALIKE
    assert flights[-1].visited
    endless = flown(lambda view: Sight(spots, colours=(math.log(view.radius) % 1.0, 0.1, 0.1)), 60.0)
    assert not any(each.is_rising for each in endless)


def test_all_that_home_shows_is_flown_to() -> None:
    """Two places, each at an edge of a wide picture: it comes to one after the other, and does not turn on the way."""
    ends = ((1.7, 0.3), (-1.7, -0.3))
    home = View()

    def look(view: View) -> Sight:
        if view.radius < 0.1 * home.radius:
            return Sight()
        seen = replace(begun(Scene()), view=view)
        at = [seen._to(tuple(EXACT.create_decimal(repr(home.radius * part)) for part in end)) for end in ends]  # type: ignore[arg-type]
        return Sight(tuple(Spot(offset, 0.1) for offset in at if math.hypot(*offset) < 2.0))

    flights = flown(look, 90.0)
    turned = [other for one, other in pairwise(flights) if other.is_rising > one.is_rising]
    assert len(turned) >= 3
    assert all(each.view.radius < 0.2 * home.radius for each in turned)
    reached = [float(each.view.center[0]) / home.radius for each in turned[:3]]
    assert [round(x, 1) for x in reached] in ([1.7, -1.7, 1.7], [-1.7, 1.7, -1.7])
