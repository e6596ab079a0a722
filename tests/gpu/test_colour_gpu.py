"""Colours on the GPU: every reading is that of scene/shade.py, within two steps of 8 bits."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from weightscape.gpu.canvas import Canvas
from weightscape.scene.colour import Colour
from weightscape.scene.palette import READINGS
from weightscape.scene.shade import shade

# A lattice through the whole cube, its ends included, and beyond them.
AXIS = np.linspace(-0.05, 1.05, 23, dtype=np.float32)
VALUES = np.stack(np.meshgrid(AXIS, AXIS, AXIS), -1).reshape(23, 529, 3)
CHANGES: list[dict[str, Any]] = [
    {},
    {"gamma": 2.2, "invert": True},
    {"turn": 0.3},
    {"palette": "romaO", "turn": 0.8},
    {"stops": "#201040@0.1 #f0e0a0@0.6 #ff4000@1", "gamma": 0.5},
]
NEAR = 2.0 / 255.0


@pytest.fixture
def canvas(gl: Any) -> Iterator[Canvas]:
    made = Canvas(gl, (529, 23))
    yield made
    made.release()


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize(("reading", "changes"), [*itertools.product(READINGS, CHANGES)])
def test_every_reading_is_pythons(canvas: Canvas, reading: str, changes: dict[str, Any], channels: int) -> None:
    colour = Colour(reading=reading, **changes)
    values = np.ascontiguousarray(VALUES[..., :channels])
    canvas.paint(values, (0.0, 0.0), 1.0, colour.table, reading=colour.read(channels))
    far = np.abs(canvas.read() - shade(values.astype(np.float64), colour))

    assert far.max() <= NEAR
    assert far.mean() <= 1e-4


def test_samples_are_read_before_they_are_averaged(canvas: Canvas) -> None:
    colour = Colour(reading="hsv")
    dark, bright = np.full((23, 529, 3), 0.1, np.float32), np.full((23, 529, 3), 0.9, np.float32)
    for values in (dark, bright):
        canvas.add(values, (0.0, 0.0), colour.table, is_first=values is dark, reading=colour.read(3))
    canvas.settle((0, 0), (529, 23), 2)

    expected = (shade(dark, colour) + shade(bright, colour)) / 2.0
    assert np.abs(canvas.read() - expected).max() <= 1e-5


def test_plain_colours_compile_nothing_new() -> None:
    assert Colour("magma").read(1) is None
    assert Colour().read(3) is None
    assert Colour(reading="hsv").read(1) is None
    assert Colour(reading="hsv").read(3) is not None
