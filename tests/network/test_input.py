"""Folding the view into the first layer: against the unfolded network on the plane's own coordinates."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from weightscape.engine.question import pixel_grid
from weightscape.network.input import Radial, fold, parse_inputs, radial_input
from weightscape.network.network import Matrix
from weightscape.network.view import View, pixel_to_plane
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

SIZES = [(1, 1), (27, 51), (64, 3), (8, 8)]
VIEWS = [
    View(),
    View((Decimal("-1"), Decimal("0.5")), 0.25, 30.0),
    View((Decimal("0.7"), Decimal("-2")), 3.0, -90.0),
    View((Decimal("0.1"), Decimal("0.2")), 1e-3, 180.0),
    View((Decimal("50"), Decimal("-20")), 40.0, 271.5),
]
INPUTS = ["x,y", "y,x", "x", "x,y,x", "r", "x,y,r", "r,x,r,y", "x,y,cos_t,sin_t,0.5", "-3,y,r,cos_t", "cos_t,2.5"]


def pixels(size: tuple[int, int]) -> tuple[Matrix, Matrix]:
    """Pixel coordinates from the middle, y up, of every pixel."""
    grid = pixel_grid(*size)
    return np.meshgrid(grid.x + np.arange(grid.columns), grid.y - np.arange(grid.rows))


def plane(view: View, size: tuple[int, int]) -> tuple[Matrix, Matrix]:
    points = np.array(
        [[pixel_to_plane(view, size, (i + 0.5, j + 0.5)) for i in range(size[0])] for j in range(size[1])]
    ).astype(np.float64)
    return points[..., 0], points[..., 1]


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_folded_network_gives_what_the_unfolded_one_gives_on_the_plane(view: View, inputs: str) -> None:
    scene = Scene(tied=False, layers=3, width=8, scale=0.4, inputs=inputs, time=0.3)
    network = draw(scene)
    for size in SIZES:
        x, y = plane(view, size)
        turn = 2 * math.pi * 0.3
        named = {"x": x, "y": y, "r": np.hypot(x, y), "cos_t": np.cos(turn), "sin_t": np.sin(turn)}
        columns = [
            np.broadcast_to(named.get(name, 0.0) if name in named else float(name), x.shape) for name in scene.inputs
        ]
        folded, radial = fold(network, scene.inputs, 0.3, view, size)
        px, py = pixels(size)
        fed = [px, py, radial_input(radial, px, py)] if radial else [px, py]
        assert ("r" in scene.inputs) == (radial is not None)
        # Coordinates of up to 100 make pre-activations of up to 1e3, rounded to 1e-13; three layers multiply that.
        assert np.allclose(network(np.stack(columns, -1)), folded(np.stack(fed, -1)), rtol=0, atol=1e-11)


def test_folding_changes_the_first_layer_alone() -> None:
    network = draw(Scene())
    folded, _ = fold(network, ("x", "y"), 0.0, VIEWS[1], (64, 48))
    assert folded.weights[0] is not network.weights[0]
    assert all(a is b for a, b in zip(network.weights[1:], folded.weights[1:], strict=True))
    assert all(a is b for a, b in zip(network.biases[1:], folded.biases[1:], strict=True))


def test_folding_says_when_the_inputs_do_not_fit() -> None:
    with pytest.raises(ValueError, match="2 inputs, the scene lists 3: x,y,r"):
        fold(draw(Scene()), ("x", "y", "r"), 0.0, View(), (8, 8))


def test_time_goes_in_turns() -> None:
    network = draw(Scene(inputs="cos_t,sin_t"))
    at = {t: fold(network, ("cos_t", "sin_t"), t, View(), (8, 8))[0].biases[0] for t in (0.0, 0.25, 0.5, 1.0)}
    W, b = network.weights[0], network.biases[0]
    assert np.allclose(at[0.0], at[1.0], rtol=0, atol=1e-14)
    assert np.allclose(b + W[0], at[0.0], rtol=0, atol=1e-15)
    assert np.allclose(b + W[1], at[0.25], rtol=0, atol=1e-15)
    assert np.allclose(b - W[0], at[0.5], rtol=0, atol=1e-15)


RADIALS = [
    Radial((0.0, 0.0), 100.0),
    Radial((1e-9, -1e-12), 100.0),
    Radial((0.3, -0.4), 500.0),
    Radial((0.6, 0.8), 1e4),
    Radial((1.0, 0.0), 1e9),
    Radial((-0.6, 0.8), 1e15),
    Radial((-0.6, 0.8), 1e30),
]


def exact_rise(radial: Radial, px: Matrix, py: Matrix) -> Matrix:
    """r(p) - r(0) with 60 digits, where hypot in float64 would have none left."""
    with localcontext(prec=80):
        length = Decimal(radial.length)
        ex, ey = (Decimal(e) * length for e in radial.origin)
        start = (ex * ex + ey * ey).sqrt()
        return np.array(
            [
                float(((ex + Decimal(x)) ** 2 + (ey + Decimal(y)) ** 2).sqrt() - start)
                for x, y in zip(px.ravel().tolist(), py.ravel().tolist(), strict=True)
            ]
        ).reshape(px.shape)


@pytest.mark.parametrize("radial", RADIALS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_radial_input_is_the_difference_of_two_distances(radial: Radial, dtype: type[np.floating]) -> None:
    px, py = pixels((27, 51))
    got = radial_input(radial, px.astype(dtype), py.astype(dtype))
    assert dtype == got.dtype
    # Errors are relative to the pixels' distances (up to 29): a few roundings.
    assert np.allclose(exact_rise(radial, px, py), got, rtol=0, atol=30 * 8 * np.finfo(dtype).eps)


def test_near_the_origin_the_radial_input_is_hypot_itself() -> None:
    px, py = pixels((8, 9))
    near = radial_input(Radial((0.0, 0.0), 10.0), px, py)
    assert np.allclose(np.hypot(px, py), near, rtol=4e-16, atol=0)
    assert radial_input(Radial((0.0, 0.0), 10.0), np.zeros(1), np.zeros(1))[0] == 0


def test_far_away_and_deep_down_the_radial_input_is_still_smooth() -> None:
    view = View((Decimal(3), Decimal(4)), 1e-12, 0.0)
    _, radial = fold(draw(Scene(inputs="r")), ("r",), 0.0, view, (64, 64))
    assert radial is not None
    px, py = pixels((64, 64))
    # So close, r is a plane: its slope is the direction from the origin, (3, 4) / 5.
    assert np.allclose(0.6 * px + 0.8 * py, radial_input(radial, px, py), rtol=0, atol=1e-9)


def test_the_radial_inputs_numbers_fit_float32_at_any_zoom() -> None:
    for radius in (1e-300, 1e-30, 1.0, 1e12):
        for center in ((0, 0), (3, 4), (1e12, -1e12)):
            view = View((Decimal(center[0]), Decimal(center[1])), radius)
            _, radial = fold(draw(Scene(inputs="r")), ("r",), 0.0, view, (640, 360))
            assert radial is not None
            assert math.hypot(*radial.origin) <= 1 + 1e-15
            px, py = (p.astype(np.float32) for p in pixels((640, 360)))
            assert np.isfinite(radial_input(radial, px, py)).all()


@pytest.mark.parametrize(
    ("given", "expected"),
    [("x,y", ("x", "y")), (" x , r,0.50", ("x", "r", "0.5")), (["x", 2, "1e-3"], ("x", "2.0", "0.001"))],
)
def test_inputs_are_read_from_text_and_lists(given: object, expected: tuple[str, ...]) -> None:
    assert expected == parse_inputs(given)


@pytest.mark.parametrize("given", ["", "x,,y", "x,z", "nan", "inf", "1e7", [], ["x"] * 65, 3, None, {"x": 1}, [True]])
def test_inputs_that_cannot_be_raise(given: object) -> None:
    with pytest.raises(ValueError, match=r"is not|neither"):
        parse_inputs(given)
