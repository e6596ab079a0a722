"""Points coloured on the GPU by their largest output: as winners() does it, its twin; and what is laid over them."""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.gpu.canvas import Canvas
from weightscape.gpu.fence import NO_FENCE
from weightscape.gpu.loan import Loan
from weightscape.gpu.shelf import folded
from weightscape.lens.winner import DARKEST, RGB, THREE, winners
from weightscape.network.softmax import softmax
from weightscape.scene.palette import table
from weightscape.scene.shading import Largest

SIZE = (61, 43)
RANDOM = np.random.default_rng(5)
GREY = table("grey")
# Of the root of a difference of two numbers near 1, float32.
NEAR = 4e-4


@pytest.fixture
def canvas(gl: Any) -> Iterator[Canvas]:
    canvas = Canvas(gl, SIZE)
    yield canvas
    canvas.release()


def lent(gl: Any, values: npt.NDArray[np.float32]) -> tuple[Any, Loan]:
    """Leave numbers in a texture as an engine does."""
    rows, columns, channels = values.shape
    size, components = ((columns, rows), channels) if channels <= 4 else (folded(values.size), 1)
    laid = np.zeros((size[1] * size[0], components), np.float32)
    laid.ravel()[: values.size] = values.ravel()
    texture = gl.texture(size, components, laid, alignment=1, dtype="f4")
    return texture, Loan(texture.glo, size, components, values.shape, NO_FENCE, lambda fence: None)


def painted(gl: Any, canvas: Canvas, values: npt.NDArray[np.float32], largest: Largest, stride: int = 1) -> Any:
    texture, loan = lent(gl, values)
    canvas.paint(loan, (0.0, 0.0), stride, GREY, shading=largest)
    texture.release()
    return canvas.read()


@pytest.mark.parametrize("channels", [2, 3, 4, 5, 10, 16])
@pytest.mark.parametrize("spread", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("is_softmax", [False, True])
def test_a_point_has_its_winners_colour(
    gl: Any, canvas: Canvas, is_softmax: bool, spread: float, channels: int
) -> None:
    values = RANDOM.normal(0.5, spread, (SIZE[1], SIZE[0], channels)).astype(np.float32)
    expected = winners(softmax(values.astype(np.float64)) if is_softmax else values)
    seen = painted(gl, canvas, values, Largest(is_softmax))

    assert len(np.unique(values.argmax(-1))) == channels
    assert expected.std() > 0.03
    assert np.abs(seen - expected).max() <= NEAR


def test_of_equal_outputs_the_first_wins_darkly(gl: Any, canvas: Canvas) -> None:
    values = np.zeros((SIZE[1], SIZE[0], 6), np.float32)
    values[..., [2, 4]] = 1.0
    for is_softmax in (False, True):
        seen = painted(gl, canvas, values, Largest(is_softmax))
        assert np.abs(seen - DARKEST * RGB[2]).max() <= 1e-6


@pytest.mark.parametrize("channels", [3, 7])
def test_coarse_points_are_squares(gl: Any, canvas: Canvas, channels: int) -> None:
    values = RANDOM.normal(0.5, 1.0, (-(-SIZE[1] // 4), -(-SIZE[0] // 4), channels)).astype(np.float32)
    expected = winners(values).repeat(4, 0).repeat(4, 1)[: SIZE[1], : SIZE[0]]

    assert np.abs(painted(gl, canvas, values, Largest(False), 4) - expected).max() <= NEAR


def test_samples_are_added_up_and_averaged(gl: Any, canvas: Canvas) -> None:
    samples = RANDOM.normal(0.5, 1.0, (3, SIZE[1], SIZE[0], 5)).astype(np.float32)
    for n, values in enumerate(samples):
        texture, loan = lent(gl, values)
        canvas.add(loan, (0.0, 0.0), GREY, shading=Largest(False), is_first=n == 0)
        texture.release()
    canvas.settle((0, 0), SIZE, len(samples))

    assert np.abs(canvas.read() - winners(samples).mean(0)).max() <= NEAR


def test_the_twins_have_the_same_colours() -> None:
    text = (files("weightscape.shaders") / "lib" / "largest.glsl").read_text(encoding="utf-8")
    found = np.array(re.findall(r"vec3\((\d+\.\d+), (\d+\.\d+), (\d+\.\d+)\)", text), float)
    classes, three = found[: len(RGB)] / 255, found[len(RGB) :]
    assert np.array_equal(classes.astype(np.float32), RGB)
    assert np.array_equal(three, THREE)
    assert f"DARKEST = {DARKEST};" in text


def test_a_sprite_is_laid_over_the_picture_inside_its_box_alone(canvas: Canvas) -> None:
    below = RANDOM.uniform(0, 1, (SIZE[1], SIZE[0], 3)).astype(np.float32)
    alpha = RANDOM.uniform(0, 1, (12, 9, 1)).astype(np.float32)
    sprite = np.concatenate([alpha * np.float32(0.7), alpha * np.float32(0.2), alpha * np.float32(0.9), alpha], -1)
    for (left, top), box in (((20, 10), (0, 0, *SIZE)), ((-4, 38), (0, 0, *SIZE)), ((50, 5), (52, 8, 55, 40))):
        canvas.paint(below, (0.0, 0.0), 1.0, GREY)
        canvas.stamp(sprite, (left, top), box)
        expected = below.copy()
        for y in range(max(top, box[1]), min(top + 12, box[3])):
            for x in range(max(left, box[0]), min(left + 9, box[2])):
                colours = sprite[y - top, x - left]
                expected[y, x] = colours[:3] + (1 - colours[3]) * below[y, x]
        assert (expected != below).any()
        assert np.abs(canvas.read() - expected).max() <= 1e-6
    canvas.stamp(sprite, (200, 10), (0, 0, *SIZE))
    assert np.abs(canvas.read() - expected).max() <= 1e-6
