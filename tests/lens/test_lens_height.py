"""The landscape: what is hidden and what is seen, from everywhere, against a cloud of projected points."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from display import press, until
from program import running

import weightscape
from weightscape.draw.camera import Box, Camera, fitted
from weightscape.draw.panorama import Landscape, seen
from weightscape.draw.plate import PAPER
from weightscape.engine.question import Field, plain
from weightscape.engine.question import pixel_grid as grid
from weightscape.lens import height
from weightscape.lens.height import HEIGHT, LEAST
from weightscape.lens.lens import Answered
from weightscape.network.network import Network, Tap, forward
from weightscape.picture.questions import question
from weightscape.scene.animation import Animation, Track
from weightscape.scene.colour import Colour
from weightscape.scene.lens_command import orbited
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import shade

Array = npt.NDArray[np.floating]
SCENE = Scene(lens="height", layers=1, radius=2.0)
TURNS = (0.0, 30.0, 90.0, 200.0, -45.0)
TILTS = (0.0, 10.0, 35.0, 60.0, 87.0, 90.0)


def outputs(columns: list[tuple[float, float, float]], activation: str) -> Network:
    """Make a network of one layer: for each output its weights of x and y, and its bias."""
    x, y, bias = np.array(columns).T
    return Network((np.stack([x, y]),), (bias,), (activation,))


def drawn(scene: Scene, network: Network, size: tuple[int, int], stride: int = 1) -> Array:
    """Draw the lens of a network made by hand, evaluated in float64."""
    (want,) = HEIGHT.wants(scene, network, size)
    asked = grid(*want.size).coarser(stride)
    pixel = 2.0 * scene.radius / min(want.size)
    x = (asked.x + asked.stride * np.arange(asked.columns)) * pixel
    y = (asked.y - asked.stride * np.arange(asked.rows)) * pixel
    points = np.stack(np.broadcast_arrays(x[None], y[:, None]), -1)
    field = plain(np.concatenate(forward(network, points, want.taps), -1).astype(np.float32))
    answered = Answered(replace(question(scene, want.size), grid=asked), field, stride)
    return HEIGHT.draw(scene, network, size, [answered])


def test_level_ground_from_above_shows_the_picture_itself() -> None:
    network = outputs([(0.0, 0.0, 0.0), (0.8, 0.0, 0.0), (0.0, 0.5, 0.3)], "sigmoid")
    scene, size = replace(SCENE, tilt=90.0, turn=0.0), (300, 200)
    camera = fitted(height._box(scene, size), 0.0, 90.0, size)
    screen = np.stack([*np.meshgrid(np.linspace(-1.4, 1.4, 15), np.linspace(-0.9, 0.9, 9)), np.zeros((9, 15))], -1)
    column, row = np.moveaxis(camera.project(screen, size), -1, 0)

    shown = drawn(scene, network, size)[row.astype(int), column.astype(int)]
    assert np.allclose(shown, shade(network(screen[..., :2] * scene.radius), Colour()), atol=0.01)
    assert (np.diff(column, axis=1) > 15).all()
    assert (np.diff(row, axis=0) < -15).all()


def stripes(turn: float, tilt: float) -> tuple[float, float]:
    """Draw a ridge along x between a green and a blue stripe; tell how much green and blue is seen."""
    network = outputs([(0.0, 3.0, 0.0), (0.0, 4.0, -5.0), (0.0, 4.0, 5.0)], "gaussian")
    picture = drawn(replace(SCENE, turn=turn, tilt=tilt, lift=2.0), network, (120, 80))
    picture = picture * (picture[..., :1] < 0.3)  # not the ridge's own slopes
    return float((picture[..., 1] > 0.4).mean()), float((picture[..., 2] > 0.4).mean())


def test_a_ridge_hides_what_lies_behind_it() -> None:
    green, blue = stripes(0.0, 18.0)
    assert green == 0.0
    assert blue > 0.02
    green, blue = stripes(180.0, 18.0)
    assert green > 0.02
    assert blue == 0.0
    assert min(stripes(0.0, 80.0)) > 0.02


@pytest.mark.parametrize("size", [(1280, 720), (500, 500), (90, 400), (1, 1), (700, 1)])
@pytest.mark.parametrize("lift", [0.0, 1.0, 10.0])
def test_the_whole_landscape_is_in_the_picture_and_fills_it(size: tuple[int, int], lift: float) -> None:
    box = height._box(replace(SCENE, lift=lift), size)
    for turn in range(-180, 360, 15):
        for tilt in range(0, 91, 10):
            places = fitted(box, turn, tilt, size).project(box.corners, size) / size
            assert places.min() > 0.0
            assert places.max() < 1.0
            # Seen end-on, a strip of 700:1 is small whatever the distance.
            assert np.ptp(places, axis=0).max() > 0.85 or max(size) > 5 * min(size)


def test_the_camera_stands_where_turn_and_tilt_say() -> None:
    box = Box(1.0, 1.0, -0.1, 0.1)
    right = fitted(box, 90.0, 0.0, (64, 64))
    assert right.eye[0] > 3.0
    assert abs(right.eye[1]) < 1e-9
    assert fitted(box, 0.0, 30.0, (64, 64)).eye[1] < -2.0
    assert fitted(box, 70.0, 90.0, (64, 64)).eye[2] > 3.0


def hills(rows: int = 60, columns: int = 90) -> Landscape:
    """Make hills whose colours tell where they are: x, y, 1."""
    box, step = Box(1.5, 1.0, -0.4, 0.35), 3.0 / columns
    x = np.arange(columns) * step - 1.5 + step / 2
    y = 1.0 - step / 2 - np.arange(rows) * step
    x, y = np.meshgrid(x, y)
    z = 0.3 * np.sin(2.5 * x) * np.cos(3.0 * y)
    points = np.stack([z, (x + 1.5) / 3.0, (y + 1.0) / 2.0, np.ones_like(x)], -1).astype(np.float32)
    return Landscape(points, -1.5 + step / 2, 1.0 - step / 2, step, box, (1.0, 1.0))


def cloud(land: Landscape) -> tuple[Array, Array]:
    """List points of hills and walls, close together, and their colours: (n, 3) each."""
    x, y = np.meshgrid(np.linspace(-1.5, 1.5, 500), np.linspace(-1.0, 1.0, 340))
    z = 0.3 * np.sin(2.5 * x) * np.cos(3.0 * y)
    edge = np.zeros(x.shape, bool)
    edge[[0, -1]] = edge[:, [0, -1]] = True
    down = np.linspace(0.0, 1.0, 60)[:, None]
    walls = np.stack(np.broadcast_arrays(x[edge], y[edge], land.box.low + down * (z[edge] - land.box.low)), -1)
    points = np.concatenate([np.stack([x, y, z], -1).reshape(-1, 3), walls.reshape(-1, 3)])
    colours = np.stack([(points[:, 0] + 1.5) / 3.0, (points[:, 1] + 1.0) / 2.0, np.ones(len(points))], -1)
    return points, colours


def splatted(land: Landscape, camera: Camera, size: tuple[int, int]) -> Array:
    """Draw the nearest point of a cloud in each pixel: (height, width, 3), 0 where there is none."""
    points, colours = cloud(land)
    column, row = np.moveaxis(camera.project(points, size).astype(int), -1, 0)
    far_first = np.argsort((points - camera.eye) @ camera.back)
    nearest = np.full(size[::-1], -1)
    for index in np.array_split(far_first, 4):
        nearest[row[index], column[index]] = index
    return np.where(nearest[..., None] >= 0, colours[nearest], 0.0)


def around(mask: npt.NDArray[np.bool_], reach: int, how: np.ufunc) -> npt.NDArray[np.bool_]:
    """Tell of each pixel whether all (np.logical_and) or any (np.logical_or) pixels up to `reach` away are set."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(mask, reach), (2 * reach + 1, 2 * reach + 1))
    return np.asarray(how.reduce(windows, axis=(2, 3)))


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("turn", TURNS)
def test_what_is_seen_is_what_is_nearest_without_a_hole(turn: float, tilt: float) -> None:
    land, size = hills(), (150, 100)
    camera = fitted(land.box, turn, tilt, size)
    expected, picture = splatted(land, camera, size), seen(land, camera, size, 1, (0.0, 0.0, 0.0))
    there, covered = expected[..., 2] > 0.0, picture[..., 2] > 0.0

    assert there.sum() > 700
    assert covered[around(there, 2, np.logical_and)].all()
    assert not covered[~around(there, 1, np.logical_or)].any()
    off = np.abs(expected - picture).max(-1)
    # Walls darken to their floor: compare the ground, and not at its outlines. From low down a pixel is far.
    ground = around(picture[..., 2] > 0.999, 1, np.logical_and)
    assert np.mean(off[ground] < 0.04) > 0.93


