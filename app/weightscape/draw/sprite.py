"""Small pictures that are laid over a large one, wherever that is."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from weightscape.draw.letter import font
from weightscape.draw.plate import Colour, Values


@dataclass(frozen=True)
class Sprite:
    """Hold display colours, multiplied by their alpha: float32 (rows, columns, 4), and their place in pixels."""

    left: int
    top: int
    colours: npt.NDArray[np.float32]

    def moved(self, right: int, down: int) -> "Sprite":
        """Give the same elsewhere."""
        return replace(self, left=self.left + right, top=self.top + down)


def pictured(left: int, top: int, values: Values) -> Sprite:
    """Make a sprite of display values (rows, columns, 3), which covers what is below."""
    whole = np.ones((*values.shape[:2], 4), np.float32)
    whole[..., :3] = np.clip(values, 0.0, 1.0)
    return Sprite(left, top, whole)


def lettered(x: float, y: float, text: str, size: float, colour: Colour, anchor: str) -> Sprite:
    """Make a sprite of a line of text, the same letters that Plate.text() writes there."""
    shape = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox((x, y), text, font(size), anchor)
    left, top, right, bottom = int(shape[0]) - 2, int(shape[1]) - 2, int(shape[2]) + 3, int(shape[3]) + 3
    image = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(image).text((x - left, y - top), text, 255, font(size), anchor)
    alpha = np.asarray(image, np.float32)[..., None] / np.float32(255)
    return Sprite(left, top, np.concatenate([alpha * np.array(colour, np.float32), alpha], -1))
