"""Make the program's icons, assets/icon/icon-*.png, of a shipped scene: python tools/icon.py."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import weightscape
from weightscape.draw.icon import SIZES
from weightscape.publish import gallery

FOLDER = Path(__file__).parents[1] / "assets" / "icon"
SCENE = replace(gallery.scene("jungle"), radius=2.0)
# Pixels of the mask for one of the icon's; the corners' radius and the rim, as parts of a side.
FINER, CORNER, RIM = 8, 0.22, 0.02
OPAQUE = 200  # of 256 colours some are a mean of the inside and the edge


def mask(side: int) -> Image.Image:
    """Draw a square with round corners, smooth."""
    large = Image.new("L", (FINER * side, FINER * side))
    rim = round(RIM * FINER * side)
    box = rim, rim, FINER * side - 1 - rim, FINER * side - 1 - rim
    ImageDraw.Draw(large).rounded_rectangle(box, CORNER * FINER * side, fill=255)
    return large.resize((side, side), Image.Resampling.BOX)


def main() -> None:
    """Write an icon of each size, of 256 colours."""
    for side in SIZES:
        pixels = weightscape.render(SCENE, size=(side, side), samples=64, engine="numpy")
        icon = Image.fromarray(np.dstack([pixels, np.asarray(mask(side))]), "RGBA")
        few = icon.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        colours = np.array(few.getpalette("RGBA")).reshape(-1, 4)
        colours[colours[:, 3] > OPAQUE, 3] = 255
        few.putpalette(colours.ravel().tolist(), "RGBA")
        few.save(FOLDER / f"icon-{side}.png", optimize=True)


if __name__ == "__main__":
    main()
