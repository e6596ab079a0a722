"""Measure what docs/files-and-films.md, section "Many machines", reckons with: python tools/cluster_sums.py.

Points a second of one thread, the bands of a gigapixel, a task that does nothing, a frame on its way, in a PNG and in a
film, and one worker beside two.
"""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np

from weightscape.cluster.connection import opened_cluster
from weightscape.engine.choice import opened
from weightscape.engine.processor.workers import cores
from weightscape.file.png import write_png
from weightscape.file.video import film_writer
from weightscape.picture.banding import Banding
from weightscape.publish.poster import kept_rows
from weightscape.publish.still import Still, write_still
from weightscape.scene.scene import Scene

SCENE = Scene(layers=30, width=40)
SIZE = (32768, 32768)
FRAME = (3840, 2160)
TASKS, CARRIED, FILMED = 2000, 100, 30


def main() -> None:
    """Print all figures."""
    with opened("jit", threads=1) as choice:
        banding = Banding(choice.engine, SCENE, SIZE, 1, "auto")
        rows = banding.step
        banding.make(0, rows)
        seconds = min(_timed(lambda: banding.make(0, rows)) for _ in range(8))
        print(f"one thread, jit: {rows * SIZE[0] / seconds:,.0f} points a second")
        for samples in (1, 16):
            high = kept_rows(Banding(choice.engine, SCENE, SIZE, samples, "auto"), samples)
            size = f"{high} x {SIZE[0]}, {3 * high * SIZE[0]:,} bytes"
            print(f"{samples} samples: {-(-SIZE[1] // high)} bands of {size}")
        frame = Banding(choice.engine, SCENE, FRAME, 1, "auto").make(0, FRAME[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.png")
        seconds = _timed(lambda: write_png(path, FRAME, [frame], {}))
        print(f"a PNG of {FRAME[0]} x {FRAME[1]}: {seconds:.2f} s, {path.stat().st_size:,} bytes")
        with film_writer(os.path.join(folder, "a.mp4"), FRAME, Fraction(30), "") as film:
            seconds = _timed(lambda: [film.write(np.roll(frame, k, 1)) for k in range(FILMED)])
        print(f"a frame in an mp4: {seconds / FILMED:.2f} s on {cores()} cores")
    with opened_cluster("local:2", print) as client:
        seconds = _timed(lambda: client.gather(client.map(_nothing, range(TASKS), pure=False)))
        print(f"a task that does nothing: {1e3 * seconds / TASKS:.2f} ms")
        seconds = _timed(lambda: _carried(client))
        print(f"a piece of 24,883,200 bytes through the scheduler: {1e3 * seconds / CARRIED:.0f} ms")
    once = {workers: _poster(workers) for workers in (1, 2, 1, 2)}
    print(f"1 worker beside 2: {once[1]:.1f} s, {once[2]:.1f} s, ratio {once[1] / once[2]:.2f}")


def _poster(workers: int) -> float:
    """Time a poster, from the moment that the dashboard is told."""
    begun: list[float] = []
    still = Still((4096, 4096), 4, "jit", keeps=True, cluster=f"local:{workers}")
    with tempfile.TemporaryDirectory() as folder:
        write_still(os.path.join(folder, "a.png"), SCENE, still, tell=lambda _: begun.append(time.perf_counter()))
    seconds = time.perf_counter() - begun[-1]
    print(f"4096 x 4096, 4 samples, {workers} workers: {seconds:.1f} s")
    return seconds


def _nothing(number: int) -> int:
    return number


def _frame(number: int) -> object:
    return np.full((*FRAME[::-1], 3), number % 256, np.uint8)


def _carried(client: object) -> None:
    for first in range(0, CARRIED, 4):
        client.gather(client.map(_frame, range(first, first + 4), pure=False))  # type: ignore[attr-defined]


def _timed(deed: Callable[[], object]) -> float:
    begin = time.perf_counter()
    deed()
    return time.perf_counter() - begin


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
