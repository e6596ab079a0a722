"""Shading: gain and bias as a shader takes them say the same as levels in float64, however deep the zoom."""

import numpy as np
import pytest

from weightscape.engine.question import Field
from weightscape.network.activation import ACTIVATIONS
from weightscape.scene.contrast import Contrast, contrast
from weightscape.scene.shading import bounded, centred, level, plain, stretched

DATA = np.random.default_rng(4).uniform(-1.5, 1.5, (40, 50, 3)).astype(np.float32)
OFFSET = np.array([0.5, -0.25, 0.75])
SCALES = [1.0, 1e-9, 1e-290, 1e-307]


@pytest.mark.parametrize("scale", SCALES)
def test_values_are_shown_as_they_are_centred_or_by_the_sigmoid(scale: float) -> None:
    scales = scale * np.array([1.0, 0.5, 0.0])
    values = OFFSET + scales * DATA
    assert np.allclose(values, level(DATA, plain(3).of(OFFSET, scales)), rtol=0, atol=3e-7)
    assert np.allclose(values / 2 + 0.5, level(DATA, centred(3).of(OFFSET, scales)), rtol=0, atol=3e-7)
    expected = ACTIVATIONS["sigmoid"].function(values)
    assert np.allclose(expected, level(DATA, bounded(3).of(OFFSET, scales)), rtol=0, atol=3e-7)


def test_without_offset_and_scale_no_bit_changes() -> None:
    seen = level(DATA, plain(3).of(np.zeros(3), np.ones(3)))
    assert seen.dtype == np.float32
    assert np.array_equal(DATA, seen)
    half = np.float32(0.5)
    assert np.array_equal(DATA * half + half, level(DATA, centred(3).of(np.zeros(3), np.ones(3))))


@pytest.mark.parametrize("scale", [*SCALES, 1e-312])
@pytest.mark.parametrize("shift", [0.0, 40.0])
def test_levels_that_follow_the_view_stretch_what_lies_above_the_offset(scale: float, shift: float) -> None:
    field = Field(DATA + np.float32(shift), OFFSET, np.full(3, scale))
    measured = contrast(field.relative)
    seen = level(field.data, stretched(measured).of(field.offset, field.scale))
    # Below 1e-308 float64 itself has fewer digits.
    assert np.allclose(measured(field.relative), seen, rtol=0, atol=1e-6 if scale > 1e-300 else 1e-3)


def test_of_a_narrow_range_the_sum_of_large_numbers_loses_nothing() -> None:
    """With gain * data + bias in float32 alone this would be off by about 0.05."""
    data = (0.7 + 1e-6 * DATA).astype(np.float32)
    measured = Contrast(np.full(3, 0.6999987), np.full(3, 0.7000013))
    assert not np.array_equal(measured.low.astype(np.float32), measured.low)
    whole = stretched(measured).of(np.zeros(3), np.ones(3))
    assert np.allclose(measured(data), level(data, whole), rtol=0, atol=1e-6)
    gain = np.array(whole.gain[:3])
    bias = np.array(whole.bias[:3]) - gain * np.array(whole.zero[:3])
    naive = gain.astype(np.float32) * data + bias.astype(np.float32)
    assert np.abs(naive - measured(data)).max() > 0.01


@pytest.mark.parametrize("value", [0.0, 0.3, -1e-290])
def test_a_flat_channel_is_grey_whatever_its_data(value: float) -> None:
    flat = Contrast(np.array([value, 0.0]), np.array([value, 1.0]))
    made = stretched(flat).of(np.array([0.5, 0.5]), np.array([1e-290, 1.0]))
    assert (made.gain[0], made.bias[0]) == (0.0, 0.5)
    assert (level(DATA[..., :2], made)[..., 0] == 0.5).all()


def test_a_gain_stays_a_float_and_more_than_four_channels_are_left_out() -> None:
    tiny = Contrast(np.zeros(7), np.full(7, 1e-45))
    made = stretched(tiny).of(np.zeros(7), np.ones(7))
    assert [len(each) for each in made[:3]] == [4, 4, 4]
    assert np.isfinite(np.array(made.gain, np.float32)).all()
    assert level(np.zeros((2, 7), np.float32), made) == pytest.approx(np.full((2, 4), 0.05))
