"""A scene's colours: what each reading makes of outputs, gamma, inverting, and how they turn with time."""

from dataclasses import replace

import numpy as np
import pytest

from weightscape.scene.colour import Colour, colour, moves
from weightscape.scene.colour_space import grey, linear, oklab
from weightscape.scene.link import from_link, link
from weightscape.scene.palette import CYCLIC, PALETTES, READINGS, SOURCES, TABLES, Table, table
from weightscape.scene.scene import Scene, from_text, overridden
from weightscape.scene.shade import CHROMA, REACH, shade

VALUES = np.random.default_rng(3).random((40, 50, 3))
FULL = Scene(reading="oklch", palette="romaO", stops="#102030 #ffeedd", gamma=2.2, invert=True, cycle=-0.5)


def test_oklab_and_oklch_are_read_in_their_ranges() -> None:
    values = np.array([[0.6, 0.5, 0.5], [0.6, 0.6, 0.45]])
    labs = oklab(linear(shade(values, Colour(reading="oklab"))))
    assert np.abs(labs - [[0.6, 0.0, 0.0], [0.6, 0.2 * REACH, -0.1 * REACH]]).max() <= 1e-6
    labs = oklab(linear(shade(np.array([[0.6, 0.2, 0.25]]), Colour(reading="oklch"))))
    assert np.abs(labs - [[0.6, 0.0, 0.2 * CHROMA]]).max() <= 1e-6


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_reading_stays_in_0_to_1_and_keeps_type_and_shape(reading: str, dtype: type[np.floating]) -> None:
    for channels in (1, 2, 3, 5):
        values = np.random.default_rng(1).uniform(-0.5, 1.5, (9, 11, channels)).astype(dtype)
        before = values.copy()
        found = shade(values, Colour(reading=reading, gamma=0.5, turn=0.3))
        assert (found.shape, found.dtype) == ((9, 11, 3), dtype)
        assert found.min() >= 0.0
        assert found.max() <= 1.0
        assert np.array_equal(before, values)


def test_a_duotone_is_a_palette_of_two_stops_of_the_lightness() -> None:
    found = shade(VALUES, Colour(reading="palette", stops="#000000 #ffffff"))
    luminance = linear(VALUES) @ [0.2126, 0.7152, 0.0722]
    lab = oklab(linear(found))
    # From black to white OKLab is as straight as the table: a number is the lightness.
    bright = grey(VALUES) > 0.25  # where 8 bits tell lightness
    assert np.abs(lab[..., 0] - grey(VALUES))[bright].max() <= 0.01
    assert np.abs(lab[..., 1:]).max() <= 1e-3
    assert np.abs(linear(grey(VALUES)) - luminance).max() <= 1e-12
    # In grey, what is grey stays as it is.
    same = np.repeat(VALUES[..., :1], 3, -1)
    assert np.abs(shade(same, Colour("grey", reading="palette")) - same).max() <= 1e-12


def test_one_output_is_read_through_its_palette_whatever_the_reading() -> None:
    grey = VALUES[..., :1]
    for reading in READINGS:
        assert np.array_equal(shade(grey, Colour("magma")), shade(grey, Colour("magma", reading=reading)))


def test_gamma_and_invert_are_what_they_say() -> None:
    assert np.abs(shade(VALUES, Colour(gamma=2.0)) - np.sqrt(VALUES)).max() <= 1e-15
    assert np.abs(shade(VALUES, Colour(invert=True)) - (1.0 - VALUES)).max() <= 1e-15
    grey = VALUES[..., :1]
    assert np.allclose(shade(grey, Colour(invert=True)), shade(1.0 - grey, Colour()), rtol=0, atol=1e-15)
    # Of HSV and OKLab the hue stays.
    values = np.array([[0.3, 0.5, 0.2]])
    assert np.array_equal(
        shade(values, Colour(reading="hsv", invert=True)), shade(values + np.array([0, 0, 0.6]), Colour(reading="hsv"))
    )


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_turns_without_a_seam(name: str) -> None:
    ramp = np.linspace(0.0, 1.0, 4001)[:, None]
    steps = np.abs(np.diff(table(name).astype(int), axis=0)).max() / 255.0
    for turn in (0.1, 0.5, 0.77):
        found = shade(ramp, Colour(name, turn=turn))
        # A table that closes does so within a step or two of its own.
        assert np.abs(np.diff(found, axis=0)).max() <= (2.0 if name in CYCLIC else 0.2) * steps + 1e-9
    half = shade(ramp, Colour(name, turn=0.5))
    if name not in CYCLIC:
        assert np.allclose(half, shade(1.0 - ramp, Colour(name)), rtol=0, atol=1e-12)


@pytest.mark.parametrize("reading", ["hsv", "oklab", "oklch", "rgb"])
def test_hues_turn_and_come_back(reading: str) -> None:
    rest, near = shade(VALUES, Colour(reading=reading)), 2e-2 if reading != "hsv" else 1e-6
    assert np.abs(shade(VALUES, Colour(reading=reading, turn=1e-7)) - rest).max() <= near
    assert np.abs(shade(VALUES, Colour(reading=reading, turn=0.3)) - rest).mean() > 0.05


def test_colours_turn_with_time_and_only_then_is_there_time() -> None:
    scene = Scene(cycle=2.0, time=0.3)
    assert colour(scene).turn == pytest.approx(0.6)
    assert colour(replace(scene, time=-0.1)).turn == pytest.approx(0.8)
    assert moves(scene)
    assert not moves(Scene(time=0.3))
    assert colour(Scene(time=0.3)) == Colour()


def test_texts_and_links_bring_colours_back_and_are_silent_about_plain_ones() -> None:
    assert from_text(FULL.to_text()) == FULL
    assert from_link(link(FULL)) == FULL
    assert not {"reading", "stops", "gamma", "invert", "cycle"} & {*from_text(Scene().to_text()).to_text().split('"')}
    for name in PALETTES:
        assert from_link(link(Scene(palette=name))).palette == name


def test_another_palette_takes_own_stops_away() -> None:
    assert overridden(FULL, palette="magma").stops == ""
    assert overridden(FULL, palette=FULL.palette).stops == ""
    assert overridden(FULL, gamma=1.0).stops == FULL.stops


def test_every_table_has_a_source_and_a_licence() -> None:
    assert len(TABLES) >= 24
    for each in TABLES:
        made_by, licence = SOURCES[each.source]
        assert made_by
        assert licence


def lightness(name: str) -> np.ndarray:
    """CIELAB's L* of a table: CIE 15."""
    Y = linear(table(name) / 255.0) @ [0.2126, 0.7152, 0.0722]
    return np.where(Y > 216 / 24389, 116.0 * np.cbrt(Y) - 16.0, Y * 24389 / 27)


# So much of L* the rounding to 8 bits may take back from one entry to the next.
ROUNDING = 0.13


@pytest.mark.parametrize("each", TABLES, ids=PALETTES)
def test_lightness_goes_as_a_table_claims(each: Table) -> None:
    name, kind = each.name, each.kind
    L = lightness(name)
    if kind == "sequential":
        assert np.diff(L).min() >= -ROUNDING
        assert L[-1] - L[0] >= 60.0
    if kind == "diverging":
        sign = np.sign(L[127] - L[0])
        assert (sign * np.diff(L[:124])).min() >= -ROUNDING
        assert (sign * np.diff(L[132:])).max() <= ROUNDING
        assert np.abs(L - L[::-1]).max() <= 11.0
    if kind == "cyclic":
        assert np.abs(table(name)[0].astype(int) - table(name)[-1]).max() <= 4
    assert (name in CYCLIC) == (kind == "cyclic")
