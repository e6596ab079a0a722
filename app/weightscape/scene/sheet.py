"""A sheet: scenes in rows, of which one number runs from left to right, and another from the bottom to the top."""

from typing import Any, NamedTuple

from weightscape.scene.animation import Animation, Track
from weightscape.scene.row import changed
from weightscape.scene.scene import Scene

MOST_SIDE = 32


class Varied(NamedTuple):
    """Hold a scene of a sheet, and what the two numbers are in it."""

    scene: Scene
    across: str
    up: str


def varied(scene: Scene, across: Track, up: Track, columns: int, rows: int) -> list[Varied]:
    """Make the scenes of a sheet, row by row from the upper left one. Raises SceneError, as an animation does."""
    across, up = Animation(scene, (across, up), frames=1, loop=False).tracks
    return [
        _varied(scene, across, up, column / max(columns - 1, 1), row / max(rows - 1, 1))
        for row in range(rows - 1, -1, -1)
        for column in range(columns)
    ]


def _varied(scene: Scene, across: Track, up: Track, right: float, height: float) -> Varied:
    values = {across.name: across.at(right), up.name: up.at(height)}
    return Varied(changed(scene, values), *(f"{name} = {_shown(value)}" for name, value in values.items()))


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(_shown, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)
