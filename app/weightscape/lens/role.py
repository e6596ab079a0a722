"""The lens that tells what a unit does: its picture, the inputs that drive it most, and the picture without it.

What drives it most is measured (role_drive.py), and so is the change (role_change.py), on few points, the same ones
for a picture of any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from weightscape.draw.cross import crossed
from weightscape.draw.plate import Plate
from weightscape.lens.lens import Answered, DrawnLens, Values, Want
from weightscape.lens.output import levels_of
from weightscape.lens.role_change import Change, Look, change, with_and_without
from weightscape.lens.role_drive import Drive, candidates, drive, measured_size
from weightscape.lens.role_layout import Plan, layout, size_of
from weightscape.lens.role_words import Told, write
from weightscape.network.edit import Unit
from weightscape.network.network import OUTPUTS, Network, Tap
from weightscape.network.remembered import remembered
from weightscape.network.view import Size
from weightscape.scene.colour import colour
from weightscape.scene.contrast import contrast
from weightscape.scene.lens_name import units_tap
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade
from weightscape.scene.silence import is_silenced

# Of so many numbers the inputs' pictures are made at the most: those of a large file have fewer points than pixels.
MOST_NUMBERS = 1 << 23
# Which inputs were drawn last of a network's units, (layer, unit) from 0: a click means what is seen.
_drawn: "WeakKeyDictionary[Network, dict[tuple[int, int], tuple[int, ...]]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Subject:
    """Name the unit, both from 0, and its inputs that may be shown: units of the layer before, or network's inputs."""

    layer: int
    unit: int
    tap: Tap
    inputs: tuple[int, ...]
    is_output: bool

    @property
    def silent(self) -> Unit:
        """Name it as a scene's `silenced` does."""
        return Unit(self.layer + 1, self.unit)


def subject(scene: Scene, network: Network, size: Size) -> Subject:
    """Find the unit. Raises SceneError for a layer or unit that the network has not."""
    tap = units_tap(scene.layer, (scene.unit,), scene.before, network)
    layer = tap.layer % network.layers
    W = network.weights[layer][:, scene.unit]
    inputs = candidates(scene, W, size) if layer == 0 else tuple(range(len(W)))
    return Subject(layer, scene.unit, tap, inputs, layer == network.layers - 1)


def plan_of(found: Subject, size: Size) -> Plan:
    """Lay the unit's pictures out."""
    return layout(size, len(found.inputs), found.is_output)


@remembered(1)
def _fed(network: Network, inputs: tuple[int, ...]) -> Network:
    """Make the network whose outputs are some of the inputs."""
    W = np.eye(network.widths[0])[:, list(inputs)]
    return Network((W,), (np.zeros(len(inputs)),), ("identity",))


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    """Ask for outputs first, for they are deepest; each of what is measured comes after what it is measured for."""
    found = subject(scene, network, size)
    plan, view = plan_of(found, size), scene.view
    unit = Want(network, view, size_of(plan.unit), (found.tap,))
    if not plan.inputs:
        return (unit,)
    before = Tap(found.layer - 1)
    inputs = Want(network, view, _input_size(plan, len(found.inputs)), (before,))
    if found.layer == 0:
        inputs = replace(inputs, network=_fed(network, found.inputs), taps=OUTPUTS)
    pair = (network,) if found.is_output else with_and_without(scene, network, found.silent)
    outputs = [Want(each, view, size_of(plan.pictures[0])) for each in pair]
    few = measured_size(size)
    measured = [replace(each, size=few, dense=False) for each in (*outputs, inputs)]
    return *outputs, unit, inputs, *measured


def _input_size(plan: Plan, count: int) -> Size:
    """Tell the points of an input's picture."""
    wide, high = size_of(plan.inputs[0])
    part = min((MOST_NUMBERS / (wide * high * count)) ** 0.5, 1.0)
    return max(int(part * wide), 1), max(int(part * high), 1)


