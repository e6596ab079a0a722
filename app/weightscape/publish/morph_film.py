"""A morph as a film among the captures, written by a thread of the window's."""

import os
import threading
from fractions import Fraction
from pathlib import Path

from weightscape.engine.question import Cancelled, until
from weightscape.file.video import check_library, film_size
from weightscape.network.view import Size
from weightscape.picture.watch import UNWATCHED, Watch
from weightscape.publish.capture import NICENESS, Capture, capture_path
from weightscape.publish.film import write_animation
from weightscape.publish.still import Still
from weightscape.scene.morph import Morph
from weightscape.settings import settings

MORPH, FPS = "-morph", 30


def write_morph(morph: Morph, size: Size, samples: int = 1, watch: Watch = UNWATCHED) -> Path:
    """Write a morph's frames, 30 a second, as an .mp4 into the captures' folder; return its path.

    Engine and precision are the user's settings. Raises what write_animation() raises, and Cancelled.
    """
    user, path = settings(), capture_path(morph.scenes[0], suffix=".mp4", kind=MORPH)
    check_library(path)
    still = Still(film_size(str(path), size), samples, user.engine or "auto", user.precision or "auto")

    def hear(done: float) -> None:
        if watch.cancelled():
            raise Cancelled
        watch.progress(done)

    with until(watch.cancelled):
        write_animation(str(path), morph, still, Fraction(FPS), progress=hear)
    return path


class Films(Capture):
    """Write films of morphs one after the other."""

    def film(self, morph: Morph, size: Size, samples: int) -> None:
        """Begin to write a film of this size, `samples` points a pixel."""
        self.begin(lambda watch: _politely(morph, size, samples, watch))


def _politely(morph: Morph, size: Size, samples: int, watch: Watch) -> Path:
    """Let the window's own pictures go first: threads inherit a low priority where the system knows one."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    return write_morph(morph, size, samples, watch)
