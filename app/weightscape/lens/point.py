"""The point under the probe: where it lies, what the network is fed there, and how to ask for one point alone."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.lens.lens import Want
from weightscape.network.network import Network, Tap
from weightscape.network.view import Point, Size, moved, screen_to_offset
from weightscape.scene.scene import Scene


def place(scene: Scene) -> Point:
    """Tell the plane's point under the probe."""
    return moved(scene.view.center, screen_to_offset(scene.view, scene.probe))


def pixel(scene: Scene, size: Size) -> float:
    """Tell how large a pixel is, in plane units."""
    return 2.0 * scene.radius / min(size)


def ask(scene: Scene, network: Network, size: Size, taps: tuple[Tap, ...]) -> Want:
    """Want the tapped values at the probe: a picture of one pixel, as large as the picture's."""
    view = replace(scene.view, center=place(scene), radius=pixel(scene, size) / 2.0)
    return Want(network, view, (1, 1), taps, dense=False)


def inputs(scene: Scene) -> npt.NDArray[np.float64]:
    """Tell what the network is fed at the probe: (inputs,)."""
    x, y = map(float, place(scene))
    if scene.origin:
        return np.array(scene.origin) + x * np.array(scene.u) + y * np.array(scene.v)
    turns = 2.0 * math.pi * scene.time
    named = {"x": x, "y": y, "r": math.hypot(x, y), "cos_t": math.cos(turns), "sin_t": math.sin(turns)}
    return np.array([named[name] if name in named else float(name) for name in scene.inputs])
