"""Colour tables: their ends, their middle, and nothing but colours in between."""

import numpy as np
import pytest

from weightscape.scene.palette import COLOURS, PALETTES, palette, table

VALUES = np.linspace(0, 1, 1001)


@pytest.mark.parametrize("name", PALETTES)
def test_a_table_has_256_colours_of_8_bits(name: str) -> None:
    assert table(name).shape == (COLOURS, 3)
    assert table(name).dtype == np.uint8


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_palette_meets_its_table_and_is_linear_between(name: str, dtype: type[np.floating]) -> None:
    entries = palette(name, (np.arange(COLOURS) / (COLOURS - 1)).astype(dtype))
    assert dtype == entries.dtype
    assert np.allclose(table(name) / 255, entries, rtol=0, atol=1e-4 if dtype == np.float32 else 1e-12)
    middle = palette(name, np.array([100.5 / 255]))[0]
    assert np.allclose(table(name)[100:102].mean(axis=0) / 255, middle, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", PALETTES)
def test_colours_stay_in_0_to_1_and_keep_the_shape(name: str) -> None:
    colours = palette(name, VALUES.reshape(7, 143))
    assert colours.shape == (7, 143, 3)
    assert colours.min() >= 0
    assert colours.max() <= 1


def test_grey_is_the_value_itself() -> None:
    assert np.allclose(VALUES[:, None], palette("grey", VALUES), rtol=0, atol=1e-12)


def test_known_ends_and_twilight_closes() -> None:
    assert table("viridis")[0].tolist() == [68, 1, 84]
    assert table("viridis")[-1].tolist() == [253, 231, 37]
    assert table("magma")[0].tolist() == [0, 0, 4]
    first, last = table("twilight")[[0, -1]].astype(int)
    assert np.abs(first - last).max() <= 4
