"""Contrast: whatever the range, it is seen."""

import numpy as np
import pytest

from weightscape.scene.contrast import contrast

RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize("scale", [1e-305, 1e-60, 1e-3, 1.0, 1e20])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_any_range_fills_the_picture(scale: float, shift: float) -> None:
    values = scale * (shift + RANDOM.uniform(-1, 1, (50, 60, 3)))
    seen = contrast(values)(values)
    assert np.percentile(seen, (1, 99), axis=(0, 1)) == pytest.approx(np.array([[0.05] * 3, [0.95] * 3]))


def test_channels_stretch_by_themselves_and_a_flat_one_is_grey() -> None:
    values = np.stack([RANDOM.uniform(0, 1e-9, 1000), np.full(1000, 0.3), RANDOM.uniform(-5, 5, 1000)], axis=-1)
    seen = contrast(values)(values)
    assert (seen[:, 1] == 0.5).all()
    assert seen[:, 0].std() == pytest.approx(seen[:, 2].std(), rel=0.1)


def test_a_stray_point_does_not_flatten_the_rest() -> None:
    values = RANDOM.uniform(0, 1, (1000, 1))
    values[0] = 1e9
    assert contrast(values)(values[1:]).std() > 0.2


def test_order_is_kept() -> None:
    values = np.sort(RANDOM.normal(0, 1e-40, (500, 1)), axis=0)
    assert (np.diff(contrast(values)(values), axis=0) >= 0).all()
