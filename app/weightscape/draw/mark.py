"""The marks on a plate: what is drawn in which box, so that two plates tell where their pictures differ.

Boxes are (left, top, right, bottom) in whole pixels, y down, right and bottom not included. A mark changes nothing
outside of its box.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Mark:
    """Stand in a box of the picture."""

    box: Box


@dataclass(frozen=True)
class Shape(Mark):
    """Call a method of Pillow's with points (x, y, x, y ...) and options."""

    method: str
    points: tuple[float, ...]
    options: tuple[tuple[str, object], ...]


@dataclass(frozen=True, eq=False)
class Picture(Mark):
    """Hold display values, or 8-bit colours, (rows, columns, 3)."""

    values: npt.NDArray[np.floating] | npt.NDArray[np.uint8]

    def __eq__(self, other: object) -> bool:
        """Tell whether the same is seen."""
        if not isinstance(other, Picture) or self.box != other.box:
            return False
        middle = len(self.values) // 2  # a row tells most of them apart at once
        return self.values is other.values or (
            np.array_equal(self.values[middle : middle + 1], other.values[middle : middle + 1])
            and np.array_equal(self.values, other.values)
        )

    def __hash__(self) -> int:
        """Tell most pictures apart."""
        return hash(self.box)


@dataclass(frozen=True)
class Text(Mark):
    """Hold a line of text, its place, its size and its anchor."""

    x: float
    y: float
    text: str
    size: float
    colour: tuple[int, int, int]
    anchor: str


Some = TypeVar("Some", bound=Mark)


@dataclass(frozen=True)
class Group(Mark, Generic[Some]):
    """Hold marks that are drawn together, in their order: all that stand in its box."""

    marks: tuple[Some, ...]


def differences(new: Sequence[Mark], old: Sequence[Mark]) -> list[Box]:
    """List boxes outside of which the same marks stand in the same order."""
    if new == old:
        return []
    news, olds = set(new), set(old)
    if [mark for mark in new if mark in olds] != [mark for mark in old if mark in news]:
        return [mark.box for mark in (*new, *old)]
    return [mark.box for mark in new if mark not in olds] + [mark.box for mark in old if mark not in news]


def grouped(marks: Sequence[Some], size: tuple[int, int]) -> list[Group[Some]]:
    """Sort a picture's marks into groups whose boxes are apart."""
    boxes = joined([mark.box for mark in marks], size)
    return [Group(box, tuple(mark for mark in marks if common(mark.box, box))) for box in boxes]


def common(one: Box, other: Box) -> Box | None:
    """Tell what two boxes share, if anything."""
    if one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]:
        return None  # most are apart, which is told sooner so
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[2], other[2]), min(one[3], other[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def joined(boxes: Sequence[Box], size: tuple[int, int]) -> list[Box]:
    """Cover boxes, cut at a picture's edges, by boxes of which none is over another."""
    cut = (common(box, (0, 0, *size)) for box in boxes)
    found: list[Box] = []
    for box in sorted({each for each in cut if each}, key=_area, reverse=True):
        while over := [each for each in found if common(each, box)]:
            found = [each for each in found if each not in over]
            box = _around([box, *over])
            if len(over) == 1 and box == over[0]:
                break
        found.append(box)
    return found


def _area(box: Box) -> tuple[int, Box]:
    return (box[2] - box[0]) * (box[3] - box[1]), box


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
