"""Writes PNG pictures of any size in constant memory, and reads the text inside one without its pixels.

Format: Portable Network Graphics (PNG) Specification, third edition, https://www.w3.org/TR/png-3/
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from weightscape.file.npy import whole_bands
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown, whole_file

Pixels = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
Bytes = npt.NDArray[np.uint8]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = 33  # bytes of the signature and of the first chunk
KEYWORD = "weightscape"  # of the text that tells the scene
MAX_TEXT = 1 << 16  # bytes of UTF-8, written or read
LONG_TEXT = 1 << 10  # from here on text is compressed
STRIP_BYTES = 1 << 18  # pixels filtered at a time: fits the processor's cache
IDAT_BYTES = 1 << 20  # least size of a data chunk
METRES_PER_INCH = 0.0254
MAX_CHUNKS = 10_000  # that are not pixels
MAX_PIXEL_CHUNKS = 1_000_000  # other programs write chunks of 8 KiB
MAX_TEXT_CHUNK = 2 * MAX_TEXT
PIXEL_CHUNKS = (b"IDAT", b"fdAT", b"fcTL")  # the last: as many as an animation has frames
TEXT_CHUNKS = (b"iTXt", b"zTXt", b"tEXt")


def write_png(
    path: FilePath,
    size: tuple[int, int],
    bands: Iterable[Pixels],
    text: Mapping[str, str],
    depth: int = 8,
    dpi: float | None = None,
) -> None:
    """Write an sRGB picture of size (width, height) from bands (rows_i, width, 3), top down: uint8 or, for depth 16,
    uint16.

    text: keyword -> text, kept in its order as iTXt chunks. `dpi`: pixels per inch. The bytes follow from the pixels
    and the text alone, not from how the picture was cut into bands. Raises ValueError where bands do not make up the
    size or a text cannot be stored, FileError where the file cannot be written.
    """
    with whole_file(path) as file:
        for piece in png_pieces(size, bands, text, depth, dpi):
            file.write(piece)


def png_pieces(
    size: tuple[int, int],
    bands: Iterable[Pixels],
    text: Mapping[str, str],
    depth: int = 8,
    dpi: float | None = None,
    level: int = 6,
) -> Iterator[bytes]:
    """Make the bytes of write_png()'s file, piece after piece; `level` is zlib's, 0 for pixels that are only stored."""
    width, height = size
    if not (1 <= width < 1 << 31 and 1 <= height < 1 << 31):
        raise ValueError(f"a picture of {width}x{height} pixels cannot be a PNG")
    head = [SIGNATURE, _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))]
    head += [_chunk(b"sRGB", b"\0"), *(text_chunk(told, keyword) for keyword, told in text.items())]
    if dpi is not None:
        head.append(_chunk(b"pHYs", struct.pack(">IIB", *[round(dpi / METRES_PER_INCH)] * 2, 1)))
    yield b"".join(head)
    for data in _deflated(size, bands, depth, level):
        yield _chunk(b"IDAT", data)
    yield _chunk(b"IEND", b"")


def read_text(path: FilePath, keyword: str) -> str | None:
    """Find the first text under a keyword in a PNG file; None where there is none.

    Walks the chunks to the end without decoding pixels (nor checking their CRC: that would read gigabytes of
    a poster for a line of text). Raises FileError where the file is no PNG, truncated or damaged, or the
    text is longer than 64 KiB.
    """
    wanted = keyword.encode("latin-1")
    found: str | None = None
    with plain_file(path) as file:
        try:
            for kind, body in _chunks(file):
                if found is None and kind in TEXT_CHUNKS and body.startswith(wanted + b"\0"):
                    found = _text(kind, body, len(wanted) + 1)
        except (UnicodeDecodeError, zlib.error) as fault:
            raise FileError(f"cannot read {shown(path)}: its text chunk is damaged") from fault
        except ValueError as fault:
            raise FileError(f"cannot read {shown(path)}: {fault}") from fault
    return found


def text_chunk(text: str, keyword: str = KEYWORD) -> bytes:
    """Make an iTXt chunk, which may stand behind the first HEAD bytes. Raises ValueError for what cannot be stored."""
    return _chunk(b"iTXt", _stored(keyword, text))


def _chunk(kind: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def _stored(keyword: str, text: str) -> bytes:
    """Make the body of an iTXt chunk, section 11.3.3.4."""
    if keyword.strip(" ") != keyword or "  " in keyword or not keyword.isprintable():
        raise ValueError(f"{keyword!r} is no PNG keyword")
    name, data = keyword.encode("latin-1"), text.encode()
    if not 1 <= len(name) <= 79:
        raise ValueError(f"a PNG keyword has 1 to 79 characters, {keyword!r} has {len(name)}")
    if len(data) > MAX_TEXT or b"\0" in data:
        raise ValueError(f"the text of {keyword!r} is longer than {MAX_TEXT} bytes or holds a null character")
    is_long = len(data) >= LONG_TEXT
    return name + bytes([0, is_long, 0, 0, 0]) + (zlib.compress(data, 9) if is_long else data)


def _deflated(size: tuple[int, int], bands: Iterable[Pixels], depth: int, level: int) -> Iterator[bytes]:
    """Compress the picture into the bodies of IDAT chunks."""
    deflate = zlib.compressobj(level)
    held = bytearray()
    pixel = 3 * depth // 8
    above = np.zeros(pixel * size[0], np.uint8)
    for strip in _strips(size, bands, depth):
        held += deflate.compress(_filtered(strip, above, pixel, 3 if level else 1).data)
        above = strip[-1].copy()
        if len(held) >= IDAT_BYTES:
            yield bytes(held)
            held.clear()
    yield bytes(held + deflate.flush())


def _strips(size: tuple[int, int], bands: Iterable[Pixels], depth: int) -> Iterator[Bytes]:
    """Cut bands anew into strips of bytes (rows, bytes of a row) as high as the size alone tells; one array, reused."""
    width, height = size
    kind = np.dtype(f">u{depth // 8}")
    length = 3 * width * kind.itemsize
    strip = np.empty((max(1, min(height, STRIP_BYTES // length)), length), np.uint8)
    filled = 0
    for band in whole_bands(bands, (height, width, 3), kind):
        start = 0
        while start < len(band):
            take = min(len(strip) - filled, len(band) - start)
            place = strip[filled : filled + take].view(kind).reshape(take, width, 3)
            place[...] = band[start : start + take]
            start += take
            filled += take
            if filled == len(strip):
                yield strip
                filled = 0
    if filled:
        yield strip[:filled]


def _filtered(strip: Bytes, above: Bytes, pixel: int, filters: int) -> Bytes:
    """Filter each row by None, Sub or Up, whichever leaves least (section 12.7), or by the first `filters` of them.

    `pixel`: bytes of one. Gives (rows, 1 + bytes of a row).
    """
    rows, length = strip.shape
    tried = np.empty((filters, rows, 1 + length), np.uint8)
    tried[:, :, 0] = np.arange(filters)[:, None]
    tried[0, :, 1:] = strip
    if filters == 1:
        stored: Bytes = tried[0]
        return stored
    sub, up = tried[1:, :, 1:]
    sub[:, :pixel] = strip[:, :pixel]
    np.subtract(strip[:, pixel:], strip[:, :-pixel], out=sub[:, pixel:])
    np.subtract(strip[0], above, out=up[0])
    np.subtract(strip[1:], strip[:-1], out=up[1:])
    cost = np.minimum(tried, np.negative(tried)).sum(axis=2, dtype=np.int64)
    best: Bytes = tried[cost.argmin(axis=0), np.arange(rows)]
    return best


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and body of the chunks up to IEND, no pixels; raise ValueError on faults."""
    if file.read(8) != SIGNATURE:
        raise ValueError("it is not a PNG picture")
    place, counts, kind = 8, {True: 0, False: 0}, b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", _exactly(file, 8))
        if not kind.isalpha() or (place == 8) != (kind == b"IHDR"):
            raise ValueError(f"the PNG is damaged at byte {place}")
        is_pixels = kind in PIXEL_CHUNKS
        counts[is_pixels] += 1
        if counts[False] > MAX_CHUNKS or counts[True] > MAX_PIXEL_CHUNKS:
            raise ValueError("the PNG has too many chunks")
        if is_pixels:
            file.seek(length + 4, 1)  # maybe beyond the end, where the next chunk is then missing
        else:
            yield kind, _body(file, kind, length)
        place += length + 12


