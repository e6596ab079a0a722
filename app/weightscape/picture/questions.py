"""From a scene to a question: its network, its view, and the method that foretells a true picture.

Joins the model's parts with the question an engine answers; computes no pixel.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import METHODS, MOVED, Accuracy, Method, choose, foretell
from weightscape.deep.orbit import OrbitError
from weightscape.deep.perturbation import Perturbation
from weightscape.deep.planner import perturb
from weightscape.deep.tangent import shrink
from weightscape.engine.question import Engine, NoOrbitError, Question, pixel_grid
from weightscape.engine.softmax import reference
from weightscape.lens.catalogue import parts, wants
from weightscape.lens.lens import Want
from weightscape.network.input import Radial, fold
from weightscape.network.network import OUTPUTS, Network, Tap, is_tappable, tapped
from weightscape.network.plane import PLANE_INPUTS, Vector, through
from weightscape.network.remembered import remembered
from weightscape.network.view import Size, View
from weightscape.picture.network_memory import network as network
from weightscape.picture.network_memory import remarks as remarks
from weightscape.picture.network_memory import widths as widths
from weightscape.scene.scene import Scene

_Place = tuple[tuple[str, ...], float, View, Size]

PrecisionName = Literal["auto", "single", "double", "perturbed", "wide"]
PRECISIONS: tuple[PrecisionName, ...] = get_args(PrecisionName)
# A picture of 8 bits is true where outputs are within 1/510. What is foretold comes from a few probe points: one
# pixel in a thousand is ten times as far off. Levels that follow the view want a part of the picture's own range.
TARGET, STRETCHED_TARGET, RELATIVE_TARGET = 1 / 5100, 1e-3, 1e-5


def questions(
    scene: Scene,
    size: Size,
    precision: PrecisionName = "single",
    can: Collection[Method] = METHODS,
    relative: bool = False,
) -> tuple[Question, ...]:
    """Ask for all that a scene's lens wants for a picture of `size` (width, height) pixels, a point in each middle.

    "perturbed" carries differences from the centre in float32, "wide" in float64; "auto" takes the cheapest method of
    `can` that foretells a true picture; `relative`: of the differences from the centre, which plain methods have not.
    Raises SceneError for a layer or unit that the network has not, ValueError for inputs, NoOrbitError for a centre
    that no number of bits can follow through the network.
    """
    return tuple(_asked(want, scene, precision, can, relative) for want in wants(scene, network(scene), size))


def question(
    scene: Scene,
    size: Size,
    precision: PrecisionName = "single",
    can: Collection[Method] = METHODS,
    relative: bool = False,
) -> Question:
    """Ask for the first that a scene's lens wants, or, where it wants nothing, for the outputs: see questions()."""
    made = network(scene)
    first = next(iter(wants(scene, made, size)), Want(made, scene.view, size))
    return _asked(first, scene, precision, can, relative)


def _asked(want: Want, scene: Scene, precision: PrecisionName, can: Collection[Method], relative: bool) -> Question:
    made, taps, place = _placed(want, scene)
    method = precision
    if method == "auto":
        method = _chosen(_foretold(made, *place), want.stretched or scene.levels == "auto", can, relative)
    if relative:
        method = {"single": "perturbed", "double": "wide"}.get(method, method)  # type: ignore[assignment]
    grid = pixel_grid(*want.size)
    if method in MOVED:
        try:
            moved, radial, plan = _planned(made, *place, method == "wide")
        except OrbitError as error:
            raise NoOrbitError(f"{method} precision cannot follow the centre: {error}; use single or double") from None
        asked = Question(moved, grid, radial, taps, "perturbed", plan, want.answer)
    else:
        folded, radial = fold(made, *place)
        asked = Question(folded, grid, radial, taps, "double" if method == "double" else "single", None, want.answer)
    if want.answer == "derivatives":
        folded, radial = fold(made, *place)
        return replace(asked, shrink=shrink(folded, radial, *want.size))
    return asked


