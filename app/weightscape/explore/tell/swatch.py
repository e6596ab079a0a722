"""Small rows of colours for the panel's lists: every palette, and one circle of outputs in every reading."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from weightscape.scene.colour import Colour, colour
from weightscape.scene.palette import PALETTES, READINGS, table
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade
from weightscape.window.message import Colours

COUNT = 24  # colours in a row
REACH = 0.4  # of the circle of outputs around 0.5


def swatches(scene: Scene, name: str) -> tuple[Colours, ...]:
    """Tell a row of colours for each choice of a field, in their order; () where choices are not colours."""
    if name == "palette":
        return _of_palettes()
    return _of_readings(replace(colour(scene), reading="rgb", turn=0.0)) if name == "reading" else ()


@lru_cache(maxsize=1)
def _of_palettes() -> tuple[Colours, ...]:
    places = np.linspace(0, 255, COUNT).round().astype(int)
    return tuple(_row(table(name)[places] / 255.0) for name in PALETTES)


@lru_cache(maxsize=16)
def _of_readings(shown: Colour) -> tuple[Colours, ...]:
    turns = np.arange(COUNT)[:, None] / COUNT + np.array([0.0, -1.0, 1.0]) / 3.0
    circle = 0.5 + REACH * np.cos(2.0 * np.pi * turns)
    return tuple(_row(shade(circle, replace(shown, reading=reading))) for reading in READINGS)


def _row(colours: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Colours:
    return tuple((float(red), float(green), float(blue)) for red, green, blue in colours)
