"""The loaded networks that a scene names, for itself and for its right half, and other names in their place."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from weightscape.scene.scene import Scene


def names_in(scene: Scene) -> Iterator[str]:
    """List the loaded networks of a scene by name, that of its right half last."""
    if scene.weights:
        yield scene.weights
    right = _right(scene)
    if right.get("weights"):
        yield right["weights"]


def renamed_in(scene: Scene, change: Callable[[str], str]) -> Scene:
    """Exchange the names of a scene's loaded networks; where none is another, the scene stays the same object."""
    new = {name: change(name) for name in names_in(scene)}
    if all(name == other for name, other in new.items()):
        return scene
    right = _right(scene)
    if right.get("weights") in new:
        scene = replace(scene, beside=json.dumps(right | {"weights": new[right["weights"]]}, ensure_ascii=False))
    return replace(scene, weights=new.get(scene.weights, scene.weights))


def _right(scene: Scene) -> dict[str, Any]:
    """Read what is different in the right half; {} where that names no weights, or cannot be read."""
    try:
        right = json.loads(scene.beside) if '"weights"' in scene.beside else {}
    except (ValueError, RecursionError):
        return {}
    return right if isinstance(right, dict) and isinstance(right.get("weights"), str) else {}
