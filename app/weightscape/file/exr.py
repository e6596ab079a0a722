"""Writes OpenEXR pictures of any size in constant memory: 32-bit floats, linear light, lines in order, ZIP.

Format: OpenEXR File Layout, https://openexr.com/en/latest/OpenEXRFileLayout.html; that of a ZIP block as the library's
own source has it, ImfZip.cpp. The library's Python binding keeps the whole picture, and the older one that does not is
deprecated and writes zeros for the colours' places, so that the file is made here.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from weightscape.file.npy import whole_bands
from weightscape.file.whole_file import FileError, FilePath, shown, whole_file

Floats = npt.NDArray[np.float32]

MAGIC = struct.pack("<II", 20000630, 2)
CHANNELS = "BGR"  # by name, as the format wants them
FLOAT, ZIP, LINES = 2, 3, 16  # a kind of number, a compression, and how many lines are compressed together
# Red, green, blue and white of BT.709, which are those of sRGB.
BT709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
LIGHT = "linear light, decoded from sRGB display values; BT.709 primaries, white D65"


def write_exr(
    path: FilePath, size: tuple[int, int], bands: Iterable[Floats], text: Mapping[str, str], dpi: float | None = None
) -> None:
    """Write a picture of size (width, height) from bands float32 (rows_i, width, 3) of linear light, top down.

    text: name -> text, string attributes; `colorEncoding` says what the numbers are. `dpi`: pixels per inch. The bytes
    follow from the pixels alone, not from the bands. Raises ValueError where bands do not make up the size, FileError
    where the file cannot be written or is a pipe: where each block lies stands at its beginning.
    """
    head = MAGIC + b"".join(_attribute(*each) for each in _header(size, text, dpi)) + b"\0"
    places: list[int] = []
    with whole_file(path) as file:
        if not file.seekable():
            raise FileError(f"cannot write {shown(path)}: an OpenEXR file needs a place that can be gone back to")
        blocks = -(-size[1] // LINES)
        at = file.write(head + bytes(8 * blocks))
        for number, block in enumerate(_blocks(size, bands)):
            places.append(at)
            data = _packed(block)
            at += file.write(struct.pack("<ii", number * LINES, len(data)) + data)
        file.seek(len(head))
        file.write(struct.pack(f"<{blocks}Q", *places))


def _header(size: tuple[int, int], text: Mapping[str, str], dpi: float | None) -> Iterator[tuple[str, str, bytes]]:
    """List the attributes: name, type, value."""
    box = struct.pack("<4i", 0, 0, size[0] - 1, size[1] - 1)
    channel = struct.pack("<iB3xii", FLOAT, 0, 1, 1)
    yield "channels", "chlist", b"".join(f"{name}\0".encode() + channel for name in CHANNELS) + b"\0"
    yield "chromaticities", "chromaticities", struct.pack("<8f", *BT709)
    yield "colorEncoding", "string", LIGHT.encode()
    yield "compression", "compression", bytes([ZIP])
    yield "dataWindow", "box2i", box
    yield "displayWindow", "box2i", box
    yield "lineOrder", "lineOrder", b"\0"
    yield "pixelAspectRatio", "float", struct.pack("<f", 1.0)
    yield "screenWindowCenter", "v2f", struct.pack("<2f", 0.0, 0.0)
    yield "screenWindowWidth", "float", struct.pack("<f", 1.0)
    if dpi is not None:
        yield "xDensity", "float", struct.pack("<f", dpi)
    for name, value in text.items():
        yield name, "string", value.encode()


def _attribute(name: str, kind: str, value: bytes) -> bytes:
    return f"{name}\0{kind}\0".encode() + struct.pack("<i", len(value)) + value


def _blocks(size: tuple[int, int], bands: Iterable[Floats]) -> Iterator[Floats]:
    """Cut bands anew into blocks of 16 lines (lines, 3, width), blue first; the last may have fewer."""
    width, height = size
    block, filled = np.empty((LINES, 3, width), "<f4"), 0
    for band in whole_bands(bands, (height, width, 3), np.float32):
        start = 0
        while start < len(band):
            take = min(LINES - filled, len(band) - start)
            block[filled : filled + take] = band[start : start + take, :, ::-1].transpose(0, 2, 1)
            start += take
            filled += take
            if filled == LINES:
                yield block
                filled = 0
    if filled:
        yield block[:filled]


def _packed(block: Floats) -> bytes:
    """Compress a block: its bytes parted into even and odd ones, differences of neighbours, deflate.

    Where that makes it no smaller the block is stored as it is.
    """
    raw = np.frombuffer(block.tobytes(), np.uint8)
    parted = np.concatenate([raw[::2], raw[1::2]])
    parted[1:] = parted[1:] - parted[:-1] + np.uint8(128)
    data = zlib.compress(parted.tobytes(), 4)
    return data if len(data) < len(raw) else raw.tobytes()
