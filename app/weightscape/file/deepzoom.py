"""Writes DeepZoom pyramids of any size, in constant memory: NAME.dzi, tiles in NAME_files, and a page, NAME.html.

Format: as OpenSeadragon reads it, https://openseadragon.github.io/examples/tilesource-dzi/. libvips cuts the tiles, as
PNG: their pixels are the picture's. The page shows them without any other program or the network.
"""

import html
import json
import os
from collections.abc import Iterable
from importlib import resources
from typing import Any

from weightscape.file.half_folder import half_folder
from weightscape.file.png import Pixels
from weightscape.file.vips import Size, need_vips, stream
from weightscape.file.whole_file import FileError, FilePath, shown, telling, whole_file

TILE, OVERLAP = 254, 1
NAMESPACE = "http://schemas.microsoft.com/deepzoom/2008"
PAGE = "deepzoom.html"
PROPERTIES = "vips-properties.xml"  # libvips' own words on the picture
# How a page begins that may be written over.
MARK = b"<!doctype html><!-- weightscape: a picture of tiles -->"


def write_deepzoom(path: FilePath, size: Size, bands: Iterable[Pixels], text: str = "", depth: int = 8) -> None:
    """Write a picture of size (width, height) from bands (rows_i, width, 3), top down: uint8 or, for depth 16, uint16.

    `path` ends in .dzi. text: JSON for a comment in it. The tiles come in place when all are there, the .dzi last. An
    earlier picture of that name is replaced. Raises ValueError where bands do not make up the size, FileError where
    libvips is missing, a file cannot be written, or folder or page of that name are something else.
    """
    need_vips(path)
    # Where a link leads to is where the tiles belong.
    target = os.path.realpath(path)
    stem = os.path.splitext(target)[0]
    _refuse_others(path, stem)
    with half_folder(target) as half:

        def save(image: Any) -> None:
            image.dzsave(os.path.join(half, "new"), suffix=".png", tile_size=TILE, overlap=OVERLAP, keep="none")

        stream(path, size, bands, depth, save)
        with telling("write", path):
            os.unlink(os.path.join(half, "new_files", PROPERTIES))
            if os.path.isdir(f"{stem}_files"):
                os.rename(f"{stem}_files", os.path.join(half, "old_files"))
            os.rename(os.path.join(half, "new_files"), f"{stem}_files")
        _write(f"{stem}.html", _page(os.path.basename(stem), size))
        _write(target, _described(size, text))


def _refuse_others(path: FilePath, stem: str) -> None:
    """See that what would be replaced is a picture of tiles. A browser, too, saves pages as NAME.html, NAME_files."""
    with telling("write", path):
        if os.path.lexists(f"{stem}_files"):
            is_ours = os.path.isdir(f"{stem}_files") and all(map(str.isdecimal, os.listdir(f"{stem}_files")))
            if not is_ours or os.path.islink(f"{stem}_files"):
                raise FileError(f"cannot write {shown(path)}: {shown(f'{stem}_files')} is there and holds other things")
        if os.path.lexists(f"{stem}.html"):
            with open(f"{stem}.html", "rb") as file:
                if file.read(len(MARK)) != MARK:
                    raise FileError(f"cannot write {shown(path)}: {shown(f'{stem}.html')} is there and is another page")


def _write(path: str, text: str) -> None:
    with whole_file(path) as file:
        file.write(text.encode())


def _described(size: Size, text: str) -> str:
    """Make the .dzi; its comment may not hold two hyphens, which JSON also has as an escape."""
    comment = "<!-- weightscape " + text.replace("--", r"-\u002d") + " -->\n" if text else ""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}<Image xmlns="{NAMESPACE}"'
    tiles = f'Format="png" Overlap="{OVERLAP}" TileSize="{TILE}"'
    return f'{head} {tiles}><Size Width="{size[0]}" Height="{size[1]}"/></Image>\n'


def _page(name: str, size: Size) -> str:
    about = {"name": name, "width": size[0], "height": size[1], "tile": TILE, "overlap": OVERLAP}
    page = (resources.files("weightscape.assets") / PAGE).read_text("utf-8")
    told = json.dumps(about).replace("<", r"\u003c")
    return page.replace("@TITLE@", html.escape(name)).replace("@PICTURE@", told)
