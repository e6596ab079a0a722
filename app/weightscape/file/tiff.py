"""Writes tiled pyramids as BigTIFF, of any size, in constant memory; libvips does the work.

It keeps the smaller levels in a temporary file (TMPDIR) until the largest is written.

Format: TIFF revision 6.0, sections 8 and 15, with the offsets of 64 bits of BigTIFF. Each level is half of the last.
"""

import os
import stat
from collections.abc import Iterable
from typing import Any

from weightscape.file.png import KEYWORD, Pixels
from weightscape.file.vips import Size, need_vips, stream
from weightscape.file.whole_file import FileError, FilePath, shown, whole_file

TILE = 256
INCH_MM = 25.4
# The format wants a resolution in any case.
DPI = 72.0


def write_tiff(
    path: FilePath, size: Size, bands: Iterable[Pixels], text: str = "", depth: int = 8, dpi: float | None = None
) -> None:
    """Write a picture of size (width, height) from bands (rows_i, width, 3), top down: uint8 or, for depth 16, uint16.

    text: ASCII, in its ImageDescription behind KEYWORD: tifffile takes JSON that stands there alone, with a "shape",
    for its own. `dpi`: pixels per inch. Raises ValueError where bands do not make up the size, FileError where libvips
    is missing or the file cannot be written or is a pipe.
    """
    pyvips = need_vips(path)
    per_mm = (dpi or DPI) / INCH_MM

    with whole_file(path) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileError(f"cannot write {shown(path)}: a TIFF needs a file that can be read again")

        def save(image: Any) -> None:
            if text:
                image.set_type(pyvips.GValue.gstr_type, "image-description", f"{KEYWORD} {text}")
            image.tiffsave_target(
                # By its name: of a file's descriptor libvips keeps the levels, until they are written, in memory.
                pyvips.Target.new_to_file(file.name),
                **{"compression": "deflate", "predictor": "horizontal", "bigtiff": True, "pyramid": True},
                **{"tile": True, "tile_width": TILE, "tile_height": TILE},
                **{"resunit": "inch", "xres": per_mm, "yres": per_mm},
            )

        stream(path, size, bands, depth, save)
