"""Palettes of the user's own: .gpl of GIMP, .map of Fractint, or a .json list of colours, brought to a scene's stops.

A scene never depends on the file: it carries at most 16 stops. Nothing that a file holds is trusted.
"""

import json
import os
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.file.whole_file import FileError, FilePath, plain_file, shown
from weightscape.scene.stops import LEAST, MOST, reduced

SUFFIXES = (".gpl", ".map", ".json")
MAX_BYTES = 1 << 18
MAX_COLOURS = 4096
HEX = "0123456789abcdefABCDEF"
Colours = npt.NDArray[np.uint8]


def is_colours(path: FilePath) -> bool:
    """Tell whether a file is meant as a palette: by its name, and a .json by what it begins with."""
    suffix = os.path.splitext(os.fspath(path))[1].lower()
    if suffix != ".json":
        return suffix in SUFFIXES
    try:
        with plain_file(path) as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["
    except (FileError, OSError):
        return False


def read_stops(path: FilePath) -> tuple[str, str]:
    """Read a palette as a scene's stops, and say in a line what was made of it.

    Raises FileError, one line that names the file, for another kind, for what is broken, and for fewer than two colours
    or more than 4096.
    """
    name = os.fspath(path)
    suffix = os.path.splitext(name)[1].lower()
    with plain_file(path) as file:
        raw = file.read(MAX_BYTES + 1)
    try:
        if len(raw) > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES:,} bytes")
        if suffix not in SUFFIXES:
            raise ValueError(f"it does not end in {', '.join(SUFFIXES)}")
        text = _text(raw)
        colours = _of_json(text) if suffix == ".json" else _of_lines(text, suffix == ".gpl")
        if not LEAST <= len(colours) <= MAX_COLOURS:
            raise ValueError(f"it has {len(colours)} colours, want {LEAST}..{MAX_COLOURS}")
    except ValueError as error:
        raise FileError(f"cannot use {shown(path)}: {error}") from None
    found, error_of = reduced(colours)
    count = len(found.split())
    off = f", off by at most {error_of} of 255" if len(colours) > MOST or error_of else ""
    return found, f"{shown(os.path.basename(name))}: {len(colours)} colours as {count} stops{off}"


def _text(raw: bytes) -> str:
    if b"\0" in raw:
        raise ValueError("it is binary")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # names of colours, in files of last century


def _of_lines(text: str, is_gimp: bool) -> Colours:
    """Read three whole numbers in 0..255 a line, and perhaps a name after them."""
    lines = text.splitlines()
    if is_gimp:
        if not lines or lines[0].strip() != "GIMP Palette":
            raise ValueError("its first line is not GIMP Palette")
        lines[0] = ""
    found = []
    for number, line in enumerate(lines, start=1):
        words = line.split()
        is_other = is_gimp and (line.startswith("#") or line.partition(":")[0] in ("Name", "Columns"))
        if words and not is_other:
            found.append(_row(words, number))
    return np.array(found, np.uint8).reshape(-1, 3)


def _row(words: list[str], number: int) -> list[int]:
    parts = [int(word) for word in words[:3] if word.isascii() and word.isdigit() and len(word) <= 3]
    if len(parts) < 3 or max(parts) > 255:
        told = " ".join(words)
        raise ValueError(f"line {number}: {told[:40]!r} does not begin with three numbers in 0..255")
    return parts


def _of_json(text: str) -> Colours:
    """Read a list of "#rrggbb", or of [red, green, blue] in 0..1 or, if any is above 1, in 0..255."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(values, list) or len(values) > MAX_COLOURS:
        raise ValueError(f"it is not a list of at most {MAX_COLOURS} colours")
    if all(isinstance(each, str) for each in values):
        return np.array([_hex(each) for each in values], np.uint8).reshape(-1, 3)
    return _numbers(values)


def _hex(text: str) -> list[int]:
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != 6 or any(digit not in HEX for digit in digits):
        raise ValueError(f"{text[:40]!r} is not a colour such as #20407f")
    return [int(digits[k : k + 2], 16) for k in (0, 2, 4)]


def _numbers(values: list[Any]) -> Colours:
    for each in islice(values, MAX_COLOURS):
        if not isinstance(each, list) or len(each) != 3 or not all(_is_part(part) for part in each):
            raise ValueError(
                f"{json.dumps(each)[:40]} is not a colour: want #rrggbb or three numbers in 0..1 or 0..255"
            )
    rows = np.array(values, np.float64).reshape(-1, 3)
    return np.asarray(np.floor(rows * (255.0 if rows.max(initial=0.0) <= 1.0 else 1.0) + 0.5), np.uint8)


def _is_part(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 255
