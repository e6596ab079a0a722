"""Where the pictures of a unit's role stand: the unit large, beside it the network's picture, beneath a row of inputs.

All pictures have the whole picture's aspect. Everything follows from the size and from how many inputs there are.
"""

from dataclasses import dataclass
from functools import lru_cache

from weightscape.draw.chart import LETTER, unit
from weightscape.draw.mark import Box
from weightscape.network.view import Size

# Letters are this much smaller where there is little room, and leave so much of the height to pictures, or are none.
SHRUNK, LEAST_SHARE = (1.0, 0.85, 0.7), 0.5
# A row has room for so many inputs, less where there are fewer, more where these would be too high.
WANTED, LEAST, MOST = 6, 3, 16
# Heights in letters: the head, a caption, what stands beneath an input (bar and numbers), and the gap.
HEAD, CAPTION, FOOT, GAP = 2.1, 1.5, 2.3, 0.9
# Smaller pictures show the unit alone.
LEAST_PX = 48
# The unit's own part of the pictures' height, at the most.
MOST_OF_HEIGHT = 0.7


@dataclass(frozen=True)
class Plan:
    """Hold boxes (left, top, right, bottom) in pixels, and the letters' size, 0 for none.

    `pictures`: the network's picture, that without the unit, and their difference; of an output the first alone, and
    none in a tiny picture. `words`: the room for what is told of the difference. `inputs`: those of the row.
    """

    letter: float
    unit: Box
    pictures: tuple[Box, ...] = ()
    words: Box = (0, 0, 0, 0)
    row: int = 0
    inputs: tuple[Box, ...] = ()

    def at(self, point: tuple[float, float]) -> int | None:
        """Tell which input is at a point, from 0; -1 for the unit itself, None for neither."""
        for number, box in enumerate((self.unit, *self.inputs), start=-1):
            if box[0] <= point[0] < box[2] and box[1] <= point[1] < box[3]:
                return number
        return None


def size_of(box: Box) -> Size:
    """Tell a box's width and height, a pixel at the least."""
    return max(box[2] - box[0], 1), max(box[3] - box[1], 1)


@lru_cache(maxsize=16)
def layout(size: Size, inputs: int, is_output: bool) -> Plan:
    """Lay out a unit of a layer with so many inputs, in a picture of `size` pixels."""
    if min(size) < LEAST_PX:
        return Plan(0.0, (0, 0, *size))
    for share in SHRUNK:
        letter = share * LETTER * unit(size)
        if _room(size, letter) >= LEAST_SHARE * size[1]:
            return _laid(size, letter, inputs, is_output)
    return _laid(size, 0.0, inputs, is_output)


def _gap(size: Size, letter: float) -> int:
    return max(round(GAP * letter), min(size) // 60, 2)


def _room(size: Size, letter: float) -> float:
    """Tell the height that is left for the unit and the row."""
    return size[1] - (HEAD + CAPTION + FOOT) * letter - 3 * _gap(size, letter)


def _laid(size: Size, letter: float, inputs: int, is_output: bool) -> Plan:
    (width, height), gap, room, caption = size, _gap(size, letter), _room(size, letter), CAPTION * letter
    aspect, wide = width / height, width - 2 * gap
    # The unit, and beside it two lines of two small pictures with a caption each.
    upper = min((wide - 2 * gap + aspect * (2.0 * caption + gap)) / (2.0 * aspect), MOST_OF_HEIGHT * room)
    small = max((upper - 2.0 * caption - gap) / 2.0, 1.0)
    count, lower = _row(wide, room - upper, gap, aspect, inputs)
    # What is left over is shared: above, between and beneath.
    spare = max(round((room - upper - lower) / 3.0), 0)
    big, cell, little = ((max(round(aspect * each), 1), max(round(each), 1)) for each in (upper, lower, small))
    left = max((width - big[0] - 2 * gap - 2 * little[0]) // 2, 0)
    top = round(HEAD * letter) + (0 if letter else gap) + spare
    places = [
        (left + big[0] + gap + n % 2 * (little[0] + gap), top + _line(n // 2, little, caption, gap)) for n in range(4)
    ]
    boxes = [(x, y, x + little[0], y + little[1]) for x, y in places]
    row = top + big[1] + gap + spare
    first = round(caption) + row
    start = max((width - count * cell[0] - (count - 1) * gap) // 2, 0)
    return Plan(
        letter,
        (left, top, left + big[0], top + big[1]),
        tuple(boxes[: 1 if is_output else 3]),
        boxes[2] if is_output else boxes[3],
        row,
        tuple((x, first, x + cell[0], first + cell[1]) for x in (start + n * (cell[0] + gap) for n in range(count))),
    )


def _line(number: int, little: Size, caption: float, gap: int) -> int:
    """Tell how far below the unit's top a line of small pictures begins."""
    return round(caption + number * (little[1] + gap + caption))


def _row(wide: float, high: float, gap: int, aspect: float, inputs: int) -> tuple[int, float]:
    """Tell how many inputs stand in a row so wide and high, and how high each is."""
    fewest = max(min(WANTED, inputs), LEAST)
    heights = {count: (wide - (count - 1) * gap) / count / aspect for count in range(fewest, MOST + 1)}
    count = next((count for count, each in heights.items() if each <= high), MOST)
    each = max(min(heights[count], high), 1.0)
    return min(count, inputs), each
