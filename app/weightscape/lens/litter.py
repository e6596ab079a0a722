"""A litter: pictures in rows, a scene in the middle and others of its kind around it, all looked at as it is."""

import math
from dataclasses import dataclass, fields
from functools import lru_cache

from weightscape.lens.lens import ComposedLens, Part
from weightscape.network.view import Size
from weightscape.scene.breed import as_seen
from weightscape.scene.scene import Scene

# Of nine pictures, which breeding shows.
SIDE = 3
MIDDLE = 4
# Between pictures, as a part of the shorter side, in pixels at the least.
GAP, LEAST_GAP_PX = 1.0 / 240.0, 2
# In less room for each there is the parent alone.
LEAST_PX = 8


@dataclass(frozen=True, kw_only=True)
class Litter(Scene):
    """Be a scene whose picture is a litter. `children`: networks as scenes that are looked at as by default.

    With the parent they are a square of an odd side: 8, or 24. It lives in the window alone: in text it is its parent.
    """

    children: tuple[Scene, ...] = ()

    @property
    def parent(self) -> Scene:
        """Tell the scene in the middle."""
        return Scene(**{each.name: getattr(self, each.name) for each in fields(Scene)})

    def to_text(self) -> str:
        """Write the parent."""
        return self.parent.to_text()


def litter(parent: Scene, children: tuple[Scene, ...]) -> Litter:
    """Set children around their parent."""
    return Litter(**{each.name: getattr(parent, each.name) for each in fields(Scene)}, children=children)


@lru_cache(maxsize=4)
def members(scene: Scene) -> tuple[Scene, ...]:
    """List a litter's scenes, row by row from the upper left one; of another scene itself."""
    if not isinstance(scene, Litter):
        return (scene,)
    parent, middle = scene.parent, len(scene.children) // 2
    around = [as_seen(child, parent) for child in scene.children]
    return *around[:middle], parent, *around[middle:]


def parts(scene: Scene, size: Size) -> tuple[Part, ...]:
    """Place pictures of one size, of about the window's shape, with gaps between them."""
    found = members(scene)
    side = math.isqrt(len(found))
    if len(found) == 1 or min(size) < LEAST_PX * side:
        return (Part(found[len(found) // 2], size),)
    gap = max(round(min(size) * GAP), LEAST_GAP_PX)
    wide, high = ((length - (side - 1) * gap) // side for length in size)
    return tuple(
        Part(each, (wide, high), n % side * (wide + gap), n // side * (high + gap)) for n, each in enumerate(found)
    )


LITTER = ComposedLens(parts, parts)