def outside(empty: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Pick the empty pixels that hang together with the picture's rim."""
    reached = empty & ~np.pad(np.ones((empty.shape[0] - 2, empty.shape[1] - 2), bool), 1)
    while True:
        more = around(reached, 1, np.logical_or) & empty
        if np.array_equal(more, reached):
            return reached
        reached = more


@pytest.mark.parametrize("stride", [1, 3, 8, 40])
@pytest.mark.parametrize(("turn", "tilt"), [(30.0, 50.0), (0.0, 10.0), (350.0, 30.0), (100.0, 75.0), (210.0, 90.0)])
@pytest.mark.parametrize("size", [(160, 90), (61, 97)])
def test_coarse_landscapes_are_as_large_as_fine_ones_and_have_no_holes(
    size: tuple[int, int], turn: float, tilt: float, stride: int
) -> None:
    network = outputs([(1.0, 0.4, 0.1), (0.3, 1.0, 0.5), (-0.5, 0.2, 0.9)], "sigmoid")
    scene = replace(SCENE, turn=turn, tilt=tilt)
    fine, coarse = (drawn(scene, network, size, each) for each in (1, stride))
    empty = [np.abs(picture - np.array(PAPER)).max(-1) < 1e-3 for picture in (fine, coarse)]

    assert coarse.shape == (size[1], size[0], 3)
    assert 0.05 < empty[0].mean() < 0.9
    assert np.mean(empty[0] != empty[1]) < 0.08
    assert np.array_equal(outside(empty[1]), empty[1])


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (7, 5)])
@pytest.mark.parametrize(("tilt", "lift"), [(0.0, 1.0), (90.0, 10.0), (89.9, 0.0), (0.0, 0.0), (45.0, 10.0)])
def test_any_picture_can_be_drawn(size: tuple[int, int], tilt: float, lift: float) -> None:
    scene = replace(SCENE, layers=3, width=4, tilt=tilt, lift=lift)
    for turn in (-360.0, 0.0, 45.0, 90.0):
        picture = weightscape.render(replace(scene, turn=turn), size=size, engine="numpy")
        assert picture.shape == (size[1], size[0], 3)
    network = outputs([(0.5, 0.4, 0.1)] * 3, "sigmoid")
    picture = drawn(scene, network, size, 4)
    assert np.isfinite(picture).all()
    assert picture.min() >= 0.0
    assert picture.max() <= 1.0


