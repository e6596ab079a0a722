"""The view: pixels to the plane and back without loss, and what the hand expects of zoom and drag."""

import math
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from weightscape.network.view import (
    EXACT,
    MAX_RADIUS,
    MIN_RADIUS,
    Point,
    View,
    carried,
    moved,
    pan,
    pixel_to_plane,
    pixel_to_screen,
    plane_to_pixel,
    rotate,
    screen_to_pixel,
    trimmed,
    turn,
    zoom,
)

SIZES = [(640, 360), (27, 51), (1, 1), (3, 640)]
SEAHORSES = (Decimal("-0.743643887037158704752191506114774"), Decimal("0.131825904205311970493132056385139"))
DEEP = View(SEAHORSES, 1e-290, 33.0)
VIEWS = [
    View(),
    View((Decimal("-1"), Decimal("0.5")), 0.25, 30.0),
    View((Decimal("1e12"), Decimal("-1e12")), 1e12, -179.5),
    View((Decimal("123456.789"), Decimal("0")), 1e-12, 90.0),
    DEEP,
]


def apart(a: Point, b: Point) -> float:
    """Distance of two points, exact before it is rounded."""
    return math.hypot(*(float(EXACT.subtract(p, q)) for p, q in zip(a, b, strict=True)))


def places(size: tuple[int, int]) -> list[tuple[float, float]]:
    width, height = size
    return [(0.0, 0.0), (width, height), (0.5, height - 0.5), (width / 2, height / 2), (0.3 * width, 0.9 * height)]


@pytest.mark.parametrize("size", SIZES)
def test_pixels_and_screen_are_inverse(size: tuple[int, int]) -> None:
    for pixel in places(size):
        assert pixel == pytest.approx(screen_to_pixel(size, pixel_to_screen(size, pixel)), abs=1e-12)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_pixels_and_plane_are_inverse_at_every_depth(view: View, size: tuple[int, int]) -> None:
    for pixel in places(size):
        assert pixel == pytest.approx(plane_to_pixel(view, size, pixel_to_plane(view, size, pixel)), abs=1e-11)
    for point in (view.center, moved(view.center, (0.3 * view.radius, -0.7 * view.radius))):
        back = pixel_to_plane(view, size, plane_to_pixel(view, size, point))
        assert apart(point, back) <= 1e-12 * view.radius


def test_the_middle_of_the_picture_is_the_centre_exactly() -> None:
    for view in VIEWS:
        assert pixel_to_plane(view, (640, 360), (320.0, 180.0)) == view.center


def test_y_goes_up_and_row_0_is_on_top() -> None:
    view = View(radius=3.0)
    assert pixel_to_screen((400, 400), (0.0, 0.0)) == (-1.0, 1.0)
    assert pixel_to_screen((400, 400), (400.0, 400.0)) == (1.0, -1.0)
    assert pixel_to_plane(view, (400, 400), (400.0, 0.0)) == (Decimal(3), Decimal(3))
    above, below = (pixel_to_plane(view, (400, 400), (200.0, row + 0.5))[1] for row in (0, 399))
    assert below < 0 < above


def test_the_radius_is_half_the_short_side() -> None:
    view = View(radius=2.0)
    assert pixel_to_plane(view, (640, 360), (320.0, 0.0)) == (Decimal(0), Decimal(2))
    assert pixel_to_plane(view, (360, 640), (360.0, 320.0)) == (Decimal(2), Decimal(0))


def test_the_camera_turns_counter_clockwise() -> None:
    # Camera turned left by 90 degrees: what was above is now to the right.
    x, y = pixel_to_plane(View(radius=1.0, angle=90.0), (100, 100), (100.0, 50.0))
    assert (Decimal(0), Decimal(1)) == (x, y)
    assert plane_to_pixel(View(radius=1.0, angle=90.0), (100, 100), (Decimal(0), Decimal(1))) == (100.0, 50.0)


@pytest.mark.parametrize("quarters", range(-4, 5))
def test_quarter_turns_are_exact(quarters: int) -> None:
    expected = [(1, 0), (0, 1), (-1, 0), (0, -1)][quarters % 4]
    assert expected == turn(View(angle=90.0 * quarters))