def _draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
    found = subject(scene, network, size)
    plan, plate = plan_of(found, size), Plate(size)
    is_silent = is_silenced(scene, found.silent)
    pictures = len(answers) // 2 - 1 if plan.inputs else 0
    _draw_unit(plate, plan, scene, network, found, answers[pictures], is_silent)
    if not plan.inputs:
        return plate.pixels()
    measured = answers[pictures + 2 :]
    look = Look(scene, measured[0].field)
    told = change(look, measured[0].field, measured[1].field) if pictures == 2 else None
    _draw_outputs(plate, plan, look, answers[:pictures], told)
    driven = drive(network.weights[found.layer][list(found.inputs), found.unit], measured[-1].field)
    shown = driven.order[: len(plan.inputs)]
    _draw_inputs(plate, plan, scene, network, found, answers[pictures + 1], shown)
    _drawn.setdefault(network, {})[found.layer, found.unit] = tuple(found.inputs[n] for n in shown)
    if plan.letter:
        write(plate, plan, _told(scene, network, found, driven, told))
    return plate.pixels()


def _draw_unit(
    plate: Plate, plan: Plan, scene: Scene, network: Network, found: Subject, answered: Answered, is_silent: bool
) -> None:
    levels = levels_of(scene, answered.field, slice(0, 1), network.activations[found.layer])
    colours = _enlarged(shade(levels, colour(scene)), answered, size_of(plan.unit))
    plate.picture(plan.unit[0], plan.unit[1], crossed(colours) if is_silent else colours)


def _draw_outputs(plate: Plate, plan: Plan, look: Look, answers: Sequence[Answered], told: Change | None) -> None:
    colours = [look(each.field) for each in answers]
    if told:
        apart = look.apart(answers[0].field, answers[1].field) * told.times
        colours.append(np.broadcast_to(apart, (*apart.shape[:2], 3)))
    for box, each in zip(plan.pictures, colours, strict=True):
        plate.picture(box[0], box[1], _enlarged(each, answers[0], size_of(box)))


def _draw_inputs(
    plate: Plate, plan: Plan, scene: Scene, network: Network, found: Subject, answered: Answered, shown: Sequence[int]
) -> None:
    """Draw units as an atlas does, and the network's inputs each by its own range."""
    after = replace(scene, before=False)
    for box, number in zip(plan.inputs, shown, strict=True):
        channel = slice(number, number + 1)
        if found.layer:
            levels = levels_of(after, answered.field, channel, network.activations[found.layer - 1])
        else:
            relative = answered.field.part(channel).relative
            levels = contrast(relative)(relative)
        colours = _enlarged(shade(levels, colour(scene)), answered, size_of(box))
        is_silent = found.layer > 0 and is_silenced(scene, Unit(found.layer, number))
        plate.picture(box[0], box[1], crossed(colours) if is_silent else colours)


def _enlarged(colours: Values, answered: Answered, size: Size) -> Values:
    """Bring a coarse picture (rows, columns, 3) to a size (width, height)."""
    if answered.stride > 1:
        colours = colours.repeat(answered.stride, 0).repeat(answered.stride, 1)[: size[1], : size[0]]
    if colours.shape[:2] == size[::-1]:
        return colours
    rows, columns = (np.arange(want) * have // want for want, have in zip(size[::-1], colours.shape, strict=False))
    return colours[np.ix_(rows, columns)]


def _told(scene: Scene, network: Network, found: Subject, driven: Drive, told: Change | None) -> Told:
    """Collect what is written."""
    return Told(
        scene,
        found.layer,
        found.unit,
        network.layers,
        network.activations[found.layer],
        found.inputs,
        network.widths[found.layer],
        driven,
        told,
        is_silenced(scene, found.silent),
    )


def _pick(scene: Scene, network: Network, size: Size, point: tuple[float, float]) -> Scene | None:
    """Lead from an input to what drives it, and from the unit to its picture alone."""
    found = subject(scene, network, size)
    number = plan_of(found, size).at(point)
    if number is None:
        return None
    if number < 0:
        return replace(scene, lens="unit")
    drawn = _drawn.get(network, {}).get((found.layer, found.unit), ())
    if found.layer == 0 or number >= len(drawn):
        return None
    return replace(scene, layer=found.layer, unit=drawn[number])


ROLE = DrawnLens(_wants, _draw, _pick, is_chart=True)
