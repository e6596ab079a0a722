"""Whether the linear pieces of a scene's view can be counted exactly, and its network as one of pixels."""

from weightscape.network.input import fold
from weightscape.network.network import Network
from weightscape.network.piece import is_straight
from weightscape.network.plane import PLANE_INPUTS, through
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

# Smaller views are below float64's last digits of a plane's coordinates.
SMALLEST_RADIUS = 1e-6


def is_countable(scene: Scene, network: Network) -> bool:
    """Tell whether pieces can be counted in a scene's view: affine in x and y, and wide enough for float64.

    All inputs are but r; a plane through many inputs is in place of those that are named.
    """
    flat = bool(scene.origin) or "r" not in scene.inputs
    return flat and is_straight(network) and scene.radius >= SMALLEST_RADIUS


def of_pixels(scene: Scene, network: Network, size: Size) -> Network:
    """Fold a scene's inputs and view into a countable network: of pixels from the picture's centre, y up."""
    inputs = scene.inputs
    if scene.origin:
        network, inputs = through(network, scene.origin, scene.u, scene.v), PLANE_INPUTS
    return fold(network, inputs, scene.time, scene.view, size)[0]
