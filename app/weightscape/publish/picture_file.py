"""A picture's bands into a file: which numbers each kind holds, which writer it has, what it says of itself."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from weightscape.file.deepzoom import write_deepzoom
from weightscape.file.exr import write_exr
from weightscape.file.png import write_png
from weightscape.file.tiff import write_tiff
from weightscape.network.view import Size
from weightscape.publish.caption import KEYWORD, Values
from weightscape.scene.tone import Depth, Tone, linear

Bands = Iterable[npt.NDArray[Any]]
DEEP = (".png", ".tif", ".tiff", ".dzi")  # of 8 or 16 bits, as is asked
DENSE = (".png", ".tif", ".tiff", ".exr")  # tell how many pixels an inch has
PICTURES = (*DEEP, ".exr")
DPI_RANGE = (1.0, 100_000.0)


@dataclass(frozen=True)
class Ink:
    """Say how a picture's numbers are written: `depth` of 8 or 16 bits, `dither`, and `dpi`, pixels an inch or None.

    OpenEXR has floats and no dither, whatever is asked; DeepZoom has no place for `dpi`.
    """

    depth: Depth = 8
    dither: bool = False
    dpi: float | None = None

    def tone(self, kind: str) -> Tone:
        """Tell which numbers the bands of a kind of file have."""
        return Tone(32) if kind == ".exr" else Tone(self.depth, self.dither)

    def told(self, kind: str) -> Values:
        """List what differs from the default, for the caption of a kind of file."""
        found: Values = {}
        if kind in DEEP and self.depth != 8:
            found["depth"] = self.depth
        if kind in DEEP and self.dither:
            found["dither"] = True
        if kind in DENSE and self.dpi is not None:
            found["dpi"] = self.dpi
        return found


PLAIN = Ink()


def write_picture(path: str, kind: str, size: Size, bands: Bands, text: str, ink: Ink = PLAIN) -> None:
    """Write bands (rows_i, width, 3), top down, of the numbers that ink.tone() tells. `kind` is one of PICTURES.

    `text` is the caption, "" for none. Raises ValueError, FileError.
    """
    if kind == ".png":
        write_png(path, size, bands, {KEYWORD: text} if text else {}, ink.depth, ink.dpi)
    elif kind == ".exr":
        write_exr(path, size, map(linear, bands), {KEYWORD: _ascii(text)} if text else {}, ink.dpi)
    elif kind == ".dzi":
        write_deepzoom(path, size, bands, _ascii(text), ink.depth)
    else:
        write_tiff(path, size, bands, _ascii(text), ink.depth, ink.dpi)


def _ascii(text: str) -> str:
    """Write JSON in ASCII: a TIFF's texts have nothing else, and readers of the others need not guess."""
    return json.dumps(json.loads(text)) if text else ""
