"""Samples of a pixel: the middle first, then spread evenly, and exact in float32."""

import numpy as np

from weightscape.scene.sample import GRAIN, MAX_SAMPLES, sample

POINTS = np.array([sample(n) for n in range(MAX_SAMPLES)])


def test_the_first_sample_is_the_pixels_middle() -> None:
    assert sample(0) == (0.0, 0.0)


def test_samples_stay_in_their_pixel_and_are_short_binary_fractions() -> None:
    assert np.abs(POINTS).max() <= 0.5
    assert np.array_equal(POINTS * GRAIN, np.rint(POINTS * GRAIN))
    far = POINTS + 65_535.5
    assert np.array_equal(far, far.astype(np.float32))


def test_samples_cover_the_pixel_evenly() -> None:
    for count in (64, 256, 1024):
        cells = np.floor((POINTS[:count] + 0.5) * 3.999999).astype(int)
        seen = np.bincount(cells[:, 0] * 4 + cells[:, 1], minlength=16)
        # Of 16 cells none has less than half or more than twice its share.
        assert seen.min() >= count / 32
        assert seen.max() <= count / 8
        assert np.abs(POINTS[:count].mean(axis=0)).max() <= 1 / count**0.5 / 2


def test_no_two_of_the_first_256_samples_coincide() -> None:
    assert len({tuple(point) for point in POINTS[:256].tolist()}) == 256
