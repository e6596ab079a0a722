"""Whether views glide: as the user's settings say, or else as the desktop is set."""

import threading

from weightscape.explore.glide import Glide
from weightscape.settings import MotionName
from weightscape.window.motion import is_reduced


def gliding(motion: MotionName) -> Glide:
    """Make the window's glide; of `auto` the desktop is asked in a thread, for its answer takes longer than a frame."""
    glide = Glide(motion == "reduced")

    def follow() -> None:
        glide.is_reduced = is_reduced()

    if motion == "auto":
        threading.Thread(target=follow, name="motion", daemon=True).start()
    return glide
