"""The lens that colours each point by its largest output, as a classifier decides there."""

import numpy as np

from weightscape.engine.question import Field, Question
from weightscape.lens.kind import Level, PlaneLens, Values, Want
from weightscape.model.network import Network
from weightscape.model.scene import Scene
from weightscape.model.view import Size

# Paul Tol's "muted" scheme (2021), which colour-blind people can tell apart; more classes begin again.
CLASS_COLOURS = np.array([
    "332288", "88ccee", "44aa99", "117733", "999933", "ddcc77", "cc6677", "882255", "aa4499", "dddddd",
])  # fmt: skip
RGB = np.array([[int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)] for code in CLASS_COLOURS], np.float32)
# How bright a point is whose two largest outputs are equal.
DARKEST = 0.25


def _want(scene: Scene, network: Network, size: Size) -> Want:
    return Want(network, scene.view, size)


def winners(values: Values) -> Values:
    """Colour values (..., classes) by the largest, darker where the second comes close: (..., 3) in 0..1."""
    colours: Values = RGB[values.argmax(-1) % len(RGB)].astype(values.dtype)
    if values.shape[-1] == 1:
        return colours
    second, first = np.moveaxis(np.partition(values, -2, axis=-1)[..., -2:], -1, 0)
    sure = np.clip(first - second, 0.0, 1.0)[..., None]
    return np.asarray(colours * (DARKEST + (1.0 - DARKEST) * np.sqrt(sure)), values.dtype)


def _level(scene: Scene, question: Question) -> Level:
    def level(field: Field) -> Values:
        return winners(field.values)

    return level


WINNER = PlaneLens(_want, _level)
