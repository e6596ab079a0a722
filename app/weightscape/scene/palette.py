"""Colour tables for one number a point: 256 colours each, display (sRGB-encoded) values.

tools/palettes.py bakes them into assets/palette.npz. docs/colour.md shows them. Twin of palette in
shaders/lib/shade.glsl.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np
import numpy.typing as npt

# What a table claims: lightness only rises or only falls; the middle is lightest or darkest; the end is the beginning.
Kind = Literal["sequential", "diverging", "cyclic"]
# How three outputs become a colour; one goes through the palette whatever this says.
READINGS = ("rgb", "hsv", "oklab", "oklch", "palette")
# Who made them, and under which licence: name, authors and address, licence.
SOURCES: dict[str, tuple[str, str]] = {
    "Matplotlib": ("S. van der Walt, N. Smith, E. Firing, J. Nuñez, B. Bechtold, https://matplotlib.org", "CC0 1.0"),
    "Scientific colour maps": ("F. Crameri, https://doi.org/10.5281/zenodo.1243862", "MIT"),
    "cmocean": ("K. M. Thyng and others, https://doi.org/10.5670/oceanog.2016.66", "MIT"),
    "colorcet": ("P. Kovesi, https://arxiv.org/abs/1509.03700, https://colorcet.holoviz.org", "CC BY 4.0"),
    "weightscape": ("the value itself", "this program's own"),
}


@dataclass(frozen=True)
class Table:
    """Name a colour table, what it claims and whose it is."""

    name: str
    kind: Kind
    source: str


def _of(source: str, kind: Kind, *names: str) -> tuple[Table, ...]:
    return tuple(Table(name, kind, source) for name in names)


# In this order links number them: a new one comes last.
TABLES = (
    *_of("Matplotlib", "sequential", "viridis", "cividis", "magma"),
    *_of("Matplotlib", "cyclic", "twilight"),
    *_of("weightscape", "sequential", "grey"),
    *_of("Matplotlib", "sequential", "inferno", "plasma"),
    *_of("Scientific colour maps", "sequential", "batlow", "lapaz", "oslo", "hawaii"),
    *_of("cmocean", "sequential", "thermal", "ice"),
    *_of("colorcet", "sequential", "fire"),
    *_of("Scientific colour maps", "diverging", "vik", "berlin", "roma"),
    *_of("cmocean", "diverging", "balance", "curl"),
    *_of("colorcet", "diverging", "coolwarm"),
    *_of("cmocean", "cyclic", "phase"),
    *_of("Scientific colour maps", "cyclic", "romaO", "corkO", "vikO"),
    *_of("colorcet", "cyclic", "colorwheel"),
)
PALETTES = tuple(each.name for each in TABLES)
CYCLIC = frozenset(each.name for each in TABLES if each.kind == "cyclic")
COLOURS = 256


@cache
def table(name: str) -> npt.NDArray[np.uint8]:
    """Read the colour table `name`: uint8 (256, 3)."""
    with (resources.files("weightscape.assets") / "palette.npz").open("rb") as file, np.load(file) as tables:
        return np.asarray(tables[name], np.uint8)


def interpolated(table: npt.NDArray[np.uint8], values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Map values in 0..1 to display colours: (...) -> (..., 3) in 0..1, linear between the table's entries."""
    colours = table.astype(values.dtype) / values.dtype.type(255)
    place = values * (COLOURS - 1)
    low = np.minimum(place.astype(np.intp), COLOURS - 2)
    part = (place - low)[..., None]
    return np.asarray(colours[low] * (1 - part) + colours[low + 1] * part, values.dtype)


def palette(name: str, values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Map values in 0..1 to display colours of the table `name`: (...) -> (..., 3) in 0..1."""
    return interpolated(table(name), values)
