"""Small pictures that are laid over a large one, wherever that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from weightscape.draw.letter import font
from weightscape.draw.plate import Colour, Values
from weightscape.network.view import Size

Layer = npt.NDArray[np.uint8]
# Of the dark edge around light letters.
HALO_ALPHA = 0.75


@dataclass(frozen=True)
class Sprite:
    """Hold display colours, multiplied by their alpha: float32 (rows, columns, 4), and their place in pixels."""

    left: int
    top: int
    colours: npt.NDArray[np.float32]

    def moved(self, right: int, down: int) -> "Sprite":
        """Give the same elsewhere."""
        return Sprite(self.left + right, self.top + down, self.colours)


@dataclass(frozen=True, eq=False)
class Piece:
    """Hold a part of a layer that has something in it, and its place: uint8 (rows, columns, 4), times the alpha."""

    left: int
    top: int
    pixels: Layer


def pictured(left: int, top: int, values: Values) -> Sprite:
    """Make a sprite of display values (rows, columns, 3), which covers what is below."""
    whole = np.ones((*values.shape[:2], 4), np.float32)
    whole[..., :3] = np.clip(values, 0.0, 1.0)
    return Sprite(left, top, whole)


def lettered(x: float, y: float, text: str, size: float, colour: Colour, anchor: str) -> Sprite:
    """Make a sprite of a line of text, the same letters that Plate.text() writes there."""
    left, top, alpha = _written(x, y, text, size, anchor)
    return Sprite(left, top, np.concatenate([alpha * np.array(colour, np.float32), alpha], -1))


def haloed(x: float, y: float, text: str, size: float, anchor: str) -> Sprite:
    """Make a sprite of a line of text that can be read on anything: light letters with a dark edge."""
    halo = max(2, round(size / 8.0))
    left, top, edge = _written(x, y, text, size, anchor, halo)
    inner_left, inner_top, core = _written(x, y, text, size, anchor)
    light = np.zeros_like(edge)
    rows, columns, _ = core.shape
    light[inner_top - top :, inner_left - left :][:rows, :columns] = core
    return edged(left, top, light, edge)


def edged(left: int, top: int, light: npt.NDArray[np.float32], edge: npt.NDArray[np.float32]) -> Sprite:
    """Make a sprite of light on a dark edge, each given by how much of a pixel it covers: (rows, columns, 1)."""
    return Sprite(left, top, np.concatenate([light, light, light, np.maximum(light, HALO_ALPHA * edge)], -1))


def _written(
    x: float, y: float, text: str, size: float, anchor: str, halo: int = 0
) -> tuple[int, int, npt.NDArray[np.float32]]:
    """Write a line of text, so much broader all around: left, top, and how much of each pixel it covers."""
    shape = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox((x, y), text, font(size), anchor, stroke_width=halo)
    left, top, right, bottom = int(shape[0]) - 2, int(shape[1]) - 2, int(shape[2]) + 3, int(shape[3]) + 3
    image = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(image).text((x - left, y - top), text, 255, font(size), anchor, stroke_width=halo)
    return left, top, np.asarray(image, np.float32)[..., None] / np.float32(255)


def layer(sprites: Iterable[Sprite], width: int, top: int, count: int) -> Layer:
    """Lay sprites on nothing, one over the other: rows of a picture, uint8 (count, width, 4), times their alpha."""
    found = np.zeros((count, width, 4), np.uint8)
    lay(found, sprites, top)
    return found


def lay(found: Layer, sprites: Iterable[Sprite], top: int = 0) -> None:
    """Lay sprites over a layer, of a picture's rows from `top` on."""
    count, width, _ = found.shape
    for each in sprites:
        rows, columns, _ = each.colours.shape
        y0, y1 = max(each.top, top), min(each.top + rows, top + count)
        x0, x1 = max(each.left, 0), min(each.left + columns, width)
        if y0 < y1 and x0 < x1:
            part = each.colours[y0 - each.top : y1 - each.top, x0 - each.left : x1 - each.left]
            place = found[y0 - top : y1 - top, x0:x1]
            place[:] = in_bytes(place * ((1.0 - part[..., 3:]) / np.float32(255)) + part)


def pieces(groups: Iterable[Sequence[Sprite]], size: Size) -> list[Piece]:
    """Lay all sprites on nothing, one over the other, and cut what holds each group out of that, within `size`."""
    groups = [group for group in groups if group]
    found = []
    for group in groups:
        left, top = max(min(each.left for each in group), 0), max(min(each.top for each in group), 0)
        right = min(max(each.left + each.colours.shape[1] for each in group), size[0])
        bottom = min(max(each.top + each.colours.shape[0] for each in group), size[1])
        if left < right and top < bottom:
            near = (each.moved(-left, 0) for every in groups for each in every)
            found.append(Piece(left, top, layer(near, right - left, top, bottom - top)))
    return found


def in_bytes(values: npt.NDArray[np.float32]) -> Layer:
    """Round values in 0..1 to 8 bits."""
    return np.asarray(values * np.float32(255) + np.float32(0.5), np.uint8)


def laid(colours: Values, over: Layer) -> Values:
    """Lay a layer of 8 bits over display colours, (rows, columns, 3) in 0..1."""
    part = over.astype(colours.dtype) / colours.dtype.type(255)
    return np.asarray(colours * (1 - part[..., 3:]) + part[..., :3])
