"""Small files that carry a text: TIFF of every form, OpenEXR headers, DeepZoom descriptions by hand, and GIF."""

import io
import struct
from typing import Literal

from PIL import Image

from weightscape.file.gif_text import comment_block, read_head


def tiff(text: bytes, order: str = "<", big: bool = False, before: int = 0, kind: int = 2, tag: int = 270) -> bytes:
    """Make a TIFF of 1 x 1 grey pixel with a text in its last directory; `before`: directories in front of it."""
    count, entry, place = (
        (f"{order}Q", f"{order}HHQQ", f"{order}Q") if big else (f"{order}H", f"{order}HHII", f"{order}I")
    )
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}H", 43 if big else 42)
    head += struct.pack(f"{order}HHQ", 8, 0, 16) if big else struct.pack(f"{order}I", 8)
    data = head
    for number in range(before + 1):
        tags = [(256, 3, 1, _left(1, order, big)), (257, 3, 1, _left(1, order, big))]
        text_here = text + b"\0" if number == before else b""
        size = struct.calcsize(count) + struct.calcsize(entry) * (len(tags) + bool(text_here)) + struct.calcsize(place)
        behind = len(data) + size
        if text_here:
            room = 8 if big else 4
            value = behind if len(text_here) > room else int.from_bytes(text_here.ljust(room, b"\0"), _side(order))
            tags.append((tag, kind, len(text_here), value))
        entries = b"".join(struct.pack(entry, *each) for each in tags)
        data += struct.pack(count, len(tags)) + entries + struct.pack(place, behind if number < before else 0)
        data += text_here
    return data


def _left(number: int, order: str, big: bool) -> int:
    """Put a number of 16 bits where an entry has it: at the left of its value."""
    return number if order == "<" else number << (48 if big else 16)


def _side(order: str) -> Literal["little", "big"]:
    return "little" if order == "<" else "big"


def exr(text: bytes, parts: int = 1, name: bytes = b"weightscape", kind: bytes = b"string") -> bytes:
    """Make the header of an OpenEXR picture, whose last part has a text."""
    data = b"\x76\x2f\x31\x01" + struct.pack("<I", 2 | (0x1000 if parts > 1 else 0))
    for number in range(parts):
        data += attribute(b"compression", b"compression", b"\0") + attribute(b"preview", b"preview", bytes(3000))
        data += attribute(b"owner", b"string", b"nobody")
        if number == parts - 1:
            data += attribute(name, kind, text)
        data += attribute(b"dataWindow", b"box2i", bytes(16)) + b"\0"
    return data + (b"\0" if parts > 1 else b"")


def attribute(name: bytes, kind: bytes, value: bytes) -> bytes:
    """Make one attribute of an OpenEXR header."""
    return name + b"\0" + kind + b"\0" + struct.pack("<i", len(value)) + value


def dzi(text: str) -> bytes:
    """Make the description of a DeepZoom picture with a text in a comment."""
    comment = "<!-- weightscape " + text.replace("--", "-\\u002d") + " -->"
    image = '<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="png" Overlap="1" TileSize="254">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}\n{image}<Size Width="1" Height="1"/></Image>\n'.encode()


def gif(text: str) -> bytes:
    """Make a GIF of 4 x 4 black pixels, as Pillow writes it, with a comment."""
    data = io.BytesIO()
    Image.new("P", (4, 4)).save(data, "GIF")
    data.seek(0)
    # Before the version 89a there were no comments.
    return read_head(data).replace(b"GIF87a", b"GIF89a") + comment_block(text) + data.read()
