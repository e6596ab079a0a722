"""The lens of linear pieces: what a grid sees, what is there exactly, and how it is told."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import weightscape
from weightscape.draw.mark import Box, common
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import plain
from weightscape.lens import point
from weightscape.lens.lens import Answered
from weightscape.lens.region import REGIONS, boundary, coloured, exact_count, identity, seen_pieces, told_count
from weightscape.network.pattern import pattern
from weightscape.network.view import pixel_to_plane, pixel_to_screen
from weightscape.picture.network_memory import network
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shading import Pieces

SCENE = Scene(lens="regions", layers=3, width=6, activation="relu", rule="he", tied=False, seed=4)
ENGINES = ["numpy", "fragment", "compute"]


def points(scene: Scene, size: tuple[int, int]) -> np.ndarray:
    return np.array(
        [
            [[float(c) for c in pixel_to_plane(scene.view, size, (i + 0.5, j + 0.5))] for i in range(size[0])]
            for j in range(size[1])
        ]
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "abs"])
def test_every_piece_has_one_colour_and_neighbours_another(engine: str, activation: str, gl: object) -> None:
    size = (90, 60)
    scene = replace(SCENE, activation=activation, angle=20.0)
    seen = weightscape.render(scene, size=size, engine=engine)[:42]  # type: ignore[arg-type]
    words = pattern(network(scene), points(scene, size))[:42]
    numbers = identity(words)
    inside = ~boundary(numbers)

    expected = np.floor(255 * coloured(words) + 0.5)
    assert (np.abs(seen.astype(int) - expected).max(-1) <= 1)[inside].mean() > 0.99
    assert len(np.unique(numbers)) > 10
    assert np.unique(np.concatenate([numbers[..., None], seen], -1)[inside], axis=0).shape[0] < 1.5 * len(
        np.unique(numbers)
    )


def test_the_count_grows_to_the_exact_one_as_the_grid_gets_finer() -> None:
    scene = replace(SCENE, width=5, seed=10)  # whose smallest piece is a thousandth of the plane's unit
    exact = exact_count(scene, network(scene), (40, 40))
    seen = [len(np.unique(identity(patterns(scene, side)))) for side in (8, 60, 900)]
    assert exact is not None
    assert seen[0] < seen[1] <= seen[2] == exact


def patterns(scene: Scene, side: int) -> np.ndarray:
    line = ((np.arange(side) + 0.5) / side * 2.0 - 1.0) * scene.radius
    return pattern(network(scene), np.stack(np.meshgrid(line, line), -1))


def test_the_exact_count_follows_the_view() -> None:
    def count(**fields: object) -> int | None:
        scene = replace(SCENE, **fields)  # type: ignore[arg-type]
        return exact_count(scene, network(scene), (64, 48))

    whole = count()
    assert whole is not None
    turned, part = count(angle=180.0), count(radius=0.4)
    assert turned == whole
    assert part is not None
    assert part < whole
    assert count(layer=1) < whole
    assert count(width=100) is None, "too many units"
    assert count(activation="leaky_relu", inputs=("x", "r")) is None, "curved"
    assert count(radius=1e-9) is None, "beyond float64"


ASSETS = Path(__file__).parents[2] / "assets"
LIGHTS = replace(from_text((ASSETS / "scenes" / "street-light.json").read_text()), lens="regions")
DIGITS = replace(from_text((ASSETS / "scenes" / "digits.json").read_text()), weights="digits-relu", lens="regions")
AFFINE = [
    LIGHTS,
    replace(LIGHTS, angle=33.0, center=("0.25", "-0.125"), radius=3.0),
    DIGITS,
    replace(DIGITS, radius=0.4, angle=-70.0),
    replace(SCENE, inputs=("y", "0.75", "cos_t", "x", "sin_t"), time=0.2),
    replace(SCENE, inputs=("x", "x")),
]


def fed(scene: Scene, size: tuple[int, int]) -> np.ndarray:
    """List what the network is fed at each pixel: (rows, columns, inputs)."""
    return np.array(
        [
            [point.inputs(replace(scene, probe=pixel_to_screen(size, (i + 0.5, j + 0.5)))) for i in range(size[0])]
            for j in range(size[1])
        ]
    )


@pytest.mark.slow
@pytest.mark.parametrize("scene", AFFINE, ids=range(len(AFFINE)))
def test_whatever_is_affine_in_the_plane_is_counted_and_a_grid_sees_no_more(scene: Scene) -> None:
    size, made = (48, 36), network(scene)
    exact = exact_count(scene, made, size)
    seen = len(np.unique(pattern(made, fed(scene, size)) @ 65536.0 ** np.arange(4)))
    assert exact is not None
    assert exact >= seen > 1
    # What a coarse grid misses are slivers; it sees more than half of the pieces.
    assert exact < 2 * seen


def test_the_street_light_has_the_pieces_that_a_hand_counts() -> None:
    # Of its four units' lines three go through the square of -1..1, none of them across another there.
    W = network(LIGHTS).weights[0]
    corners = np.array([[x, y, 1.0] for x in (-1.0, 1.0) for y in (-1.0, 1.0)]) @ W
    assert ((corners.min(0) < 0) & (corners.max(0) > 0)).sum() == 3
    assert exact_count(LIGHTS, network(LIGHTS), (50, 50)) == 4


def test_what_is_counted_is_told() -> None:
    made = network(SCENE)
    exact = exact_count(SCENE, made, (64, 48))
    assert told_count(SCENE, made, (64, 48), 12) == f"12 of exactly {exact} linear pieces in view at this resolution"
    curved = replace(SCENE, inputs=("x", "r"))
    assert told_count(curved, network(curved), (64, 48), 1) == "1 linear piece in view at this resolution"


@pytest.mark.parametrize("clear", [None, (0, 0, 17, 24), (13, 0, 320, 200)])
@pytest.mark.parametrize("size", [(401, 300), (80, 60), (20, 30)])
def test_sprites_over_colours_are_the_drawing(
    size: tuple[int, int], clear: Box | None, numpy_engine: NumpyEngine
) -> None:
    clear = clear and common(clear, (0, 0, *size))
    points, made = REGIONS.points, network(SCENE)
    assert points
    assert REGIONS.colours
    asked = question(SCENE, size)
    answered = Answered(asked, numpy_engine.field(asked), clear=clear)
    expected = REGIONS.draw(SCENE, made, size, [answered])
    seen = REGIONS.colours(answered.field)
    for sprite in points.sprites(SCENE, made, size, answered):
        for y, row in enumerate(sprite.colours, sprite.top):
            for x, colour in enumerate(row, sprite.left):
                if 0 <= y < size[1] and 0 <= x < size[0]:
                    seen[y, x] = colour[:3] + (1 - colour[3]) * seen[y, x]

    assert np.abs(seen - expected).max() <= 1 / 255
    rows, columns = np.nonzero((np.abs(seen - REGIONS.colours(answered.field)) > 0.1).any(-1))
    left, top, right, bottom = clear or (0, 0, *size)
    assert (len(rows) > 0) == (right - left > 50), "no words where is no room"
    assert all(top <= row < bottom for row in rows)
    assert all(left <= column < right for column in columns)


def test_what_stays_begins_with_the_neighbours() -> None:
    points, asked = REGIONS.points, question(SCENE, (9, 7))
    assert points
    assert REGIONS.colours
    assert points.staying(asked) == (asked, Pieces())
    words = np.random.default_rng(1).integers(0, 3, (7, 9, 4)).astype(np.float32)
    for left, above in ((0, 0), (1, 0), (0, 1), (1, 1)):
        expected = REGIONS.colours(plain(words))[above:, left:]
        assert np.array_equal(points.coloured(plain(words), Pieces(left, above)), expected)


def test_pieces_that_are_seen_are_counted_once_each() -> None:
    words = np.zeros((5, 6, 4))
    words[1:3, 2:4] = words[4, 5] = 1
    words[0, 1] = (0, 0, 0, 65535)
    assert seen_pieces(words) == len(np.unique(identity(words))) == 3


@pytest.mark.parametrize("activation", ["tanh", "triangle", "identity"])
def test_a_network_without_pieces_is_told_by_name(activation: str) -> None:
    with pytest.raises(SceneError, match="relu, leaky_relu, abs") as caught:
        weightscape.render(replace(SCENE, activation=activation), size=(20, 20))
    assert caught.value.field == "lens"


@pytest.mark.parametrize("size", [(1, 1), (20, 3), (3, 50)])
def test_any_size_is_a_picture(size: tuple[int, int]) -> None:
    assert weightscape.render(SCENE, size=size).shape == (size[1], size[0], 3)