def _placed(want: Want, scene: Scene) -> "tuple[Network, tuple[Tap, ...], _Place]":
    """Cut a want's network where a single tap allows it, and tell where it is looked at."""
    made, taps, inputs = want.network, want.taps, scene.inputs
    if len(taps) == 1 and is_tappable(made, taps[0]):
        made, taps = _cut(made, taps[0]), OUTPUTS
    if scene.origin:
        made, inputs = _through(made, scene.origin, scene.u, scene.v), PLANE_INPUTS
    return made, taps, (inputs, scene.time, want.view, want.size)


def _chosen(accuracy: Accuracy | None, stretched: bool, can: Collection[Method], relative: bool) -> Method:
    among = [name for name in can if name in MOVED] if relative else can
    target = RELATIVE_TARGET if relative else STRETCHED_TARGET if stretched else TARGET
    if accuracy:
        return choose(accuracy, target, relative or stretched, among)
    return "double" if "double" in among else "single"


def foretold(scene: Scene, size: Size) -> Accuracy | None:
    """Foretell how far each method's picture will be from the truth; None where that cannot be told.

    Of a drawing it is what is first wanted for it, of one that wants nothing there is nothing to tell, and nothing of a
    split view, whose halves have their own. Raises what question() raises.
    """
    for want in wants(scene, network(scene), size)[:1]:
        made, _, place = _placed(want, scene)
        return _foretold(made, *place)
    return None


def shortfall(scene: Scene, size: Size, *taken: Method) -> str:
    """Say in one line that a method cannot hold a picture; "" where it can, or where that cannot be told.

    `taken`: the method; of a split view both halves' in turn, if they differ. Of two that fall short the worse is told.
    """
    found = parts(scene, size)
    short: list[tuple[float, str]] = []
    for n, (part, method) in enumerate(zip(found, taken * (len(found) // len(taken)), strict=True)):
        accuracy = foretold(part.scene, part.size)
        if accuracy and accuracy.error[method] > TARGET:
            picture = f"the {('left', 'right')[n]} half" if len(found) > 1 else "this picture"
            short.append((accuracy.relative(method), _short(accuracy, method, picture)))
    return max(short, key=lambda each: each[0])[1] if short else ""


def _short(accuracy: Accuracy, method: Method, picture: str) -> str:
    digits = accuracy.digits(method)
    held = f"about {digits:.0f} digits of its range are right" if digits >= 1.0 else "it is noise"
    best = choose(accuracy, TARGET, among=METHODS)
    cure = f"; --precision {best} holds it" if accuracy.error[best] <= TARGET else ""
    return f"{method} precision cannot hold {picture}: {held}{cure}"


def centre(scene: Scene, size: Size) -> npt.NDArray[np.float64]:
    """Evaluate the values at the view's centre, as relative outputs leave them out."""
    whole = question(scene, size, "perturbed")
    return reference(whole)


def methods(engine: Engine) -> Collection[Method]:
    """Tell which methods an engine has."""
    return engine.methods


@remembered(4)
def _planned(
    made: Network, inputs: tuple[str, ...], time: float, view: View, size: Size, wide: bool
) -> tuple[Network, Radial | None, Perturbation]:
    return perturb(made, inputs, time, view, size, wide)


@remembered(4)
def _foretold(made: Network, inputs: tuple[str, ...], time: float, view: View, size: Size) -> Accuracy | None:
    try:
        moved, _, plan = _planned(made, inputs, time, view, size, False)
    except OrbitError:
        return None
    return foretell(moved, plan, view.radius, size)


@remembered(2)
def _through(made: Network, origin: Vector, u: Vector, v: Vector) -> Network:
    return through(made, origin, u, v)


@remembered(4)
def _cut(made: Network, tap: Tap) -> Network:
    """Leave out what lies behind a single tap; the same object for the same network, so that engines know it again."""
    return tapped(made, tap)
