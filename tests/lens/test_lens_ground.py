"""Hands on the landscape: what lies under the cursor follows a drag, and stays under it when the wheel turns."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.draw.camera import fitted
from weightscape.lens import height
from weightscape.lens.height import grabbed, panned, zoomed
from weightscape.network.view import offset_to_screen, pan, screen_to_offset, zoom
from weightscape.scene.scene import Scene

Array = npt.NDArray[np.floating]
Pixel = tuple[float, float]
HANDS = [(240.0, 160.0), (100.5, 200.0), (30.0, 300.0), (470.0, 120.0), (250.0, 70.0)]
LOOKED = Scene(lens="height", layers=1, center=("0.25", "-1.5"), radius=0.125, angle=20.0)
WINDOW = (480, 320)


def on_screen(scene: Scene, ground: Pixel) -> Array:
    """Tell at which pixel a point of the ground is seen."""
    camera = fitted(height._box(scene, height._small(WINDOW)), scene.turn, scene.tilt, WINDOW)
    return camera.project(np.array([*ground, 0.0]), WINDOW)


def ground_under(scene: Scene, pixel: Pixel) -> Array:
    """Tell the point of the plane under a pixel, less the centre of LOOKED."""
    found = grabbed(scene, WINDOW, pixel)
    assert found
    offset = screen_to_offset(scene.view, found)
    return np.array([float(c - e) + o for c, e, o in zip(scene.center, LOOKED.center, offset, strict=True)])


@pytest.mark.parametrize("tilt", [25.0, 40.0, 60.0, 90.0])
@pytest.mark.parametrize("turn", [0.0, 30.0, 90.0, 180.0, 200.0, -45.0])
@pytest.mark.parametrize("hand", HANDS)
def test_the_ground_follows_the_hand_and_the_wheel_keeps_it(turn: float, tilt: float, hand: Pixel) -> None:
    scene = replace(LOOKED, turn=turn, tilt=tilt, lift=0.5)
    found = grabbed(scene, WINDOW, hand)
    assert found
    assert on_screen(scene, found) == pytest.approx(hand, abs=1e-6)

    new = scene.looking(panned(scene, WINDOW, hand, 20.0, -15.0))
    assert ground_under(new, (hand[0] + 20.0, hand[1] - 15.0)) == pytest.approx(ground_under(scene, hand), abs=1e-9)
    assert new.radius == scene.radius
    for factor in (0.5, 1.6):
        near = scene.looking(zoomed(scene, WINDOW, hand, factor))
        assert near.radius == factor * scene.radius
        assert ground_under(near, hand) == pytest.approx(ground_under(scene, hand), abs=1e-9)


def test_from_the_side_a_drag_to_the_right_moves_the_plane_along_y() -> None:
    scene = replace(LOOKED, center=("0", "0"), radius=2.0, angle=0.0, turn=90.0, tilt=50.0)
    x, y = map(float, panned(scene, WINDOW, (240.0, 160.0), 40.0, 0.0).center)
    assert abs(x) < 0.1 * abs(y)
    assert y < -0.2, "the camera's right is the plane's up"


def test_from_above_it_is_the_flat_pictures_pan_and_zoom_up_to_perspective() -> None:
    scene = replace(LOOKED, turn=0.0, tilt=90.0)
    scale = np.linalg.norm(on_screen(scene, (1.0, 0.0)) - on_screen(scene, (0.0, 0.0))) / (min(WINDOW) / 2.0)
    dx, dy = 60.0, 25.0
    flat = pan(scene.view, WINDOW, dx / scale, dy / scale)
    found = panned(scene, WINDOW, (200.0, 100.0), dx, dy)
    assert [float(c) for c in found.center] == pytest.approx([float(c) for c in flat.center], abs=1e-9)
    assert 0.6 < scale < 1.0

    middle = on_screen(scene, (0.0, 0.0))
    place = (320.0 - middle[0]) / scale + 240.0, (90.0 - middle[1]) / scale + 160.0
    flat, found = zoom(scene.view, WINDOW, place, 0.8), zoomed(scene, WINDOW, (320.0, 90.0), 0.8)
    assert [float(c) for c in found.center] == pytest.approx([float(c) for c in flat.center], abs=1e-9)


@pytest.mark.parametrize(("tilt", "hand"), [(0.0, (240.0, 160.0)), (0.0, (9.0, 300.0)), (8.0, (240.0, 10.0))])
def test_above_the_horizon_there_is_no_ground_and_a_drag_still_moves_it(tilt: float, hand: Pixel) -> None:
    scene = replace(LOOKED, turn=90.0, tilt=tilt)
    assert grabbed(scene, WINDOW, hand) is None
    start = np.array([float(c) for c in scene.center])

    def way(dx: float, dy: float) -> Array:
        new = panned(scene, WINDOW, hand, dx, dy)
        offset = [float(c) for c in new.center] - start
        return np.array(offset_to_screen(scene.view, (offset[0], offset[1])))

    # Seen from the plane's right side, to the right is up, and ahead is to the left.
    assert way(40.0, 0.0) == pytest.approx((0.0, way(40.0, 0.0)[1]), abs=1e-9)
    assert -0.5 < way(40.0, 0.0)[1] < -0.2
    assert way(0.0, 40.0) == pytest.approx((way(40.0, 0.0)[1], 0.0), abs=1e-9)
    assert zoomed(scene, WINDOW, hand, 0.5) == replace(scene.view, radius=0.5 * scene.radius)


def test_close_to_the_horizon_a_drag_does_not_run_away() -> None:
    scene = replace(LOOKED, turn=30.0, tilt=12.0)
    rows = [row for row in range(320) if grabbed(scene, WINDOW, (240.0, row + 0.5))]
    assert 40 < rows[0] < 160
    assert rows == list(range(rows[0], 320))
    for row in range(320):
        new = panned(scene, WINDOW, (240.0, row + 0.5), 0.0, -1.0)
        way = np.hypot(*(float(a - b) for a, b in zip(new.center, scene.center, strict=True)))
        assert 0.0 < way < 0.5 * scene.radius
