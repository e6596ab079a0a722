"""What of the last picture stays when a view is only moved: whole pixels, and the strips that are new.

Pure geometry: boxes are (left, top, width, height) in pixels, y down.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import Method
from weightscape.lens.lens import Part
from weightscape.network.view import carried
from weightscape.scene.colour import COLOURS_OF, colour
from weightscape.scene.scene import OVER, Scene, has_time

Box = tuple[int, int, int, int]
Size = tuple[int, int]
Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Kept:
    """Hold a whole picture's display values (rows, columns, channels) and the method that they were computed by.

    None: the values are where the picture is shown, and nowhere else. The boxes `missing` are coarse. A chart's has
    more (chart_exposure.py).
    """

    scene: Scene
    size: Size
    method: Method
    values: Values | None
    missing: tuple[Box, ...] = field(default=(), kw_only=True)

    def moved_to(self, part: Part) -> tuple[int, int] | None:
        """Tell by how many pixels (right, down) this picture has moved to be a part's; None where it is another."""
        is_alike = part.size == self.size and part.scene.levels == "plain"
        if self.values is None and colour(part.scene) != colour(self.scene):
            return None  # what is shown has the old colours
        return shift(part.scene, self.scene, self.size) if is_alike else None

    def missing_in(self, size: Size, moved: tuple[int, int]) -> list[Box]:
        """Tell the boxes of the new picture that this one, moved, has coarsely, and then those that it has not."""
        boxes = [(left + moved[0], top + moved[1], wide, high) for left, top, wide, high in self.missing]
        return [box for box in (common(box, kept(size, moved)) for box in boxes) if box] + strips(size, moved)


# A pixel that lies so near to one of the old picture's is that pixel.
NEAR = 1e-4


def shift(new: Scene, old: Scene, size: Size) -> tuple[int, int] | None:
    """Tell by how many pixels (right, down) a picture's values moved from `old` to `new`, both of this size.

    None where something else changed, by a fraction of a pixel or by so much that nothing is left.
    """
    free = (*OVER, *COLOURS_OF, *(() if has_time(old) else ("time",)))
    if replace(new, center=old.center, **{name: getattr(old, name) for name in free}) != old:
        return None
    _, (x, y) = carried(new.view, size, old.view, size)
    moved = -round(x), round(y)
    if abs(x + moved[0]) > NEAR or abs(y - moved[1]) > NEAR:
        return None
    return moved if abs(moved[0]) < size[0] and abs(moved[1]) < size[1] else None


def kept(size: Size, moved: tuple[int, int]) -> Box:
    """Tell the box of the new picture that the old one covers."""
    (width, height), (dx, dy) = size, moved
    return max(dx, 0), max(dy, 0), width - abs(dx), height - abs(dy)


def strips(size: Size, moved: tuple[int, int]) -> list[Box]:
    """Tell the boxes of the new picture that the old one does not cover, at most two, that do not overlap."""
    (width, height), (dx, dy) = size, moved
    beside = (0 if dx > 0 else width + dx, 0, abs(dx), height)
    left, _, wide, _ = kept(size, moved)
    above = (left, 0 if dy > 0 else height + dy, wide, abs(dy))
    return [box for box in (beside, above) if box[2] and box[3]]


def edges(size: Size, boxes: Iterable[Box]) -> list[Box]:
    """Tell at most four boxes along a picture's edges that cover all of these: what is between is in one piece."""
    left, top, right, bottom = 0, 0, *size
    for x, y, wide, high in boxes:
        cuts = (
            (max(left, x + wide), top, right, bottom),
            (left, max(top, y + high), right, bottom),
            (left, top, min(right, x), bottom),
            (left, top, right, min(bottom, y)),
        )
        left, top, right, bottom = max(cuts, key=lambda cut: max(cut[2] - cut[0], 0) * max(cut[3] - cut[1], 0))
    left, top = min(left, right), min(top, bottom)
    width, height = size
    beside = [(0, 0, left, height), (right, 0, width - right, height)]
    above = [(left, 0, right - left, top), (left, bottom, right - left, height - bottom)]
    return [box for box in beside + above if box[2] and box[3]]


def area(boxes: Iterable[Box]) -> int:
    """Count the pixels of boxes that do not overlap."""
    return sum(width * height for _, _, width, height in boxes)


def common(one: Box, other: Box) -> Box | None:
    """Tell the box that two have in common, if any."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[0] + one[2], other[0] + other[2]), min(one[1] + one[3], other[1] + other[3])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


def carried_over(old: Values, moved: tuple[int, int]) -> Values:
    """Copy what stays, (rows, columns, channels), to its place in a new picture; the strips are zeros."""
    height, width = old.shape[:2]
    left, top, wide, high = kept((width, height), moved)
    new = np.zeros_like(old)
    x, y = left - moved[0], top - moved[1]
    new[top : top + high, left : left + wide] = old[y : y + high, x : x + wide]
    return new