def levels(values: list[float], activation: str, **fields: object) -> list[float]:
    scene = replace(SCENE, **fields)  # type: ignore[arg-type]
    network = outputs([(1.0, 0.0, 0.0)], activation)
    field = plain(np.array(values)[None, :, None])
    return [float(v) for v in height.level(scene, network, field, 0).ravel()]


def test_bounded_activations_keep_their_scale_and_others_fill_the_view() -> None:
    assert levels([0.3, 0.5, 0.9], "sigmoid") == pytest.approx([0.3, 0.5, 0.9])
    assert levels([-1.0, 0.0, 0.5], "tanh") == pytest.approx([0.0, 0.5, 0.75])
    assert levels([0.0, 3.0, 12.0], "relu") == pytest.approx([0.0, 0.25, 1.0])
    assert levels([-3.0, 0.0, 1.0], "sigmoid", before=True) == pytest.approx([0.0, 0.75, 1.0])
    assert levels([0.4, 0.5, 0.6], "sigmoid", levels="auto") == pytest.approx([0.0, 0.5, 1.0])


@pytest.mark.parametrize("small", [1e-3, 1e-9, 1e-300])
def test_a_deep_view_is_no_plane(small: float) -> None:
    field = Field(np.array([[[-1.0], [0.0], [1.0]]]), np.array([0.9]), np.array([small]))
    network = outputs([(1.0, 0.0, 0.0)], "sigmoid")
    low, middle, high = height.level(SCENE, network, field, 0).ravel()

    assert high - low == pytest.approx(LEAST)
    assert middle - low == pytest.approx(LEAST / 2)
    assert high <= 1.0


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("how", ["plain", "auto"])
def test_a_field_without_any_range_is_a_plane(activation: str, how: str) -> None:
    assert len(set(levels([0.25, 0.25], activation, levels=how))) == 1


