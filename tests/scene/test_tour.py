"""The tour's stations: their texts say what they should, their scenes can be drawn, what is to be tried is a key."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from weightscape.picture.render import render
from weightscape.scene.command import BY_KEY, apply
from weightscape.scene.figure import FIGURES
from weightscape.scene.key_help import key_label
from weightscape.scene.tour import Station, stations

SENTENCES = re.compile(r"[^.?!]+[.?!](?: |$)")
NUMBERS = range(12)
# A flat picture has none; by how many steps of 8 bits pixels deviate from their mean.
LEAST_SPREAD = 8.0


def test_there_are_twelve_stations_with_titles_and_scenes_of_their_own() -> None:
    assert len(stations()) == len(NUMBERS)
    assert len({each.title for each in stations()}) == 12
    assert len({each.scene for each in stations()}) == 12
    assert all(getattr(each, field.name) for each in stations() for field in fields(Station))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_station_has_two_sentences_and_one_thing_to_try(number: int) -> None:
    station = stations()[number]
    for text, count in ((station.text, 2), (station.trial, 1)):
        assert "".join(SENTENCES.findall(text)) == text
        assert len(SENTENCES.findall(text)) == count
    assert len(station.text) <= 200  # or it covers the picture in a small window
    assert len(station.title) <= 42


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_to_be_tried_does_something_and_leads_to_no_other_station(number: int) -> None:
    station = stations()[number]
    for key in station.keys:
        command = BY_KEY[key]
        tried = apply(command, station.scene, 7)
        assert command.change is None or tried != station.scene
        assert tried not in [each.scene for each in stations() if each is not station]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_station_shows_something(number: int) -> None:
    picture = render(stations()[number].scene, size=(64, 40), engine="numpy").astype(float)
    assert picture.std(axis=(0, 1)).max() > LEAST_SPREAD


def test_the_page_lists_the_stations() -> None:
    page = (Path(__file__).parents[2] / "docs" / "article.md").read_text(encoding="utf-8")
    rows = [
        f"| {n} | {each.title} | `{'` `'.join(map(key_label, each.keys))}` |" for n, each in enumerate(stations(), 1)
    ]
    assert re.findall(r"^\| \d+ \|.*$", page, re.M) == rows


def test_captions_of_the_article_say_something_else() -> None:
    told = {sentence.strip() for each in stations() for sentence in SENTENCES.findall(each.text)}
    assert len(told) == 24
    assert not told & {figure.caption for figure in FIGURES}
