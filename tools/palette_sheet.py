"""Draw the colour tables of docs/colour.md: `python tools/palette_sheet.py` writes assets/picture/palettes.png."""

from pathlib import Path

import numpy as np
from PIL import Image

from weightscape.draw.plate import INK, Plate
from weightscape.scene.palette import TABLES, table

FILE = Path(__file__).parents[1] / "assets" / "picture" / "palettes.png"
COLUMNS, WIDE, HIGH, LETTER, GAP = 3, 256, 26, 13, 8

if __name__ == "__main__":
    kinds = ("sequential", "diverging", "cyclic")
    names = [[each.name for each in TABLES if each.kind == kind] for kind in kinds]
    rows = max(map(len, names))
    cell = HIGH + LETTER + GAP
    plate = Plate((COLUMNS * (WIDE + GAP) + GAP, (rows + 1) * cell + GAP))
    for column, (kind, some) in enumerate(zip(kinds, names, strict=True)):
        left = GAP + column * (WIDE + GAP)
        plate.text(left, GAP + LETTER, kind, 1.2 * LETTER, INK, "ls")
        for row, name in enumerate(some):
            top = GAP + (row + 0.6) * cell
            plate.text(left, top + LETTER - 2, name, LETTER, INK, "ls")
            plate.picture(left, int(top + LETTER), np.repeat(table(name)[None] / np.float32(255), HIGH, 0))
    Image.fromarray(np.asarray(plate.pixels() * 255 + 0.5, np.uint8)).save(FILE, optimize=True)
    print(f"{FILE}: {FILE.stat().st_size} bytes")
