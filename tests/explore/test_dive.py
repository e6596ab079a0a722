"""Diving: to the steepest point, not beside it, however deep."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Cancelled, work
from weightscape.explore.task.dive import CLOSER, FEWEST, MOST_WORK, POINTS, aimed, dived, steepest
from weightscape.lens import height
from weightscape.lens.atlas import cells_of
from weightscape.lens.lens import Part
from weightscape.network.view import pixel_to_screen, plane_to_pixel
from weightscape.picture.network_memory import network
from weightscape.picture.render import field
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

SIZE = (320, 200)


def test_the_steepest_point_is_found_whatever_the_scale() -> None:
    y, x = np.mgrid[0:POINTS, 0:POINTS]
    for scale in (1.0, 1e-300):
        values = scale * np.stack([np.tanh(x - 20.3 + 0 * y), 0 * x], axis=-1)
        values[11] *= 1.5
        row, column = steepest(values)
        assert column == 20
        assert abs(row - 11) <= 1


@pytest.mark.parametrize("radius", [2.6, 1e-8, 1e-60])
def test_a_dive_ends_near_the_cursor_where_the_picture_is_steep(radius: float) -> None:
    scene = Scene(layers=10, radius=radius, center=("0.12345678901234567890123456789", "-0.2"))
    new = dived(scene, SIZE, (200.0, 90.0))
    x, y = plane_to_pixel(scene.view, SIZE, new.center)
    assert new.radius == radius * CLOSER
    assert replace(new, center=scene.center, radius=radius) == scene
    assert abs(x - 200) <= 0.25 * 200 / 2 + 1
    assert abs(y - 90) <= 0.25 * 200 / 2 + 1
    if radius == 2.6:
        values = np.asarray(field(scene, size=SIZE, engine="numpy"), np.float64)
        slope = np.hypot(*np.gradient(values, axis=(0, 1))).sum(axis=-1)
        near = slope[65:115, 175:225]
        assert slope[int(y), int(x)] > np.percentile(near, 90)


@pytest.mark.parametrize("lens", ["unit", "cut", "winner", "slice", "probe", "stretch", "regions"])
def test_where_a_picture_shows_the_plane_the_lens_makes_no_difference(lens: str) -> None:
    scene, cursor = Scene(layers=10), (200.0, 90.0)
    seen = replace(scene, lens=lens, layer=3)
    assert aimed(Part(seen, SIZE), cursor) == cursor
    found = dived(seen, SIZE, aimed(Part(seen, SIZE), cursor))
    assert found.view == dived(scene, SIZE, cursor).view
    assert found.lens == lens


@pytest.mark.parametrize("lens", ["units", "atlas"])
def test_in_an_atlas_it_is_the_cells_own_point(lens: str) -> None:
    scene = Scene(layers=3, width=6, lens=lens, layer=1)
    cells = cells_of(scene, network(scene), SIZE)
    left, top = cells.places()[4].tolist()
    wide, high = cells.size
    found = aimed(Part(scene, SIZE), (left + 0.75 * wide, top + 0.5 * high))
    assert found == pytest.approx((0.75 * SIZE[0], 0.5 * SIZE[1]), abs=1e-9)
    with pytest.raises(SceneError, match="Z wants the cursor in one of the pictures"):
        aimed(Part(scene, SIZE), (left - 1.0, top - 1.0))


def test_on_a_landscape_it_is_the_ground_and_above_it_there_is_none() -> None:
    scene = Scene(lens="height")
    x, y = aimed(Part(scene, SIZE), (160.0, 110.0))
    ground = height.grabbed(scene, SIZE, (160.0, 110.0))
    assert ground
    assert pixel_to_screen(SIZE, (x, y)) == pytest.approx(ground)
    with pytest.raises(SceneError, match="ground under the cursor"):
        aimed(Part(replace(scene, tilt=0.0), SIZE), (160.0, 1.0))


@pytest.mark.parametrize("lens", ["weights", "norms"])
def test_a_chart_of_no_plane_says_so(lens: str) -> None:
    with pytest.raises(SceneError, match=f"a picture of the plane, and {lens} shows none"):
        aimed(Part(Scene(lens=lens), SIZE), (1.0, 1.0))


def test_a_dear_network_is_asked_at_fewer_points_and_a_dive_can_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    field_of = NumpyEngine.field

    def counted(self, question, cancelled=bool):  # type: ignore[no-untyped-def]
        asked.append(question.grid.points)
        return field_of(self, question, cancelled)

    monkeypatch.setattr(NumpyEngine, "field", counted)
    dived(Scene(layers=4, width=8), SIZE, (160.0, 100.0))
    dear = Scene(layers=40, width=512)
    with pytest.raises(Cancelled):
        dived(dear, SIZE, (160.0, 100.0), lambda: True)
    assert asked[0] == POINTS**2
    assert FEWEST**2 <= asked[1] <= max(MOST_WORK / work(network(dear)), FEWEST**2)


def test_a_network_of_many_inputs_has_no_plane_to_dive_into(tmp_path: Path) -> None:
    path = tmp_path / "many.npz"
    np.savez(path, W1=np.ones((784, 3)), b1=np.zeros(3))
    with pytest.raises(ValueError, match="784 inputs"):
        dived(Scene(weights=str(path)), SIZE, (1.0, 1.0))
