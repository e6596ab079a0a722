"""Display values become the numbers of a file: in 8 and 16 bits, dithered by place alone, and as linear light."""

import numpy as np
import pytest

from weightscape.scene.shade import quantise
from weightscape.scene.tone import Depth, Tone, linear, thresholds

SIZE = 128


def test_plain_is_what_is_rounded_as_ever() -> None:
    colours = np.random.default_rng(0).random((40, 30, 3), np.float32)

    for how in ("round", "floor"):
        assert np.array_equal(Tone().apply(colours, how, 3, 7), quantise(colours, how))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_sixteen_bits_give_every_number_back(kind: type) -> None:
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1).repeat(3, axis=2)

    found = Tone(16).apply(every.astype(kind) / kind(65535), "round")

    assert found.dtype == np.uint16
    assert np.array_equal(found, every)
    assert Tone(16).apply(np.full((1, 1, 3), 0.99999), "floor").tolist() == [[[65534] * 3]]


def test_floats_stay_as_they_are() -> None:
    colours = np.random.default_rng(0).random((4, 3, 3), np.float32)

    assert np.array_equal(Tone(32, dither=True).apply(colours, "floor"), colours)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("how", ["round", "floor"])
def test_the_dither_keeps_the_mean(depth: Depth, how: str) -> None:
    """Of any grey between two steps, better than a fortieth of a step over a field of 128 x 128, and of 32 x 32."""
    steps = 2**depth - 1
    greys = (100 + np.linspace(0, 1, 21)) / steps
    for grey in greys:
        found = Tone(depth, dither=True).apply(np.full((SIZE, SIZE, 3), grey), how, 1000, 77)
        corner = found[:32, :32]

        assert abs(found.mean(dtype=np.float64) - steps * grey) < 0.025
        assert abs(corner.mean(dtype=np.float64) - steps * grey) < 0.025
        assert np.ptp(found) <= 1


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_black_and_white_are_not_dithered(depth: Depth, kind: type) -> None:
    ends = np.concatenate([np.zeros((SIZE, SIZE, 3), kind), np.ones((SIZE, SIZE, 3), kind)])

    found = Tone(depth, dither=True).apply(ends, "round")

    assert (found[:SIZE] == 0).all()
    assert (found[SIZE:] == 2**depth - 1).all()


def test_the_dither_depends_on_the_place_alone() -> None:
    colours = np.random.default_rng(0).random((60, 50, 3), np.float32)
    tone = Tone(8, dither=True)

    whole = tone.apply(colours, "round", 11, 30_000)
    pieces = [
        np.concatenate([tone.apply(colours[top : top + 7, :20], "round", 11, 30_000 + top) for top in range(0, 60, 7)]),
        np.concatenate([tone.apply(colours[top : top + 9, 20:], "round", 31, 30_000 + top) for top in range(0, 60, 9)]),
    ]

    assert np.array_equal(np.concatenate(pieces, axis=1), whole)
    assert not np.array_equal(whole, tone.apply(colours, "round", 12, 30_000))


def test_the_thresholds_are_spread_evenly_without_jumps_to_the_end_of_the_largest_picture() -> None:
    for left, top in ((0, 0), (65_000, 65_000)):
        counts, _ = np.histogram(thresholds(left, top, 256, 256), 64, (0.0, 1.0))
        assert counts.min() > 0.9 * 1024
        assert counts.max() < 1.1 * 1024
    # By the definition, in real numbers: fractions of x / g + y / g^2, folded.
    g = np.real(np.roots([1, 0, -1, -1])[0])
    y, x = np.mgrid[:50, :50]
    turn = (x / g + y / g**2) % 1.0
    assert np.abs(thresholds(0, 0, 50, 50) - (1 - np.abs(2 * turn - 1))).max() < 1e-6


def test_the_dither_hides_steps() -> None:
    """A ramp of three steps over 300 pixels: means of 10 x 10 pixels follow it, as rounding does not."""
    ramp = np.broadcast_to(np.linspace(100, 103, 300)[None, :, None] / 255, (10, 300, 3))

    def miss(tone: Tone) -> float:
        blocks = tone.apply(ramp, "round").reshape(10, 30, 10, 3).mean(axis=(0, 2))
        return float(np.abs(blocks - 255 * ramp.reshape(10, 30, 10, 3).mean(axis=(0, 2))).max())

    assert miss(Tone()) > 0.4
    assert miss(Tone(dither=True)) < 0.1


def test_linear_light_is_what_the_standard_tells() -> None:
    # IEC 61966-2-1, by hand: the ends, where the two pieces meet, and the middle grey.
    assert linear(np.array([0.0, 1.0])).tolist() == [0.0, 1.0]
    assert np.allclose(linear(np.array([0.04045, 0.0404500001, 0.5])), [0.0031308, 0.0031308, 0.2140411], atol=1e-7)
    assert linear(np.zeros(3)).dtype == np.float32
