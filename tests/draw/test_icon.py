"""The shipped icons: every size, with round corners, small files."""

import numpy as np
import pytest

from weightscape.draw.icon import SIZES, SMALL, icon, icon_file


@pytest.mark.parametrize("side", SIZES)
def test_an_icon_is_a_picture_with_round_corners(side: int) -> None:
    pixels = icon(side)
    assert pixels.shape == (side, side, 4)
    assert set(pixels[[0, 0, -1, -1], [0, -1, 0, -1], 3]) == {0}
    middle = pixels[side // 4 : -side // 4, side // 4 : -side // 4]
    assert middle[..., 3].min() > 250
    assert np.ptp(middle[..., :3].astype(int)) > 100
    assert len(icon_file(side)) < 30_000


def test_a_window_takes_the_small_ones() -> None:
    assert set(SMALL) < set(SIZES)
