"""Lenses that show values as they are: outputs, one unit, three units, a shorter network."""

from dataclasses import replace

import numpy as np

from weightscape.engine.question import Field, Question
from weightscape.lens.lens import Level, PlaneLens, Values, Want
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Network, Tap
from weightscape.network.view import Size
from weightscape.scene import shading
from weightscape.scene.contrast import contrast
from weightscape.scene.lens_name import layer_tap, units_tap
from weightscape.scene.scene import Scene
from weightscape.scene.shading import Shading

# Activations that run from -1 to 1: their middle, 0, is the middle of the palette.
SYMMETRIC = ("tanh", "softsign", "sin", "cos", "triangle")


def as_they_are(scene: Scene, question: Question) -> Level:
    """Show values as they are."""
    return lambda field: field.values


def centred(scene: Scene, question: Question) -> Level:
    """Show values so that 0 is in the middle where the activation runs from -1 to 1.

    Before the activation values have no bounds: there 0 is in the middle, too, and sigmoid(z) takes them to 0..1.
    """
    if scene.before:
        return lambda field: ACTIVATIONS["sigmoid"].function(field.values)
    if question.network.activations[-1] not in SYMMETRIC:
        return as_they_are(scene, question)

    def level(field: Field) -> Values:
        half = field.values.dtype.type(0.5)
        return np.asarray(field.values * half + half)

    return level


def levels_of(scene: Scene, field: Field, channels: slice, activation: str, range_of: Field | None = None) -> Values:
    """Turn some channels into palette values, as the lens of one unit does; or stretch each to its own range."""
    part = field.part(channels)
    if scene.levels == "auto":
        return contrast((range_of or field).part(channels).relative)(part.relative)
    values = part.values
    if scene.before:
        return ACTIVATIONS["sigmoid"].function(values)
    half = values.dtype.type(0.5)
    return np.asarray(values * half + half) if activation in SYMMETRIC else values


def plain_shading(scene: Scene, question: Question) -> Shading:
    """Say `as_they_are` to the GPU."""
    return shading.plain(question.channels)


def centred_shading(scene: Scene, question: Question) -> Shading:
    """Say `centred` to the GPU."""
    if scene.before:
        return shading.bounded(question.channels)
    is_symmetric = question.network.activations[-1] in SYMMETRIC
    return (shading.centred if is_symmetric else shading.plain)(question.channels)


def cut(network: Network, layer: int) -> tuple[Network, Tap]:
    """Cut a network after hidden layer `layer` and set the output layer on top; 0 leaves it whole.

    Where the output layer does not fit, that layer's own first three units are tapped. Raises SceneError.
    """
    tap = layer_tap(layer, False, network)
    if tap.layer in (-1, network.layers - 1):
        return network, Tap()
    top = network.weights[-1]
    if network.widths[tap.layer + 1] != len(top):
        return network, Tap(tap.layer, tuple(range(min(3, network.widths[tap.layer + 1]))))
    kept = slice(0, tap.layer + 1)
    return Network(
        (*network.weights[kept], top),
        (*network.biases[kept], network.biases[-1]),
        (*network.activations[kept], network.activations[-1]),
    ), Tap()


def _outputs(scene: Scene, network: Network, size: Size) -> Want:
    return Want(network, scene.view, size)


def _unit(scene: Scene, network: Network, size: Size) -> Want:
    tap = units_tap(scene.layer, (scene.unit,), scene.before, network)
    return Want(network, scene.view, size, (tap,))


def _rgb(scene: Scene, network: Network, size: Size) -> Want:
    tap = units_tap(scene.layer, scene.units, scene.before, network, "units")
    return Want(network, scene.view, size, (tap,))


def _cut(scene: Scene, network: Network, size: Size) -> Want:
    shorter, tap = cut(network, scene.layer)
    return Want(shorter, scene.view, size, (tap,))


def _after(scene: Scene) -> Scene:
    """Leave out what a cut network does not know: before its last activation nothing is shown."""
    return replace(scene, before=False)


OUTPUTS = PlaneLens(_outputs, as_they_are, plain_shading)
UNIT = PlaneLens(_unit, centred, centred_shading)
RGB = PlaneLens(_rgb, centred, centred_shading)
CUT = PlaneLens(
    _cut,
    lambda scene, question: centred(_after(scene), question),
    lambda scene, question: centred_shading(_after(scene), question),
)