def _body(file: BinaryIO, kind: bytes, length: int) -> bytes:
    """Read and check a chunk; return text, cut one byte over the limit, and nothing of other kinds."""
    body, crc = b"", zlib.crc32(kind)
    while length:
        piece = _exactly(file, min(length, MAX_TEXT_CHUNK + 1))
        body = body or (piece if kind in TEXT_CHUNKS else b"")
        crc = zlib.crc32(piece, crc)
        length -= len(piece)
    if _exactly(file, 4) != struct.pack(">I", crc):
        raise ValueError(f"the PNG is damaged: its {kind.decode()} chunk fails the check")
    return body


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ValueError("the PNG is truncated")
    return data


def _text(kind: bytes, body: bytes, start: int) -> str:
    """Decode what follows the keyword in a text chunk, sections 11.3.3.2 to 11.3.3.4."""
    data = body[start:]
    is_packed, method = kind == b"zTXt", data[:1]
    if kind == b"iTXt":
        flag, method, rest = data[:1], data[1:2], data[2:].split(b"\0", 2)
        if flag not in (b"\0", b"\1") or len(rest) != 3:
            raise ValueError("its text chunk is damaged")
        is_packed, data = flag == b"\1", rest[2]
    elif is_packed:
        data = data[1:]
    if is_packed:
        data = _inflated(method, data)
    if len(data) > MAX_TEXT:
        raise ValueError("its text is too long")
    return data.decode("utf-8" if kind == b"iTXt" else "latin-1")


def _inflated(method: bytes, data: bytes) -> bytes:
    inflate = zlib.decompressobj()
    text = inflate.decompress(data, MAX_TEXT + 1)
    if method != b"\0" or (len(text) <= MAX_TEXT and not inflate.eof):
        raise ValueError("its text chunk is damaged")
    return text
