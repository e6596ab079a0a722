"""The program's icons, made from a scene by tools/icon.py."""

from importlib import resources

import numpy as np
import numpy.typing as npt
from PIL import Image

SIZES = (16, 32, 48, 64, 128, 256)
# What a title bar or a list of windows shows.
SMALL = (16, 32, 48, 64)


def icon_file(side: int) -> bytes:
    """Read the PNG file of the icon with so many pixels a side, one of SIZES."""
    return (resources.files("weightscape.assets.icon") / f"icon-{side}.png").read_bytes()


def icon(side: int) -> npt.NDArray[np.uint8]:
    """Read an icon's pixels: uint8 (side, side, 4), red, green, blue, alpha."""
    with (
        (resources.files("weightscape.assets.icon") / f"icon-{side}.png").open("rb") as file,
        Image.open(file) as image,
    ):
        return np.asarray(image.convert("RGBA"), np.uint8)
