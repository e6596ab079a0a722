"""Colour tables for networks with one output: 256 colours each, display (sRGB-encoded) values.

viridis, cividis, magma and twilight are matplotlib's (CC0), baked into assets/palette.npz; twilight closes in on
itself, for periodic outputs. Twin of palette in shaders/lib/shade.glsl.
"""

from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

PALETTES = ("viridis", "cividis", "magma", "twilight", "grey")
COLOURS = 256


@cache
def table(name: str) -> npt.NDArray[np.uint8]:
    """Read the colour table `name`: uint8 (256, 3)."""
    with (resources.files("weightscape.assets") / "palette.npz").open("rb") as file, np.load(file) as tables:
        return np.asarray(tables[name], np.uint8)


def palette(name: str, values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Map values in 0..1 to display colours: (...) -> (..., 3) in 0..1, linear between the table's entries."""
    colours = table(name).astype(values.dtype) / values.dtype.type(255)
    place = values * (COLOURS - 1)
    low = np.minimum(place.astype(np.intp), COLOURS - 2)
    part = (place - low)[..., None]
    return np.asarray(colours[low] * (1 - part) + colours[low + 1] * part, values.dtype)
