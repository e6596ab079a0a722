"""How true a picture will be by which method, foretold from its network and view; computes no pixel."""

from collections.abc import Collection

from weightscape.deep.accuracy import METHODS, MOVED, Accuracy, Method, choose, foretell
from weightscape.deep.orbit import OrbitError
from weightscape.deep.perturbation import Perturbation
from weightscape.deep.planner import perturb
from weightscape.lens.catalogue import parts, wants
from weightscape.lens.lens import Want
from weightscape.network.input import Radial
from weightscape.network.network import OUTPUTS, Network, Tap, is_tappable, tapped
from weightscape.network.plane import PLANE_INPUTS, Vector, through
from weightscape.network.remembered import remembered
from weightscape.network.view import Size, View
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene

# Where a network is looked at: its inputs, the time, the view, the size in pixels.
Place = tuple[tuple[str, ...], float, View, Size]
# A picture of 8 bits is true where outputs are within 1/510. What is foretold comes from a few probe points: one
# pixel in a thousand is ten times as far off. Levels that follow the view want a part of the picture's own range.
TARGET, STRETCHED_TARGET, RELATIVE_TARGET = 1 / 5100, 1e-3, 1e-5


def foretold(scene: Scene, size: Size) -> Accuracy | None:
    """Foretell how far each method's picture will be from the truth; None where that cannot be told.

    Of a drawing it is what is first wanted for it, of one that wants nothing there is nothing to tell, and nothing of a
    split view, whose halves have their own. Raises what question() raises.
    """
    for want in wants(scene, network(scene), size)[:1]:
        made, _, place = looked_at(want, scene)
        return foretold_at(made, *place)
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


def looked_at(want: Want, scene: Scene) -> tuple[Network, tuple[Tap, ...], Place]:
    """Cut a want's network where a single tap allows it, and tell where it is looked at."""
    made, taps, inputs = want.network, want.taps, scene.inputs
    if len(taps) == 1 and is_tappable(made, taps[0]):
        made, taps = _cut(made, taps[0]), OUTPUTS
    if scene.origin:
        made, inputs = _through(made, scene.origin, scene.u, scene.v), PLANE_INPUTS
    return made, taps, (inputs, scene.time, want.view, want.size)


def chosen(accuracy: Accuracy | None, stretched: bool, can: Collection[Method], relative: bool) -> Method:
    """Choose the cheapest method that foretells a true picture, or the most exact one where nothing is known."""
    among = [name for name in can if name in MOVED] if relative else can
    target = RELATIVE_TARGET if relative else STRETCHED_TARGET if stretched else TARGET
    if accuracy:
        return choose(accuracy, target, relative or stretched, among)
    return "double" if "double" in among else "single"


@remembered(4)
def planned(
    made: Network, inputs: tuple[str, ...], time: float, view: View, size: Size, wide: bool
) -> tuple[Network, Radial | None, Perturbation]:
    """Plan a deep view once for all who ask: see perturb()."""
    return perturb(made, inputs, time, view, size, wide)


@remembered(4)
def foretold_at(made: Network, inputs: tuple[str, ...], time: float, view: View, size: Size) -> Accuracy | None:
    """Foretell how true each method is for a network that is looked at; None where no orbit can be followed."""
    try:
        moved, _, plan = planned(made, inputs, time, view, size, False)
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
