"""Every lens by its name (scene/lens_name.py), and what it wants of a scene."""

from dataclasses import replace

from weightscape.draw.lettering import PLAIN, Letters, letters_of, sized
from weightscape.lens.atlas import ATLAS
from weightscape.lens.height import HEIGHT
from weightscape.lens.lens import ComposedLens, DrawnLens, Lens, Part, PlaneLens, Want
from weightscape.lens.litter import LITTER, Litter
from weightscape.lens.norms_chart import NORMS
from weightscape.lens.output import CUT, OUTPUTS, RGB, UNIT
from weightscape.lens.probe import PROBE
from weightscape.lens.region import REGIONS
from weightscape.lens.role import ROLE
from weightscape.lens.slice import SLICE
from weightscape.lens.split import SPLIT
from weightscape.lens.stretch import STRETCH
from weightscape.lens.weights import WEIGHTS
from weightscape.lens.winner import WINNER
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

CATALOGUE: dict[str, PlaneLens | DrawnLens] = {
    "outputs": OUTPUTS,
    "cut": CUT,
    "rgb": RGB,
    "unit": UNIT,
    "units": ATLAS,
    "atlas": ATLAS,
    "height": HEIGHT,
    "slice": SLICE,
    "probe": PROBE,
    "weights": WEIGHTS,
    "regions": REGIONS,
    "stretch": STRETCH,
    "norms": NORMS,
    "winner": WINNER,
    "role": ROLE,
}


def lens(scene: Scene) -> Lens:
    """Find what shows a scene: its lens, the split view, or nine pictures."""
    if isinstance(scene, Litter):
        return LITTER
    return SPLIT if scene.beside else CATALOGUE[scene.lens]


def parts(scene: Scene, size: Size, is_stacked: bool = False) -> tuple[Part, ...]:
    """Tell which pictures stand where in a scene's: one, a split view's two, or a litter's nine. Raises SceneError.

    Letters are as large in each as `size` says (draw/lettering.py); a landscape has none.
    """
    shown, letters = lens(scene), letters_of(size)
    if isinstance(shown, ComposedLens):
        found = (shown.stacked if is_stacked else shown.parts)(scene, size)
    else:
        found = (Part(scene, size),)
    return found if letters == PLAIN else tuple(replace(part, size=_lettered(part, letters)) for part in found)


def _lettered(part: Part, letters: Letters) -> Size:
    shown = CATALOGUE[part.scene.lens]
    return sized(part.size, PLAIN if isinstance(shown, DrawnLens) and shown.surface else letters)


def wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    """Tell what a scene's lens wants evaluated; of a split view nothing, for its halves have their own.

    Raises SceneError for what the network has not.
    """
    found = lens(scene)
    if isinstance(found, ComposedLens):
        found.parts(scene, size)
        return ()
    return found.wants(scene, network, size) if isinstance(found, DrawnLens) else (found.want(scene, network, size),)
