"""The lens of derivatives: by how much a small step is stretched, at most, on its way through the network.

|J| is the largest singular value of the outputs' derivatives by the plane. Plainly it is shown as a rate, ln |J| a
layer: blue where steps shrink (order), orange where they grow (chaos), dark on the edge between. With levels `auto`
it is ln |J| itself, through the palette, from the view's least to its largest.
"""

import math

import numpy as np

from weightscape.deep.tangent import exponents
from weightscape.draw.plate import signed
from weightscape.engine.question import Field, Question
from weightscape.lens.lens import Level, PlaneLens, Values, Want, by_rows
from weightscape.lens.output import cut
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.scene.colour import AS_THEY_ARE, Colour, colour
from weightscape.scene.scene import Scene

# A rate of so much a layer has the full colour: steps grow by 65 %.
FULL_RATE = 0.5
# Where it is flat: below any derivative of a network in range.
LOWEST = 1e4


def _want(scene: Scene, network: Network, size: Size) -> Want:
    shorter, tap = cut(network, scene.layer)
    # Where values are all the same, derivatives are not: neither may be rounded away.
    return Want(shorter, scene.view, size, (tap,), "derivatives", stretched=True)


def log_stretch(scene: Scene, question: Question, field: Field) -> Values:
    """Evaluate ln |J| by plane units from a field of derivatives by pixels: (rows, columns, 1), -inf where it is flat.

    `question` is the whole picture's. This is what is written in place of raw outputs, too.
    """
    powers = exponents(question.network, question.radial, question.taps, question.shrink, question.perturbation)
    units, largest_power = len(powers), int(powers.max())
    factors = np.ldexp(1.0, np.maximum(powers - largest_power, -1000))
    dx, dy = (field.data[..., units * n : units * (n + 1)].astype(np.float64) * factors for n in (1, 2))
    largest = np.maximum(np.abs(dx).max(-1), np.abs(dy).max(-1))
    unit = np.where(largest > 0.0, largest, 1.0)[..., None]
    dx, dy = dx / unit, dy / unit  # squares of what a deep network shrinks would be 0
    a, b, c = (dx * dx).sum(-1), (dy * dy).sum(-1), (dx * dy).sum(-1)
    square = 0.5 * (a + b + np.hypot(a - b, 2.0 * c))
    grid = question.grid
    pixel = 2.0 * scene.radius / min(grid.columns, grid.rows)
    with np.errstate(divide="ignore"):
        logarithm = np.log(largest) + 0.5 * np.log(square)
    return np.asarray(logarithm + largest_power * math.log(2.0) - math.log(pixel))[..., None]


def _level(scene: Scene, question: Question) -> Level:
    layers = question.network.layers

    def rate(field: Field) -> Values:
        rates = np.maximum(log_stretch(scene, question, field), -LOWEST)[..., 0] / layers
        return signed(rates, FULL_RATE)

    def logarithm(field: Field) -> Values:
        return np.maximum(log_stretch(scene, question, field), -LOWEST)

    shown = rate if scene.levels == "plain" else logarithm
    return lambda field: by_rows(shown, field)


def _colour(scene: Scene) -> Colour:
    """Leave a rate's own colours as they are."""
    return AS_THEY_ARE if scene.levels == "plain" else colour(scene)


STRETCH = PlaneLens(_want, _level, colour=_colour)
