"""Letters: the program's font, and lines of text that are laid over pixels as Pillow lays them.

A line's letters are drawn once: most numbers of a chart stand where they stood in the last picture.
"""

from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from weightscape.draw.mark import Box, Text

Bytes = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.float32] | Bytes


@lru_cache(maxsize=32)
def font(size: float) -> ImageFont.FreeTypeFont:
    """Load the program's font at a size in pixels."""
    written = (resources.files("weightscape.assets.font") / "Roboto-Regular.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(written), max(size, 1.0))


def write(part: Pixels, seen: Box, text: Text) -> None:
    """Write what is seen of a line, as Pillow does: letters are rounded to 8 bits."""
    place = text.box
    x, y, size = text.x - place[0], text.y - place[1], (place[2] - place[0], place[3] - place[1])
    mask = part_of(_letters(text.text, text.size, text.anchor, (x, y), size), place, seen)[..., None]
    below = part if part.dtype == np.uint8 else np.asarray(part * 255 + 0.5, np.uint8)
    # 255 times the colour, divided as Pillow does.
    sums = below * (255 - mask) + np.array(text.colour, np.uint16) * mask + np.uint16(128)
    written = ((sums >> 8) + sums) >> 8
    if part.dtype == np.uint8:
        part[:] = written
        return
    # Pictures keep their values but where letters stand on them.
    touched = (written != below).any(-1)
    part[touched] = written[touched] / np.float32(255)


def part_of(whole: npt.NDArray[Any], box: Box, part: Box) -> npt.NDArray[Any]:
    """Look at a part of an array that holds a box."""
    return whole[part[1] - box[1] : part[3] - box[1], part[0] - box[0] : part[2] - box[0]]


@lru_cache(maxsize=1024)
def _letters(
    text: str, size: float, anchor: str, at: tuple[float, float], box: tuple[int, int]
) -> npt.NDArray[np.uint16]:
    """Give the cover, 0..255, of a line that is written at a place in a box (width, height)."""
    image = Image.new("L", box)
    ImageDraw.Draw(image).text(at, text, 255, font(size), anchor)
    return np.asarray(image, np.uint16)
