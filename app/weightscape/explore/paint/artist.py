"""Small pictures, drawn by a thread of their own as long as somebody wants them, what is wanted first first."""

import os
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from weightscape.engine.choice import opened
from weightscape.engine.question import Cancelled
from weightscape.network.view import Size
from weightscape.picture.bands import picture_bands
from weightscape.picture.fault import EXPECTED
from weightscape.picture.points_memory import is_read, points
from weightscape.picture.watch import Watch
from weightscape.publish.capture import NICENESS
from weightscape.scene.scene import Scene

Thumbnail = npt.NDArray[np.uint8]
Subject = TypeVar("Subject", bound=Hashable)
# So many pictures are remembered, those wanted last: 96 x 96 pixels are 27 KB.
MOST = 800
SAMPLES = 2
# Bytes of a file of points that is read for a small picture.
SMALL = 1 << 20


def thumbnail(scene: Scene, size: Size, cancelled: Callable[[], bool]) -> Thumbnail:
    """Draw a scene small: uint8 (height, width, 3); its points are not judged, which would take long for each network.

    Points that are not at hand, or do not fit, are left out. Raises engine.question.Cancelled, and what render()
    raises.
    """
    if not has_points_at_hand(scene):
        scene = replace(scene, points="")
    with opened("numpy", niceness=NICENESS) as choice:
        bands = picture_bands(choice.engine, scene, size, SAMPLES, "auto", Watch(cancelled), judges=False)
        return np.concatenate(list(bands))


def has_points_at_hand(scene: Scene) -> bool:
    """Tell whether a scene has points that are in memory, or read in a moment."""
    try:
        is_soon = bool(scene.points) and (is_read(scene) or os.path.getsize(scene.points) <= SMALL)
        return is_soon and len(points(scene).points) > 0
    except (*EXPECTED, OSError):
        return False


class Artist(Generic[Subject]):
    """Draw subjects by `draw(subject, cancelled)`; `wake` is called when a picture is there, `most` are remembered."""

    def __init__(
        self, draw: Callable[[Subject, Callable[[], bool]], Thumbnail], wake: Callable[[], None], most: int = MOST
    ) -> None:
        self._draw, self._wake, self._most = draw, wake, most
        self._made: dict[Subject, Thumbnail | None] = {}  # None: it cannot be drawn
        self._wanted: list[Subject] = []
        self._now: tuple[Subject, ...] = ()  # what is being drawn, if anything
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._given_up = threading.Event()

    def pictures(self, wanted: Sequence[Subject]) -> list[Thumbnail | None]:
        """Tell the pictures that are there, None for the others, which are drawn from now on, the first one first.

        What was wanted before and is not now is not drawn.
        """
        with self._lock:
            found = [self._made.get(each) for each in wanted]
            for each in wanted:
                if each in self._made:
                    self._made[each] = self._made.pop(each)  # the last to be forgotten
            self._wanted = [each for each in dict.fromkeys(wanted) if each not in self._made and each not in self._now]
            if self._wanted and self._thread is None and not self._given_up.is_set():
                self._thread = threading.Thread(target=self._work_off, name="artist")
                self._thread.start()
        return found

    def close(self) -> None:
        """Stop drawing, also what is half done; again is harmless."""
        self._given_up.set()
        thread = self._thread
        if thread:
            thread.join()

    def _work_off(self) -> None:
        while True:
            with self._lock:
                if not self._wanted or self._given_up.is_set():
                    self._thread = None
                    return
                subject = self._wanted.pop(0)
                self._now = (subject,)
            picture = self._drawn(subject)
            with self._lock:
                self._made[subject], self._now = picture, ()
                for oldest in list(self._made)[: -self._most]:
                    del self._made[oldest]
            self._wake()

    def _drawn(self, subject: Subject) -> Thumbnail | None:
        try:
            return self._draw(subject, self._given_up.is_set)
        except Cancelled:
            return None
        except Exception:  # whatever is wrong with a scene is told where it is shown large
            return None
