"""What a worker of a cluster does: tells what it computes with, and makes pieces. It writes no file that stays.

Each thread of a worker has an engine of its own, of one thread, and keeps it: Dask counts a machine's cores by threads.
"""

import os
import tempfile
import threading
from contextlib import ExitStack

from weightscape.cluster.job import Job, Marks, Piece, marks
from weightscape.engine.choice import opened
from weightscape.engine.question import Engine
from weightscape.file.png import write_png
from weightscape.picture.banding import Arithmetic, Banding, Pixels
from weightscape.picture.network_memory import lend
from weightscape.scene.scene import Scene

Made = tuple[Pixels | bytes, Arithmetic]


class Desk(threading.local):
    """Keep a thread's engine, and the picture that its last piece was of."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._name = ""
        self._engine: Engine | None = None
        self._last: tuple[Job, Scene, Banding] | None = None

    def banding(self, job: Job, scene: Scene) -> Banding:
        """Give what makes any band of a scene's picture. Raises EngineError where the job's engine cannot work."""
        lend(job.networks)
        last = self._last
        if last is None or last[0] is not job or last[1] != scene:
            engine = self._opened(job.engine)
            made = Banding(engine, scene, job.size, job.samples, job.precision, tone=job.tone)
            self._last = last = job, scene, made
        return last[2]

    def clear(self) -> None:
        """Give back the engine."""
        self._stack.close()
        self._name, self._engine, self._last = "", None, None

    def _opened(self, name: str) -> Engine:
        if self._engine is None or self._name != name:
            self.clear()
            self._engine = self._stack.enter_context(opened(name, threads=1)).engine
            self._name = name
        return self._engine


desk = Desk()


def marked(job: Job, piece: Piece) -> Marks:
    """Tell what pieces that are made here would depend on."""
    return marks(desk.banding(job, piece.scene), piece.scene)


def made(job: Job, piece: Piece) -> Made:
    """Make a piece, and tell by which arithmetic."""
    banding = desk.banding(job, piece.scene)
    pixels = banding.make(piece.top, piece.rows)
    if piece.text is None:
        return pixels, banding.arithmetic()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "piece.png")
        write_png(path, (job.size[0], piece.rows), [pixels], piece.text)
        with open(path, "rb") as file:
            return file.read(), banding.arithmetic()