def test_turning_keeps_the_angle_between_minus_180_and_180_and_the_centre() -> None:
    view = rotate(View((Decimal(1), Decimal(2)), 3.0, 170.0), 30.0)
    assert view == View((Decimal(1), Decimal(2)), 3.0, -160.0)
    assert rotate(View(), -90.0).angle == -90.0
    assert rotate(rotate(View(), 1000.0), -1000.0).angle == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_drag_moves_the_plane_with_the_hand(view: View, size: tuple[int, int]) -> None:
    grabbed = pixel_to_plane(view, size, (3.0, 5.0))
    dragged = pan(view, size, 11.0, -7.5)
    assert pytest.approx(plane_to_pixel(dragged, size, grabbed), abs=1e-9) == (14.0, -2.5)
    back = pan(dragged, size, -11.0, 7.5)
    assert apart(view.center, back.center) <= 1e-12 * view.radius


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.0, 1.1, 7.0, 1e-6, 1e6])
@pytest.mark.parametrize("view", VIEWS)
def test_a_zoom_keeps_the_point_under_the_cursor(view: View, factor: float) -> None:
    for size in SIZES:
        for pixel in places(size):
            before = pixel_to_plane(view, size, pixel)
            zoomed = zoom(view, size, pixel, factor)
            far = max(size) / min(size)
            assert apart(before, pixel_to_plane(zoomed, size, pixel)) <= far * 1e-12 * zoomed.radius


def test_a_zoom_multiplies_the_radius() -> None:
    assert zoom(View(), (64, 64), (3.0, 4.0), 0.5).radius == 1.3
    assert zoom(View(), (64, 64), (32.0, 32.0), 0.5).center == View().center


def test_at_the_ends_of_the_range_neither_radius_nor_centre_move_on() -> None:
    for end, factor in ((MIN_RADIUS, 0.5), (MAX_RADIUS, 2.0)):
        view = View((Decimal("0.5"), Decimal("-0.25")), end)
        stopped = zoom(view, (640, 360), (10.0, 20.0), factor)
        assert end == stopped.radius
        assert view.center == stopped.center
        near = replace(view, radius=end / factor**0.5)
        assert zoom(near, (640, 360), (10.0, 20.0), factor).radius == end


@pytest.mark.parametrize("radius", [2.6, 1e-290])
def test_2000_random_moves_keep_the_cursor_on_its_point(radius: float) -> None:
    rng, size = random.Random(20), (640, 360)
    view = replace(DEEP, radius=radius)
    for _ in range(2000):
        pixel = (rng.uniform(0, 640), rng.uniform(0, 360))
        before = pixel_to_plane(view, size, pixel)
        factor = math.exp(rng.uniform(-1.5, 1.5))
        zoomed = zoom(view, size, pixel, factor)
        assert apart(before, pixel_to_plane(zoomed, size, pixel)) <= 1e-12 * zoomed.radius
        back = zoom(zoomed, size, pixel, view.radius / zoomed.radius)
        assert apart(view.center, back.center) <= 1e-12 * max(view.radius, zoomed.radius)
        dx, dy = rng.uniform(-200, 200), rng.uniform(-200, 200)
        dragged = pan(back, size, dx, dy)
        assert (pixel[0] + dx, pixel[1] + dy) == pytest.approx(
            plane_to_pixel(dragged, size, pixel_to_plane(back, size, pixel)), abs=1e-8
        )
        view = replace(rotate(dragged, rng.uniform(-90, 90)), radius=radius)


def test_a_flight_down_and_up_again_ends_where_it_began() -> None:
    size, view = (640, 360), View((Decimal("-0.75"), Decimal("0.125")))
    down = view
    while down.radius > 1e-290:
        down = zoom(down, size, (417.0, 91.0), 0.5)
    up = down
    for _ in range(round(math.log2(view.radius / down.radius))):
        up = zoom(up, size, (417.0, 91.0), 2.0)
    assert view.radius == pytest.approx(up.radius, rel=1e-12)
    assert apart(view.center, up.center) <= 1e-12 * view.radius


def test_long_flights_keep_short_centres() -> None:
    x, y = trimmed((Decimal(1) / 3, Decimal("0.1000000")), 2.0)
    assert len(str(x)) <= 24
    assert str(y) == "0.1"
    assert abs(x - Decimal(1) / 3) <= Decimal("1e-20")


@pytest.mark.parametrize("new", [*VIEWS[1:2], View(radius=1.0), View((Decimal("0.3"), Decimal(-1)), 4.0, -77.0)])
def test_a_carried_pixel_shows_the_same_point_of_the_plane(new: View) -> None:
    old, size, old_size = View((Decimal("0.2"), Decimal("0.1")), 2.0, 12.0), (640, 360), (200, 300)
    (a, b, c, d), (x, y) = carried(new, size, old, old_size)
    for px, py in places(size):
        right, up = px - 320.0, 180.0 - py
        there = (a * right + b * up + x + 100.0, 150.0 - (c * right + d * up + y))
        expected = plane_to_pixel(old, old_size, pixel_to_plane(new, size, (px, py)))
        assert expected == pytest.approx(there, abs=1e-9)
