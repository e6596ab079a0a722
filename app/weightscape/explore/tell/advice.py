"""What to press where a lens cannot show the scene, or half of it, or shows a picture that tells nothing."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from weightscape.lens import catalogue
from weightscape.lens.reach import is_plain, reach
from weightscape.lens.region_scale import piece_size
from weightscape.lens.remedy import Remedy, Seen, hint, remedy
from weightscape.lens.split import other, picked
from weightscape.lens.stretch_scale import log_stretches, points
from weightscape.network.view import Size, moved, screen_to_offset
from weightscape.picture.fault import EXPECTED
from weightscape.picture.network_memory import known_layers, network, untold
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
        is_bad = bool(half.weights) and is_refused(half)
        found = remedy(half, is_refused=is_bad, free=untold(half.weights))
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
def hinting(scene: Scene, seen: Seen | None, size: Size) -> Remedy | None:
    """Find what to do where a picture tells nothing, as far as is known yet what is seen. It waits for nothing."""
    layers = known_layers(scene.weights) if scene.weights else scene.layers
    return None if scene.beside or layers is None else hint(scene, layers, seen, size)


def seen(scene: Scene, spread: float, size: Size) -> Seen:
    """Find out over which distance a picture's values change, at a point where that is usual, or how far a loaded
    network's outputs reach; of networks in range, in seconds. `spread`: their range, as it is known. Raises SceneError.
    """
    if is_plain(scene):
        return Seen(spread, 0.0, reach=reach(scene, network(scene), size))
    if scene.lens == "regions":
        return Seen(spread, piece_size(scene, network(scene), size) or 0.0)
    rates = log_stretches(scene, network(scene), size) if scene.lens == "height" else None
    if rates is None:
        return Seen(spread, 0.0)
    usual = int(np.argsort(rates)[len(rates) // 2])
    x, y = (float(each.ravel()[usual]) for each in points(size))
    detail = spread * float(np.exp(np.clip(-rates[usual], -500.0, 500.0)))
    return Seen(spread, detail, moved(scene.center, screen_to_offset(scene.view, (x, y))))
