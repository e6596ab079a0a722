"""What the window asks of the painter, and what comes back: requests, painted patches, and how true they are."""

from dataclasses import dataclass

import numpy as np

from weightscape.draw.lettering import PLAIN, Letters
from weightscape.picture.exposure import Laid, Patch
from weightscape.picture.over import Overlaid
from weightscape.picture.reuse import Box
from weightscape.scene.colour import AS_THEY_ARE
from weightscape.scene.scene import Scene

NO_VALUES = np.empty((0, 0, 3), np.float32)


@dataclass(frozen=True)
class Request:
    """Ask for a scene at a size; tiles nearest to `focus` (pixels, y down) come first.

    `number` grows from request to request; `asked_s` is the clock at which the user wanted it; `below` so many rows
    from the bottom something stands over the picture, which a chart leaves free; nothing stands over `free` (left, top,
    width, height), where a chart lays itself out. `letters`: how large those of charts are.

    `frame_s`: where the next request is about to come, this one flows: it gets one pass that takes about so many
    seconds, seen as a whole. The same with 0 and the same number asks for the rest of it.
    """

    scene: Scene
    size: tuple[int, int]
    focus: tuple[float, float]
    number: int
    asked_s: float = 0.0
    below: int = 0
    free: Box | None = None
    letters: Letters = PLAIN
    frame_s: float = 0.0


@dataclass(frozen=True)
class Painted:
    """Hold a patch of a request's picture, or the landscape that it is, or what lies over it.

    Once it is laid, the fraction `done` of the fine picture is there. `ends`: a pass is over, and the picture has so
    many `samples` a pixel. `is_covered`: all that lies over the picture is there, too. `fault`: why there is no
    picture, and there are no rows.
    """

    request: Request
    patch: Laid | Overlaid
    done: float
    samples: int = 1
    ends: bool = False
    is_covered: bool = False
    fault: str = ""


def nothing(request: Request) -> Patch:
    """Give a patch that leaves the picture as it is."""
    return Patch(NO_VALUES, (0, 0), 1, request.size, AS_THEY_ARE)
