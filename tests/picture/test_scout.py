"""What an autopilot is told of a view: the steepest place of pictures that are known, and where there is nothing."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weightscape.engine.question import Cancelled
from weightscape.file.npz import write_weights
from weightscape.network.view import EXACT, MIN_RADIUS
from weightscape.picture.scout import check_flight, detail, sight
from weightscape.publish import gallery
from weightscape.scene.flight import ALIKE, FLAT, NOTHING, Flight, Sight, Spot, begun
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

SIZE = (96, 64)
CORNER = (0.5, -0.25)
STEEP = 30.0


@pytest.fixture
def corner(tmp_path: Path) -> Scene:
    """Make a picture that is flat but for two edges, which cross at CORNER: there alone slopes have all directions."""
    path = tmp_path / "corner.npz"
    first, bias = STEEP * np.eye(2), -STEEP * np.asarray(CORNER)
    # Weights as NumPy has them, (inputs, outputs); 1.5 less makes the one quarter light in which both are.
    write_weights(path, [first, np.full((2, 3), 6.0)], [bias, np.full(3, -9.0)], ["sigmoid", "sigmoid"])
    return Scene(weights=str(path), radius=2.0)


def best(found: Sight) -> Spot:
    return max(found.spots, key=lambda spot: spot.detail)


def test_a_plain_gradient_has_no_detail_and_stripes_have_less_than_rings() -> None:
    y, x = np.mgrid[0:16, 0:16] / 15.0
    rings = 0.5 + 0.5 * np.cos(12.0 * np.hypot(x - 0.5, y - 0.5))
    pictures = {
        "flat": 0.0 * x + 0.4,
        "plain": 0.2 * x + 0.7 * y,
        "stripes": 0.5 + 0.5 * np.cos(12.0 * x),
        "rings": rings,
    }
    found = {name: float(detail(np.repeat(each[..., None], 3, axis=2), 16, 4)[0, 0]) for name, each in pictures.items()}
    assert found["flat"] == pytest.approx(0.0, abs=1e-9)
    assert found["plain"] == pytest.approx(0.0, abs=1e-6)
    assert found["stripes"] > 0.05
    assert found["rings"] > 2.0 * found["stripes"]


@pytest.mark.parametrize("angle", [0.0, 70.0])
@pytest.mark.parametrize("size", [SIZE, (200, 60), (60, 200)])
def test_the_steepest_place_is_found_wherever_the_picture_has_it(
    corner: Scene, angle: float, size: tuple[int, int]
) -> None:
    scene = replace(corner, angle=angle)
    spot = best(sight(scene, scene.view, size))
    place = [scene.radius * part for part in spot.offset]
    assert math.dist(place, CORNER) < 0.2 * scene.radius
    assert spot.detail > FLAT


def test_a_flight_leads_to_it(corner: Scene) -> None:
    flight = begun(corner)
    for _ in range(120):
        while flight.asked:
            flight = flight.told(sight(flight.scene(corner), flight.asked, SIZE))
        flight = flight.after(0.1)
        if flight.view.radius < 0.2 * corner.radius:
            break
    place = [float(EXACT.create_decimal(part)) for part in flight.view.center]
    assert flight.view.radius < 0.2 * corner.radius
    assert math.dist(place, CORNER) < flight.view.radius


def test_where_it_is_flat_it_turns_back(corner: Scene) -> None:
    flat = sight(corner, replace(corner.view, center=corner.view.center, radius=1e-3), SIZE)
    assert max(spot.detail for spot in flat.spots) < NOTHING
    inside: Flight = replace(begun(corner), goal=corner.view.center)
    assert inside.told(flat).is_rising
    assert not inside.told(sight(corner, corner.view, SIZE)).is_rising


def test_where_numbers_end_it_says_so() -> None:
    scene = gallery.scene("abyss")  # whose view is deep, and no flat one
    assert sight(scene, scene.view, SIZE, "single") == Sight(is_end=True)
    assert sight(scene, scene.view, SIZE, "double") == Sight(is_end=True)
    assert max(spot.detail for spot in sight(scene, scene.view, SIZE).spots) > FLAT
    assert sight(scene, replace(scene.view, radius=2.0 * MIN_RADIUS), SIZE) == Sight(is_end=True)


def test_it_sees_the_lens_and_the_colours_of_the_window() -> None:
    scene = Scene(layers=6, width=8)
    seen = {
        name: sight(scene, scene.view, SIZE)
        for name, scene in {
            "outputs": scene,
            "unit": replace(scene, lens="unit", layer=2),
            "height": replace(scene, lens="height"),
        }.items()
    }
    assert seen["outputs"] != seen["unit"]
    assert seen["height"].spots == seen["outputs"].spots  # a landscape is of the plane that its outputs show


def test_looks_of_one_place_are_alike_and_others_are_not() -> None:
    scene = gallery.scene("jungle")
    one, near, far = (
        np.asarray(sight(scene, replace(scene.view, radius=scene.radius * part), SIZE).colours)
        for part in (1, 0.99, 0.6)
    )
    assert len(one) == 6 * 6 * 3
    assert math.sqrt(((one - near) ** 2).mean()) < ALIKE < math.sqrt(((one - far) ** 2).mean())


def test_it_is_given_up_when_nobody_waits() -> None:
    scene = Scene()
    with pytest.raises(Cancelled):
        sight(scene, scene.view, SIZE, cancelled=lambda: True)


@pytest.mark.parametrize("lens", ["weights", "norms", "probe"])
def test_a_chart_is_refused_by_name(lens: str) -> None:
    with pytest.raises(SceneError, match=rf"^lens: the autopilot flies over the plane, and {lens} shows a chart$"):
        check_flight(replace(Scene(), lens=lens))
