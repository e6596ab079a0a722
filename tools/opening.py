"""A walk through the window under Xvfb as a small animation, for the README.

    PYTHONPATH=tests/tool python tools/opening.py assets/picture/opening.webp

It shows the window as it is at a first start, with the card of things to try: a zoom, new networks, more layers, a look
inside, the gallery. Pictures are waited for, so that a slow machine makes the same animation.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from display import press
from PIL import Image
from program import Program, running

SIZE, SHOWN = (960, 600), (640, 400)
MOST_BYTES = 600_000
# Of a glide so many frames are shown, and each so long.
GLIDE_FRAMES, GLIDE_MS = 6, 80

Frames = list[tuple[Image.Image, int]]


class Camera:
    """Take frames of a window, each with the milliseconds that it is shown."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.frames: Frames = []

    def take(self, ms: int) -> None:
        """Take what is seen."""
        self.frames.append((Image.fromarray(self._program.pixels()).resize(SHOWN, Image.Resampling.LANCZOS), ms))

    def after(self, ms: int, *keys: str, pause_s: float = 0.5) -> None:
        """Press keys, and take what is seen once each picture is finished, and a pause for small pictures is over."""
        for key in keys:
            self._program.key(key)
            time.sleep(pause_s)
            self._program.settled()
            self.take(ms)

    def during(self, act: Callable[[], object]) -> None:
        """Take frames while something glides, then the finished picture."""
        act()
        for _ in range(GLIDE_FRAMES):
            time.sleep(GLIDE_MS / 1000)
            self.take(GLIDE_MS)
        self._program.settled()
        self.take(500)


def walk(program: Program) -> Frames:
    """Walk through what the window can do."""
    camera = Camera(program)
    x, y = program.place()
    press(program.display, "mousemove", str(x + 600), str(y + 240))
    program.settled()
    camera.take(1500)
    for _ in range(2):
        camera.during(lambda: press(program.display, "click", "--repeat", "3", "4"))
    camera.after(900, "home", "shift+r", "r")
    camera.after(450, "]", "]", "]")
    camera.after(1200, "e", "shift+m", "escape")
    camera.after(1000, "1", "2", "4", "5", "6")
    camera.after(1600, "f4", pause_s=8.0)
    camera.after(1600, "escape", "f3", pause_s=2.0)
    return camera.frames


def write(path: Path, frames: Frames) -> int:
    """Write an animation of at most MOST_BYTES, as good as that allows; return the quality."""
    pictures, durations = zip(*frames, strict=True)
    for quality in range(80, 10, -5):
        pictures[0].save(
            path, save_all=True, append_images=pictures[1:], duration=durations, loop=0, quality=quality, method=6
        )
        if path.stat().st_size <= MOST_BYTES:
            return quality
    raise ValueError(f"{path} does not fit into {MOST_BYTES} bytes")


def main(path: str) -> None:
    """Walk, and write what was seen."""
    setting = {"WEIGHTSCAPE_REST_SAMPLES": "4", "WEIGHTSCAPE_ENGINE": "auto"}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(
            Path(folder), "--size", f"{SIZE[0]}x{SIZE[1]}", is_first=True, screen="1000x640x24", **setting
        ) as program,
    ):
        frames = walk(program)
    quality = write(Path(path), frames)
    print(f"{len(frames)} frames, quality {quality}, {Path(path).stat().st_size // 1000} KB")


if __name__ == "__main__":
    main(sys.argv[1])
