"""Colour stops: their text, the table that they make, and how many of them a palette needs."""

import numpy as np
import pytest

from weightscape.scene.colour_space import linear, oklab
from weightscape.scene.palette import COLOURS, PALETTES, table
from weightscape.scene.scene_error import SceneError
from weightscape.scene.stops import MOST, reduced, stops, stops_table

TWO = "#000000 #ffffff"


def test_colours_alone_stand_evenly_and_places_are_as_told() -> None:
    assert [stop.place for stop in stops("#000000,#ff0000 #ffffff")] == [0.0, 0.5, 1.0]
    assert [str(stop) for stop in stops("#000000@0.25 #FF8000@0.25")] == ["#000000@0.25", "#ff8000@0.25"]
    assert stops("000000@0.25,FF8000@0.25") == stops("#000000@0.25 #FF8000@0.25")


def test_a_table_meets_its_stops_and_goes_straight_through_oklab() -> None:
    made = stops_table("#0040ff #ffe000")
    assert made.shape == (COLOURS, 3)
    assert made.dtype == np.uint8
    assert made[0].tolist() == [0, 64, 255]
    assert made[-1].tolist() == [255, 224, 0]
    labs = oklab(linear(made / 255.0))
    straight = labs[0] + np.linspace(0.0, 1.0, COLOURS)[:, None] * (labs[-1] - labs[0])
    inside = (made > 0).all(1) & (made < 255).all(1)
    assert inside.sum() > 100
    assert np.abs(labs - straight)[inside].max() <= 4e-3  # as far as 8 bits go


def test_beyond_the_ends_there_is_one_colour_and_equal_places_make_an_edge() -> None:
    made = stops_table("#102030@0.25 #ffffff@0.5 #000000@0.5 #405060@0.75")
    assert (made[:64] == (16, 32, 48)).all()
    assert (made[192:] == (64, 80, 96)).all()
    assert made[127].min() > 245
    assert made[128].max() < 20


@pytest.mark.parametrize("text", ["#00000 #ffffff", "red blue", "#000000@ #ffffff@1", "#000000@1e999 #ffffff@1", "#"])
def test_what_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(SceneError) as raised:
        stops(text)
    assert raised.value.field == "stops"
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", PALETTES)
def test_sixteen_stops_follow_every_table_closely(name: str) -> None:
    text, error = reduced(table(name))
    assert len(stops(text)) <= MOST
    found = np.abs(stops_table(text).astype(int) - table(name)).max()
    assert abs(int(found) - error) <= 1
    assert error <= 12


def test_few_colours_stay_as_they_are() -> None:
    few = np.array([[0, 0, 0], [200, 30, 10], [255, 255, 255]], np.uint8)
    assert reduced(few) == ("#000000@0 #c81e0a@0.5 #ffffff@1", 0)
