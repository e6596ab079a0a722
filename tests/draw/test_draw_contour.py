"""Contours: lines of a pixel's width between kinds, alike whichever piece is drawn."""

import numpy as np
import pytest

from weightscape.draw.contour import EDGE_ALPHA, half_width, lines, margin

SIZE = (64, 48)
KINDS = np.random.default_rng(2).integers(0, 3, (7, 9)).repeat(10, 0).repeat(10, 1).astype(np.int64)


def test_a_line_is_where_the_neighbour_is_another_one() -> None:
    around = margin(SIZE)
    kinds = np.zeros((20 + 2 * around, 30 + 2 * around), np.int64)
    kinds[:, around + 12 :] = 1
    seen = lines(kinds, SIZE)
    assert seen.shape == (20, 30, 4)
    assert (seen[:, 11] == 1.0).all()
    assert np.allclose(seen[:, [10, 12], 3], EDGE_ALPHA)
    assert not np.delete(seen, [10, 11, 12], 1).any()


@pytest.mark.parametrize("size", [(64, 48), (4096, 4096)])
def test_a_piece_is_drawn_as_the_whole(size: tuple[int, int]) -> None:
    around = margin(size)
    whole = lines(KINDS, size)
    left, top, wide, high = 5, 7, 30, 21
    piece = lines(KINDS[top : top + high + 2 * around, left : left + wide + 2 * around], size)
    assert np.array_equal(piece, whole[top : top + high, left : left + wide])
    assert whole.any()


def test_lines_grow_with_the_picture() -> None:
    assert half_width((720, 720)) == 0
    assert half_width((7200, 7200)) == 4


def test_one_kind_has_no_line() -> None:
    assert not lines(np.full((30, 30), 2), SIZE).any()