def test_output_and_colours_are_asked_for_and_what_is_not_there_is_named() -> None:
    network = outputs([(1.0, 0.0, 0.0)] * 3, "tanh")
    taps = {
        before: HEIGHT.wants(replace(SCENE, unit=2, before=before), network, (8, 8))[0].taps for before in (False, True)
    }

    assert taps == {False: (Tap(),), True: (Tap(), Tap(-1, (2,), True))}
    with pytest.raises(SceneError, match=r"unit: 3 is not in 0\.\.2"):
        HEIGHT.wants(replace(SCENE, unit=3), network, (8, 8))


def test_the_field_is_read_on_fewer_points_than_a_large_picture_has_and_more_than_a_small_one() -> None:
    network = outputs([(1.0, 0.0, 0.0)] * 3, "tanh")
    sizes = [HEIGHT.wants(SCENE, network, size)[0].size for size in ((1920, 1080), (300, 200), (4000, 1))]

    assert sizes == [(1440, 810), (600, 400), (3000, 1)]


@pytest.mark.parametrize(
    "fields", [{}, {"layer": 2, "unit": 3, "palette": "magma"}, {"before": True}, {"levels": "auto", "outputs": 1}]
)
def test_engines_draw_the_same_landscape(fields: dict[str, object], gl: object) -> None:
    scene = replace(SCENE, layers=4, width=6, **fields)  # type: ignore[arg-type]
    pictures = [
        weightscape.render(scene, size=(120, 80), engine=engine).astype(int)  # type: ignore[arg-type]
        for engine in ("numpy", "fragment")
    ]

    # Drawn by other means (tests/engine/test_landscape.py): small pictures are all edges.
    off = np.abs(pictures[0] - pictures[1])
    assert np.mean(off <= 4) > 0.95
    assert len(np.unique(pictures[0].reshape(-1, 3), axis=0)) > 200


def test_a_film_round_the_landscape_closes() -> None:
    round_trip = Animation(SCENE, (Track("turn", (0.0, 360.0)),), frames=4)

    assert round_trip.loop
    assert [round_trip.at(k).turn for k in range(4)] == [0.0, 90.0, 180.0, 270.0]
    first, last = (weightscape.render(replace(SCENE, turn=turn), size=(60, 40), engine="numpy") for turn in (0, 360))
    assert np.abs(first.astype(int) - last).max() <= 1


def test_a_drag_takes_the_landscape_along_and_only_that() -> None:
    scene = replace(SCENE, turn=-170.0, tilt=80.0)

    assert orbited(scene, 50.0, 20.0) == replace(scene, turn=170.0, tilt=86.0)
    assert orbited(scene, 0.0, 500.0).tilt == 90.0
    assert orbited(scene, 0.0, -500.0).tilt == 0.0
    other = replace(scene, lens="outputs")
    assert orbited(other, 50.0, 20.0) == other


def test_the_right_mouse_button_orbits_in_the_window(tmp_path: Path) -> None:
    with running(tmp_path, "--size", "480x320", "--layers", "3", "--width", "8", "--lens", "height") as program:
        start, (x, y) = program.scene(), program.place()
        press(program.display, "mousemove", str(x + 200), str(y + 100), "mousedown", "3")
        press(program.display, "mousemove", str(x + 240), str(y + 100))
        press(program.display, "mousemove", str(x + 250), str(y + 120), "mouseup", "3")
        until(lambda: program.scene() == replace(start, turn=start.turn - 20.0, tilt=start.tilt + 6.0), "the orbit")
        asked = len(program.said("ask"))
        press(program.display, "mousemove", str(x + 100), str(y + 60))
        program.settled()

        assert len(program.said("ask")) == asked
        assert not np.array_equal(program.pixels()[20:280], weightscape.render(start, size=(480, 320))[20:280])
