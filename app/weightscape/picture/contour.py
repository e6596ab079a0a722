"""Where a network's decision changes, exact to a pixel, whatever the lens shows."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.draw.contour import lines, margin
from weightscape.lens.lens import Part
from weightscape.network.decision import decisions
from weightscape.network.interrupt import ignore
from weightscape.picture.exposure import Evaluator
from weightscape.picture.questions import PrecisionName, question


class Contour:
    """Draw the lines of a part's picture: where the largest output changes, or the only one crosses its boundary."""

    def __init__(self, evaluator: Evaluator, part: Part, precision: PrecisionName) -> None:
        self._evaluator, self._size = replace(evaluator, count=ignore), part.size
        bare = replace(part.scene, lens="outputs", beside="")
        self._asked = question(bare, part.size, precision, evaluator.engine.methods)

    def rows(self, top: int, count: int) -> npt.NDArray[np.float32]:
        """Draw some rows: display colours multiplied by their alpha, (count, width, 4)."""
        around, (width, _) = margin(self._size), self._size
        box = -around, top - around, width + 2 * around, count + 2 * around
        field = self._evaluator.whole(replace(self._asked, grid=self._asked.grid.tile(*box)))
        return lines(decisions(field.values, self._asked.network.activations[-1]), self._size)
