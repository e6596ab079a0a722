"""Bake the colour tables into assets/palette.npz: `python tools/palettes.py`.

Needs Matplotlib, cmocean, cmcrameri and colorcet, whose tables these are; the package itself never imports them. Tables
of another length are brought to 256 colours in linear steps. The five that were there first keep their bytes.
Sources and licences are in app/weightscape/scene/palette.py, which this holds to what it writes.
"""

from pathlib import Path

import cmcrameri.cm
import cmocean.cm
import colorcet
import matplotlib
import numpy as np
import numpy.typing as npt

from weightscape.scene.palette import COLOURS, SOURCES, TABLES, table

FILE = Path(__file__).parents[1] / "assets" / "palette.npz"
FIRST = ("viridis", "cividis", "magma", "twilight", "grey")


def colours(name: str, source: str) -> npt.NDArray[np.uint8]:
    """Take a table from the package that has it: uint8 (256, 3)."""
    if name in FIRST:
        return table(name)
    found = {
        "Matplotlib": lambda: matplotlib.colormaps[name],
        "cmocean": lambda: getattr(cmocean.cm, name),
        "Scientific colour maps": lambda: getattr(cmcrameri.cm, name),
        "colorcet": lambda: matplotlib.colors.ListedColormap(colorcet.palette[name]),
    }[source]()
    rgb = np.asarray(found(np.arange(found.N)))[:, :3]
    place = np.linspace(0.0, len(rgb) - 1.0, COLOURS)
    resampled = np.stack([np.interp(place, np.arange(len(rgb)), channel) for channel in rgb.T], -1)
    return np.asarray(np.floor(255.0 * resampled + 0.5), np.uint8)


if __name__ == "__main__":
    made = {each.name: colours(each.name, each.source) for each in TABLES}
    assert {each.source for each in TABLES} <= {*SOURCES}
    np.savez_compressed(FILE, **made)
    print(f"{FILE}: {len(made)} tables, {FILE.stat().st_size} bytes")
