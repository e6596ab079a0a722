"""Times of the compute engine by network and by shape of workgroup, beside PyTorch and JAX on CUDA where they are.

    python tools/gpu/perf.py [--size WxH] [LAYERSxWIDTH ...]

Milliseconds, medians of seven. busy: the engine's own clock; gpu: GL_TIME_ELAPSED around the whole answer; held: until
the fence behind an answer that stays on the GPU; wall: until the array is there. What rivals find stays on the GPU,
where they found it.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from weightscape.bench.rival import RIVALS, MissingError, points_of
from weightscape.engine.question import EngineError, Question
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.workgroup import GPU, Tiles
from weightscape.gpu.context import standalone
from weightscape.gpu.shelf import Shelf
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene

NETWORKS = ("4x16", "18x30", "40x30", "8x64", "5x400")
WARM, TIMES = 4, 7
TILES = {
    "as it is": GPU,
    "sliced": replace(GPU, fused_slice=32, fused_whole=0, shared_bytes=49152),
    "more at once": replace(GPU, activation_bytes=512 << 20),
}


def asked(network: str, size: tuple[int, int]) -> Question:
    """Ask for the outputs of LAYERSxWIDTH at each pixel."""
    layers, width = map(int, network.split("x"))
    return question(Scene(seed=1, layers=layers, width=width, tied=False), size)


def timed(run: Callable[[], object]) -> float:
    """Tell how long a call takes, in milliseconds, once all is compiled."""
    for _ in range(WARM):
        run()
    spent = []
    for _ in range(TIMES):
        start = time.perf_counter()
        run()
        spent.append(1e3 * (time.perf_counter() - start))
    return median(spent)


def engine_times(ask: Question, tiles: Tiles) -> str:
    """Time the engine by three clocks."""
    engine, query = ComputeEngine(ctx, tiles, shelf=Shelf(ctx)), ctx.query(time=True)
    busy, gpu = [], []

    def run() -> None:
        with query:
            engine.field(ask)
        busy.append(1e3 * engine.busy_s)
        gpu.append(query.elapsed / 1e6)

    try:
        wall, held = timed(run), timed(lambda: engine.held(ask))
        return f"busy {median(busy[WARM:]):.2f} gpu {median(gpu[WARM:]):.2f} held {held:.2f} wall {wall:.2f}"
    except EngineError as error:
        return f"{error!s:.80}"
    finally:
        engine.release()


def rival_times(ask: Question) -> list[str]:
    """Time what else computes the same on CUDA."""
    found = []
    for rival in RIVALS:
        if "CUDA" in rival.name and "ONNX" not in rival.name:
            try:
                run, _ = rival.ready(ask.network, points_of(ask.grid))
                found.append(f"{rival.name} {timed(run):.2f}")
            except MissingError as error:
                found.append(f"{rival.name} {error!s:.60}")
    return found


parser = argparse.ArgumentParser()
parser.add_argument("--size", default="1920x1080")
parser.add_argument("networks", nargs="*", default=NETWORKS)
given = parser.parse_args()
wide, high = map(int, given.size.split("x"))
ctx = standalone()
print(ctx.info["GL_RENDERER"], ctx.info["GL_VERSION"], sep=", ")
for network in given.networks:
    ask = asked(network, (wide, high))
    for name, tiles in TILES.items():
        print(f"{network} at {given.size}, {name}: {engine_times(ask, tiles)}", flush=True)
    print(f"{network} rivals: {', '.join(rival_times(ask))}", flush=True)
