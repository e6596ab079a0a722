"""A landscape on its way: its ground, without the picture, for whoever draws it, and for the next picture of it."""

from dataclasses import dataclass

from weightscape.draw.relief import Ground
from weightscape.lens.lens import Part, Surface
from weightscape.picture.reuse import Kept, Size
from weightscape.scene.scene import Scene


@dataclass(frozen=True)
class Relief:
    """Hand on a landscape undrawn: whoever sees it turns it as he likes."""

    scene: Scene
    size: Size
    surface: Surface
    ground: Ground

    def seen_as(self, scene: Scene) -> Scene:
        """Tell how the ground is seen: as in `scene`, where it is that one's, else as in its own."""
        return scene if self.surface.has_same_ground(self.scene, scene) else self.scene


@dataclass(frozen=True)
class KeptGround(Kept):
    """Hold a landscape's ground; there are no values, for the next picture is drawn anew."""

    relief: Relief

    def moved_to(self, part: Part) -> tuple[int, int] | None:
        """Tell (0, 0) where a part's picture has this very ground, and None where it has another."""
        is_alike = part.size == self.size and self.relief.surface.has_same_ground(self.scene, part.scene)
        return (0, 0) if is_alike else None
