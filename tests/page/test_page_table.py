"""Colour tables in a page: as short text, to the byte."""

import json

import numpy as np
from scripted import Scripts

from weightscape.page.bend import bends
from weightscape.scene.palette import COLOURS, PALETTES, table


def test_every_table_comes_back_to_the_byte(scripts: Scripts) -> None:
    for name in PALETTES:
        assert np.array_equal(scripts.numbers(f"tableOf(TOLD.palettes.{name})").reshape(-1, 3), table(name)), name


def test_a_table_that_leaps_comes_back_too(scripts: Scripts) -> None:
    leaping = np.random.default_rng(5).integers(0, 256, (COLOURS, 3), np.uint8)
    leaping[:2] = [[255, 255, 255], [0, 0, 0]]
    found = scripts.numbers(f"tableOf({json.dumps(bends(leaping))})")
    assert np.array_equal(found.reshape(-1, 3), leaping)


def test_a_smooth_table_is_a_letter_a_colour() -> None:
    assert max(len(bends(table(name))) for name in PALETTES) < COLOURS + 60
    assert bends(np.array([[0, 1, 0], [1, 1, 0], [4, 1, 0]], np.uint8)) == "QT2,0,0;"
