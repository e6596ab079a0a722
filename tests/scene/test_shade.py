"""Shade: from outputs to display colours and to bytes."""

import numpy as np
import pytest

from weightscape.scene.colour import Colour
from weightscape.scene.palette import palette
from weightscape.scene.shade import quantise, shade

VALUES = np.random.default_rng(3).uniform(-0.5, 1.5, (5, 7, 4))


def test_three_outputs_are_red_green_and_blue_clamped() -> None:
    assert np.array_equal(np.clip(VALUES[..., :3], 0, 1), shade(VALUES[..., :3], Colour("magma")))


def test_one_output_goes_through_the_palette() -> None:
    expected = palette("magma", np.clip(VALUES[..., 0], 0, 1))
    assert np.array_equal(expected, shade(VALUES[..., :1], Colour("magma")))


def test_two_outputs_are_red_and_green_and_of_more_the_first_three_count() -> None:
    two = shade(VALUES[..., :2], Colour("magma"))
    assert np.array_equal(np.clip(VALUES[..., :2], 0, 1), two[..., :2])
    assert not two[..., 2].any()
    assert np.array_equal(shade(VALUES[..., :3], Colour("magma")), shade(VALUES, Colour("magma")))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shade_keeps_precision_and_its_argument(dtype: type[np.floating]) -> None:
    values = VALUES.astype(dtype)
    before = values.copy()
    for outputs in (1, 2, 3):
        assert dtype == shade(values[..., :outputs], Colour("grey")).dtype
    assert np.array_equal(before, values)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bytes_are_rounded_or_floored(dtype: type[np.floating]) -> None:
    colours = np.array([0, 0.4999, 0.5001, 1, 127.4, 127.6, 254.4, 254.6, 255], dtype) / dtype(255)
    assert quantise(colours, "round").tolist() == [0, 0, 1, 1, 127, 128, 254, 255, 255]
    floored = np.array([0, 0.9, 1.1, 127.9, 254.9, 255], dtype) / dtype(255)
    assert quantise(floored, "floor").tolist() == [0, 0, 1, 127, 254, 255]
    assert quantise(colours, "round").dtype == np.uint8


def test_every_byte_comes_back_from_its_own_colour() -> None:
    every = np.arange(256, dtype=np.uint8)
    for dtype in (np.float32, np.float64):
        assert np.array_equal(every, quantise(every.astype(dtype) / dtype(255), "round"))
