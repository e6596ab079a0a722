"""Hands pictures of any size to libvips, in constant memory: it reads a PNG that is only stored out of a pipe.

libvips (LGPL-3.0-or-later) comes by pyvips and pyvips-binary, an extra (weightscape[files]), loaded when it is needed.
"""

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from weightscape.file.png import Pixels, png_pieces
from weightscape.file.whole_file import REASON, FileError, FilePath, shown

Size = tuple[int, int]

MISSING = "TIFF and DeepZoom pictures need libvips: pip install 'weightscape[files]'"


def has_vips() -> bool:
    """Tell whether libvips' binding is installed; nothing is loaded."""
    return find_spec("pyvips") is not None


def need_vips(path: FilePath) -> Any:
    """Load libvips for a file to be written. Raises FileError that names what to install."""
    try:
        import pyvips
    except (ImportError, OSError) as fault:  # OSError: the binding is there, the library is not
        raise FileError(f"cannot write {shown(path)}: {MISSING}") from fault
    return pyvips


def stream(path: FilePath, size: Size, bands: Iterable[Pixels], depth: int, save: Callable[[Any], None]) -> None:
    """Call save(image) in a thread while `bands` (rows_i, width, 3) are made in this one, where their engine lives.

    `image` can be gone through once, from the top. Raises what the bands raise, and FileError where libvips fails.
    """
    pyvips = need_vips(path)
    reading, writing = os.pipe()
    faults: list[Exception] = []
    saver = threading.Thread(target=_saved, args=(pyvips, reading, save, faults), name="libvips")
    saver.start()
    try:
        # A saver that has failed reads no more: its fault is told below.
        with suppress(BrokenPipeError), os.fdopen(writing, "wb", 1 << 20) as pipe:
            for piece in png_pieces(size, bands, {}, depth, level=0):
                pipe.write(piece)
    finally:
        saver.join()
    if faults:
        raise FileError(f"cannot write {shown(path)}: {_reason(faults[0])}") from faults[0]


def _saved(pyvips: Any, reading: int, save: Callable[[Any], None], faults: list[Exception]) -> None:
    """Save what comes out of the pipe; a fault closes it, so that whoever writes stops."""
    try:
        save(_image(pyvips, reading))
    except Exception as fault:
        fault.__traceback__ = None  # which would hold the image, and with it the pipe's end
        faults.append(fault)
    finally:
        os.close(reading)


def _image(pyvips: Any, reading: int) -> Any:
    source = pyvips.Source.new_from_descriptor(reading)
    return pyvips.Image.new_from_source(source, "", access="sequential", unlimited=True).copy()


def _reason(fault: Exception) -> str:
    """Find in libvips' many lines the system's own word."""
    text = str(fault)
    found = (reason for code, reason in REASON.items() if os.strerror(code) in text)
    return next(found, text.strip().splitlines()[-1])
