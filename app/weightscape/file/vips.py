"""Hands pictures of any size to libvips, in constant memory: it reads a PNG that is only stored out of a pipe.

libvips (LGPL-3.0-or-later) comes by pyvips and pyvips-binary, an extra (weightscape[files]), loaded when it is needed.
"""

import os
import threading
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any

from weightscape.file.png import Pixels, png_pieces
from weightscape.file.whole_file import REASON, FileError, FilePath, shown

Size = tuple[int, int]

# A picture that breaks off is a fault: else libvips goes on to the end without it.
READING = {"access": "sequential", "unlimited": True, "fail_on": "truncated"}

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
    saving = threading.Lock()
    saving.acquire()
    args = pyvips, reading, save, faults, saving.release
    threading.Thread(target=_saved, args=args, name="libvips").start()
    try:
        with os.fdopen(writing, "wb", 1 << 20) as pipe:
            for piece in png_pieces(size, bands, {}, depth, level=0):
                if faults:
                    break
                pipe.write(piece)
    finally:
        _wait(saving)
        os.close(reading)
        _forget(pyvips)
    if faults:
        raise FileError(f"cannot write {shown(path)}: {_reason(faults[0])}") from faults[0]


def _wait(saving: threading.Lock) -> None:
    """Wait for the saver, also where interrupts come meanwhile: it has what it writes to still open.

    Python 3.11 takes a thread for ended once an interrupt has broken off join().
    """
    try:
        saving.acquire()
    except KeyboardInterrupt:
        _wait(saving)
        raise


def _saved(
    pyvips: Any, reading: int, save: Callable[[Any], None], faults: list[Exception], ended: Callable[[], object]
) -> None:
    """Save what comes out of the pipe. What is left in it is read away: whoever writes is never kept waiting.

    That the pipe's end is closed would not do, as libvips has one of its own, and frees it when it likes.
    """
    try:
        save(_image(pyvips, reading))
    except Exception as fault:
        faults.append(fault)
    try:
        while os.read(reading, 1 << 20):
            pass
    finally:
        ended()


def _image(pyvips: Any, reading: int) -> Any:
    source = pyvips.Source.new_from_descriptor(reading)
    return pyvips.Image.new_from_source(source, "", **READING).copy()


def _forget(pyvips: Any) -> None:
    """Have libvips let go of what it remembers of past pictures, and with it of the pipe."""
    most = pyvips.cache_get_max()
    pyvips.cache_set_max(0)
    pyvips.cache_set_max(most)


def _reason(fault: Exception) -> str:
    """Find in libvips' many lines the system's own word."""
    text = str(fault)
    found = (reason for code, reason in REASON.items() if os.strerror(code) in text)
    return next(found, text.strip().splitlines()[-1])
