"""Colour spaces: published values, colorsys, and colours that no screen shows."""

import colorsys

import numpy as np
import pytest

from weightscape.scene.colour_space import LAB, display, light, linear, oklab, rgb_of_hsv, rgb_of_oklab, turned

COLOURS = np.random.default_rng(5).random((2000, 3))
# Values of the library culori and of colorjs.io's tests (test/conversions.js): sRGB in 8 bits, then OKLab.
PUBLISHED = {
    (255, 0, 0): (0.6279553639214311, 0.2248630684262744, 0.125846277330585),
    (0, 255, 0): (0.8664396175234368, -0.23388758093655815, 0.1794984451609376),
    (0, 0, 255): (0.45201371817442365, -0.03245697517079771, -0.3115281656775778),
    (0, 255, 255): (0.9053992360133608, -0.1494439435082286, -0.039398192151822164),
    (128, 128, 128): (0.5998708056221469, 0.0, 0.0),
    (64, 128, 192): (0.5872086004774627, -0.03953725056147639, -0.11186058237236235),
    (10, 10, 10): (0.1447879553888796, 0.0, 0.0),
}
# Ottosson's own pairs of CIE XYZ and OKLab, to their three digits, and his matrix from XYZ to cone responses:
# https://bottosson.github.io/posts/oklab/. The last pair, of eight digits, is of colour-science's documentation.
CONES = np.array([[0.8189330101, 0.3618667424, -0.1288597137], [0.0329845436, 0.9293118715, 0.0361456387]])
CONES = np.vstack([CONES, [0.0482003018, 0.2643662691, 0.6338517070]])
PAIRS = [
    ((0.950, 1.000, 1.089), (1.000, 0.000, 0.000), 5e-4),
    ((1.0, 0.0, 0.0), (0.450, 1.236, -0.019), 5e-4),
    ((0.0, 1.0, 0.0), (0.922, -0.671, 0.263), 5e-4),
    ((0.0, 0.0, 1.0), (0.153, -1.415, -0.449), 5e-4),
    ((0.20654008, 0.12197225, 0.05136952), (0.51634019, 0.154695, 0.06289579), 1e-6),
]
# IEC 61966-2-1: sRGB's primaries in CIE XYZ.
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


@pytest.mark.parametrize("rgb", PUBLISHED)
def test_oklab_has_published_values(rgb: tuple[int, int, int]) -> None:
    assert np.abs(oklab(linear(np.array(rgb) / 255.0)) - PUBLISHED[rgb]).max() <= 1e-6


@pytest.mark.parametrize(("xyz", "lab", "near"), PAIRS)
def test_the_matrices_are_ottossons(xyz: tuple[float, ...], lab: tuple[float, ...], near: float) -> None:
    assert np.abs(np.array(LAB) @ np.cbrt(CONES @ xyz) - lab).max() <= near
    # From linear light the same, as far as the standard's four digits go.
    assert np.abs(oklab(np.linalg.solve(XYZ, np.array(xyz))) - lab).max() <= 2e-3


def test_white_is_1_and_has_no_colour() -> None:
    assert np.abs(oklab(np.ones(3)) - (1.0, 0.0, 0.0)).max() <= 1e-6


def test_hsv_is_that_of_colorsys() -> None:
    expected = np.array([colorsys.hsv_to_rgb(*each) for each in COLOURS])
    assert np.abs(rgb_of_hsv(COLOURS) - expected).max() <= 1e-12
    # Hues go round.
    assert np.abs(rgb_of_hsv(COLOURS + np.array([3.0, 0.0, 0.0])) - expected).max() <= 1e-12


def test_display_values_are_those_of_the_standard() -> None:
    # IEC 61966-2-1: where the two pieces meet, and a middle grey, https://www.w3.org/TR/css-color-4/#color-conversion-code
    assert abs(linear(np.array([0.04045]))[0] - 0.0031308) <= 1e-6
    assert abs(linear(np.array([0.5]))[0] - 0.21404114) <= 1e-7
    assert np.abs(display(linear(COLOURS)) - COLOURS).max() <= 1e-12
    assert np.array_equal(-linear(COLOURS), linear(-COLOURS))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_colours_of_a_screen_come_back(dtype: type[np.floating]) -> None:
    near = 2e-6 if dtype == np.float64 else 2e-5
    shown = rgb_of_oklab(oklab(linear(COLOURS.astype(dtype))))
    assert shown.dtype == dtype
    assert np.abs(shown - COLOURS).max() <= near
    assert np.abs(light(oklab(COLOURS)) - COLOURS).max() <= 1e-6


def test_what_no_screen_shows_keeps_lightness_and_hue_and_as_much_chroma_as_there_is() -> None:
    lab = COLOURS - (0.0, 0.5, 0.5)
    lab = lab[(lab[:, 0] > 0.05) & (lab[:, 0] < 0.95)]
    seen = oklab(linear(rgb_of_oklab(lab)))
    asked, found = lab[:, 1] + 1j * lab[:, 2], seen[:, 1] + 1j * seen[:, 2]

    assert np.abs(seen[:, 0] - lab[:, 0]).max() <= 2e-3
    coloured = np.abs(found) > 0.02
    assert coloured.sum() > 1000
    assert np.abs(np.angle(found / asked))[coloured].max() <= 1e-3
    assert (np.abs(found) <= np.abs(asked) + 1e-6).all()
    # A two-thousandth more is no screen's colour any longer.
    faded = np.abs(found) < 0.99 * np.abs(asked)
    more = np.concatenate([lab[:, :1], seen[:, 1:] + (lab[:, 1:] / 2000)], 1)[faded]
    beyond = light(more)
    assert faded.sum() > 500
    assert ((beyond < 0.0) | (beyond > 1.0)).any(1).all()


def test_black_and_white_have_no_colour() -> None:
    ends = np.array([[0.0, 0.2, 0.1], [1.0, -0.2, 0.1], [-1.0, 0.3, 0.0], [2.0, 0.0, 0.3]])
    assert np.abs(rgb_of_oklab(ends) - [[0.0], [1.0], [0.0], [1.0]]).max() <= 2e-3


def test_a_turn_of_the_hue_comes_back_and_a_quarter_goes_from_red_to_yellow() -> None:
    lab = COLOURS - (0.0, 0.5, 0.5)
    assert np.abs(turned(lab, 1.0) - lab).max() <= 1e-12
    assert np.abs(turned(np.array([0.5, 0.1, 0.0]), 0.25) - (0.5, 0.0, 0.1)).max() <= 1e-12
