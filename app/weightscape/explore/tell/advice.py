"""What to press where a lens cannot show the scene, or half of it, or shows a picture that tells nothing."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from weightscape.lens import catalogue
from weightscape.lens.remedy import Remedy, Seen, hint, remedy
from weightscape.lens.split import other, picked
from weightscape.lens.stretch_scale import MOST_WEIGHTS, log_stretches, points
from weightscape.network.view import Size, moved, screen_to_offset
from weightscape.picture.fault import EXPECTED
from weightscape.picture.network_memory import network, widths
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

ANY_SIZE = (64, 64)


@lru_cache(maxsize=4)
def helping(scene: Scene, fault: str) -> Remedy | None:
    """Find what helps where there is no picture of a scene, for `fault`, or of one half of a split view."""
    halves = [(replace(scene, beside=""), False)]
    try:
        halves += [(other(scene), True)] if scene.beside else []
    except SceneError:
        return None
    for half, is_right in halves:
        found = remedy(half, is_refused=bool(half.weights) and is_refused(half))
        if found and (fault or scene.beside):
            return replace(found, scene=picked(scene, found.scene, is_right)) if scene.beside else found
    return None


def is_refused(scene: Scene) -> bool:
    """Tell whether a lens cannot show a scene's network."""
    try:
        catalogue.wants(scene, network(scene), ANY_SIZE)
    except SceneError as error:
        return error.field == "lens"
    except EXPECTED:
        return False
    return False


@lru_cache(maxsize=4)
def hinting(scene: Scene, spread: float | None, size: Size) -> Remedy | None:
    """Find what to do where a picture tells nothing, once it is known by how much its values differ."""
    if scene.beside:
        return None
    try:
        layers = len(widths(scene)) - 1 if scene.weights else scene.layers
        seen = None if spread is None else _seen(scene, spread, size)
    except EXPECTED:
        return None
    return hint(scene, layers, seen, size)


def _seen(scene: Scene, spread: float, size: Size) -> Seen:
    """Tell over which distance a landscape's values go through their range, at a point where that is usual."""
    if scene.lens != "height" or scene.layers * scene.width**2 > MOST_WEIGHTS:
        return Seen(spread, 0.0)
    rates = log_stretches(scene, network(scene), size)
    if rates is None:
        return Seen(spread, 0.0)
    usual = int(np.argsort(rates)[len(rates) // 2])
    x, y = (float(each.ravel()[usual]) for each in points(size))
    detail = spread * float(np.exp(np.clip(-rates[usual], -500.0, 500.0)))
    return Seen(spread, detail, moved(scene.center, screen_to_offset(scene.view, (x, y))))
