"""What stands in the place of a picture that cannot be shown: why not."""

import textwrap
from collections.abc import Generator, Iterator

from weightscape.draw.lettering import letters_of
from weightscape.draw.plate import Plate, text_width
from weightscape.lens.lens import Part, Values
from weightscape.network.view import Size
from weightscape.picture.exposure import Exposure, Laid, Order

LETTERS = 16.0


class RefusedExposure(Exposure):
    """Hold the reason; it asks nothing of an engine."""

    def __init__(self, part: Part, reason: str) -> None:
        self.part, self._reason = part, reason
        self.cost, self.truth, self.samples = 0.0, None, 1

    def first_stride(self, seconds: float) -> int:
        """Tell that it is there at once."""
        return 1

    def points(self, stride: int) -> int:
        """Count no points."""
        return 0

    def more_points(self) -> int:
        """Count the points of one more sample."""
        return 0

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Write the reason."""
        yield self.averaged()

    def take_sample(self, n: int, order: Order) -> Generator[Laid, None, bool]:
        """Tell that words are smooth."""
        yield from ()
        return False

    def colours(self) -> Values:
        """Give the reason as a picture: float32 (height, width, 3) in 0..1."""
        return written(self.part.size, self._reason)


def written(size: Size, reason: str) -> Values:
    """Write, in place of a picture that cannot be, why not."""
    width, height = size
    letters = min(LETTERS * letters_of(size).scale, max(height / 4.0, 1.0))
    letter = text_width(reason, letters) / max(len(reason), 1)
    lines = textwrap.wrap(reason, max(int(0.8 * width / max(letter, 1e-3)), 1))
    plate = Plate(size)
    for n, line in enumerate(lines):
        plate.text(width / 2.0, height / 2.0 + 1.5 * letters * (n - (len(lines) - 1) / 2.0), line, letters, anchor="mm")
    return plate.pixels()
