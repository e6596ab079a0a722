"""What to press where a lens cannot show the scene, or half of it, or shows a picture that tells nothing."""

from dataclasses import replace
from functools import lru_cache

from weightscape.lens import catalogue
from weightscape.lens.remedy import Remedy, Seen, hint, remedy
from weightscape.lens.split import other, picked
from weightscape.network.view import Size
from weightscape.picture.fault import EXPECTED
from weightscape.picture.network_memory import network, widths
from weightscape.picture.refinement import Truth
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


def seen_of(truth: Truth | None) -> Seen | None:
    """Tell what of a picture's truth a hint is made of."""
    return Seen(truth.accuracy.spread, truth.accuracy.spread * truth.accuracy.floor) if truth else None


@lru_cache(maxsize=4)
def hinting(scene: Scene, seen: Seen | None, size: Size) -> Remedy | None:
    """Find what to do where a picture tells nothing, once it is known what is `seen`."""
    if scene.beside:
        return None
    try:
        layers = len(widths(scene)) - 1 if scene.weights else scene.layers
    except EXPECTED:
        return None
    return hint(scene, layers, seen, size)
