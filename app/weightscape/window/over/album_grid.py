"""Where the album's tiles stand, which of them a search finds, and where arrows lead. Pure functions; draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from weightscape.window.message import Tile

Place = tuple[float, float]

# In pixels at 96 dots an inch; found by eye: six columns and more in wide windows, four in one of 640, two in any.
SMALLEST_PX, LARGEST_PX = 132, 320
ACROSS = 7  # so many tiles stand side by side, where none gets too small or too large by that
SHAPE = 16 / 10
GAP_PX, PAD_PX = 10, 5


@dataclass(frozen=True)
class Grid:
    """Tiles in rows under the headings of their groups, in pixels from the left upper corner.

    places: each tile's corner. picture: a picture's size; a tile is higher by its line of text.
    """

    places: tuple[Place, ...] = ()
    headings: tuple[tuple[str, float], ...] = ()
    picture: Place = (0.0, 0.0)
    tile_height: float = 0.0
    height: float = 0.0

    def seen(self, top: float, height: float) -> list[int]:
        """List the tiles of which something is between two heights."""
        bottom = top + height
        return [n for n, (_, y) in enumerate(self.places) if y < bottom and y + self.tile_height > top]

    def scrolled(self, n: int, top: float, height: float) -> float:
        """Tell the least scroll from `top` at which a tile is seen, with its heading if it is in a first row."""
        y = self.places[n][1]
        above = max((heading for _, heading in self.headings if heading < y), default=0.0)
        is_first = min(place[1] for place in self.places if place[1] > above) == y
        return min(above if is_first else y, max(top, y + self.tile_height - height))


def found(tiles: Sequence[Tile], query: str) -> list[int]:
    """List the numbers of the tiles that have all words of a query, in any case, in what is said of them."""
    wanted = query.casefold().split()
    texts = (f"{tile.label} {tile.about} {tile.words}".casefold() for tile in tiles)
    return [n for n, text in enumerate(texts) if all(word in text for word in wanted)]


def grid(groups: Sequence[str], width: float, scale: float, em: float) -> Grid:
    """Lay out a tile for each group's name, in this order; where the name changes a heading comes."""
    gap = GAP_PX * scale
    width = max(width, 4 * gap)  # a window may be too small for anything
    wish = min(max(width / ACROSS, SMALLEST_PX * scale), LARGEST_PX * scale, (width - gap) / 2)
    columns = int((width + gap) / (wish + gap))
    across = (width - (columns - 1) * gap) / columns
    picture = float(int(across)), float(round(across / SHAPE))
    tall = picture[1] + em + 2 * PAD_PX * scale
    places: list[Place] = []
    headings: list[tuple[str, float]] = []
    column, y = columns, -tall
    for n, name in enumerate(groups):
        if n == 0 or name != groups[n - 1]:
            y += tall
            headings.append((name, y))
            y, column = y + em + 2 * PAD_PX * scale, 0
        elif column == columns:
            y, column = y + tall + gap / 2, 0
        places.append((float(round(column * (across + gap))), float(round(y))))
        column += 1
    return Grid(tuple(places), tuple(headings), picture, tall, max(y + tall, 0.0))


def moved(grid: Grid, n: int, key: str, height: float) -> int:
    """Tell the tile that a key leads to from tile `n`; up and down to the nearest of the next row."""
    last = len(grid.places) - 1
    if key in ("left", "right"):
        return min(max(n + (1 if key == "right" else -1), 0), last)
    if key in ("home", "end"):
        return 0 if key == "home" else last
    rows = sorted({y for _, y in grid.places})
    x, now = grid.places[n]
    page = max(int(height / max(grid.tile_height, 1.0)), 1)
    step = {"up": -1, "down": 1, "page_up": -page, "page_down": page}[key]
    row = rows[min(max(rows.index(now) + step, 0), len(rows) - 1)]
    beside = [each for each in range(last + 1) if grid.places[each][1] == row]
    return min(beside, key=lambda each: abs(grid.places[each][0] - x))
