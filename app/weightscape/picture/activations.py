"""The activations of a network whose file tells none: two fields of the scene tell them.

They are fields that a random network has, too, and their defaults are what is taken where nobody says anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from weakref import WeakKeyDictionary

from weightscape.file.layer_activation import HIDDEN, UNTOLD
from weightscape.network.network import Network
from weightscape.scene.scene import Scene

HIDDEN_FIELD, OUTPUT_FIELD = UNTOLD
SOFTMAX = "softmax: in the file alone"
# Of networks as they were read: which activations their files do not tell.
_untold: WeakKeyDictionary[Network, tuple[str, ...]] = WeakKeyDictionary()


def leave_open(network: Network, untold: tuple[str, ...]) -> None:
    """Remember which activations a network's file does not tell."""
    if untold:
        _untold[network] = untold


def untold_of(network: Network) -> tuple[str, ...]:
    """Tell which fields of a scene tell the activations of a network as it was read; () where its file does."""
    return _untold.get(network, ())


def as_told(network: Network, scene: Scene) -> Network:
    """Give a network the activations that a scene tells, where its file tells none."""
    untold = untold_of(network)
    hidden = scene.activation if HIDDEN_FIELD in untold else ""
    last = scene.output_activation if OUTPUT_FIELD in untold else ""
    return _with(network, hidden, last) if hidden or last else network


@lru_cache(maxsize=4)
def _with(network: Network, hidden: str, last: str) -> Network:
    """Remember the last ones: engines know a network again by its being the same object."""
    own = network.activations
    names = (*([hidden] * (len(own) - 1) if hidden else own[:-1]), last or own[-1])
    return network if names == own else replace(network, activations=names)


def taken(scene: Scene, untold: Collection[str], by: Mapping[str, str]) -> str:
    """Say which activations are taken where a file tells none; `by` names what tells others. "" where it tells all."""
    said = [f"hidden layers are {scene.activation}"] if HIDDEN_FIELD in untold else []
    said += [f"the last layer is {scene.output_activation}"] if OUTPUT_FIELD in untold else []
    missing = HIDDEN[0] if HIDDEN_FIELD in untold else OUTPUT_FIELD
    others = ", ".join(by[name] for name in untold)
    return f"no member {missing!r}: {', '.join(said)}; others by {others} ({SOFTMAX})" if said else ""


def begun(scene: Scene, untold: Collection[str]) -> Scene:
    """Let a network that has just been loaded begin with the activations that are taken where nobody says any."""
    return replace(scene, **{name: getattr(Scene(), name) for name in untold}) if untold else scene
