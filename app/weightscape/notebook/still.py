"""A scene, or a network, as a small picture that is quick to make: what a notebook's cell shows of it."""

from itertools import pairwise

from weightscape.engine.choice import opened
from weightscape.file.png import KEYWORD, png_pieces
from weightscape.network.network import Network
from weightscape.network.showing import Png
from weightscape.network.view import Size
from weightscape.picture.bands import picture_bands
from weightscape.picture.network_memory import is_handed_in, widths
from weightscape.picture.render import scene_of
from weightscape.publish.caption import caption
from weightscape.scene.scene import Scene

# As it is shown, in CSS pixels.
SIZE = (360, 225)
# Multiplications in all its pixels; of larger networks it has fewer and larger ones.
MOST_WORK = 4e9
COARSEST = 8


def png(value: object) -> Png | None:
    """Make a value's picture, and tell the size it is shown in; None for what would take long.

    Raises what picture.render.render() raises.
    """
    if not isinstance(value, Scene | Network):
        return None
    with scene_of(value, None) as scene:
        size = quick_size(scene)
        if size is None:
            return None
        return picture(scene, size, is_signed=not is_handed_in(scene.weights)), {"width": SIZE[0], "height": SIZE[1]}


def quick_size(scene: Scene) -> Size | None:
    """Choose how many pixels a picture may have, whose network is not yet drawn for that; None for too few."""
    units = widths(scene)
    work = sum(a * b for a, b in pairwise(units))
    for stride in range(1, COARSEST + 1):
        width, height = (side // stride for side in SIZE)
        if width * height * work <= MOST_WORK:
            return width, height
    return None


def picture(scene: Scene, size: Size, is_signed: bool) -> bytes:
    """Render a PNG by the processor, which is ready at once; `is_signed`: it tells its scene, and so can be opened."""
    text = {KEYWORD: caption(scene, size, 1, "auto", "picture.png")} if is_signed else {}
    with opened("numpy") as choice:
        return b"".join(png_pieces(size, picture_bands(choice.engine, scene, size, 1, "auto"), text))
