"""A unit of a scene's network is silenced, or heard again."""

from dataclasses import replace

from weightscape.network.edit import MAX_EDITS, Unit, silenced_of, written_units
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError


def is_silenced(scene: Scene, unit: Unit) -> bool:
    """Tell whether a unit of a scene's network is silenced."""
    return unit in silenced_of(scene.silenced)


def silenced_in(scene: Scene, layer: int) -> frozenset[int]:
    """Tell which units of a layer, counted from 0, are silenced."""
    return frozenset(each.unit for each in silenced_of(scene.silenced) if each.layer == layer + 1)


def toggled(scene: Scene, unit: Unit) -> Scene:
    """Silence a unit, or let it be heard again. Raises SceneError, naming `silenced`, where there are too many."""
    units = silenced_of(scene.silenced)
    left = tuple(each for each in units if each != unit)
    if left == units and len(units) >= MAX_EDITS:
        raise SceneError("silenced", f"{MAX_EDITS} units are silenced, the limit: bring one of them back first")
    changed = left if left != units else tuple(sorted((*units, unit)))
    return replace(scene, silenced=written_units(changed))
