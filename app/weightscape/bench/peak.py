"""What this machine can do at most, measured: sgemm on the processor, multiply-adds on the GPU.

Every speed in the report stands beside one of these numbers, never beside a data sheet's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from weightscape.bench.measure import timed
from weightscape.engine.processor.workers import cores
from weightscape.network.interrupt import ignore
from weightscape.settings import gpu

if TYPE_CHECKING:
    import moderngl

SGEMM_SIDE = 2048
RUNS = 12  # the best of them: whatever else runs only takes away
# Multiply-adds of one step of shaders/lib/peak.glsl, two operations each.
STEP_FLOPS = 2 * 16 * 8
GROUP, GROUPS = 256, 2048
TARGET = 1024, 512
# A submission aims at this and never lasts much longer, as everywhere in this program.
AIM_S, MOST_STEPS = 0.025, 30_000


@contextmanager
def all_blas_threads() -> Iterator[None]:
    """Give BLAS every core, as in a program that has not our threads beside it, and then what it had before."""
    with _controller().limit(limits=cores(), user_api="blas"):
        yield


def sgemm(side: int = SGEMM_SIDE, runs: int = RUNS) -> float:
    """Measure operations a second of float32 matrix products on all cores: the best of some runs."""
    random = np.random.default_rng(1)
    a, b = (random.random((side, side), np.float32) for _ in range(2))
    out = np.empty_like(a)
    with all_blas_threads():
        seconds = [_seconds(lambda: np.matmul(a, b, out=out)) for _ in range(1 + runs)]
    return 2.0 * side**3 / min(seconds[1:])


def compute_peak(ctx: "moderngl.Context", runs: int = RUNS, groups: int = GROUPS, most: int = MOST_STEPS) -> float:
    """Measure operations a second of multiply-adds in compute shaders; needs OpenGL 4.3."""
    from weightscape.gpu.source import compute_program

    shader = compute_program(ctx, "peak.comp")
    results = ctx.buffer(reserve=16 * GROUP * groups)
    try:
        results.bind_to_storage_buffer(0)
        return _rate(ctx, shader, lambda: shader.run(groups), GROUP * groups, runs, most)
    finally:
        results.release()
        shader.release()


def fragment_peak(
    ctx: "moderngl.Context", runs: int = RUNS, size: tuple[int, int] = TARGET, most: int = MOST_STEPS
) -> float:
    """Measure operations a second of multiply-adds in fragment shaders."""
    import moderngl

    from weightscape.gpu.source import program
    from weightscape.gpu.target import free, made

    shader = program(ctx, "screen.vert", "peak.frag")
    triangle, target = ctx.vertex_array(shader, []), made(ctx, size)
    try:
        target.use()
        target.viewport = (0, 0, *size)
        ctx.disable(moderngl.BLEND | moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        return _rate(
            ctx, shader, lambda: triangle.render(moderngl.TRIANGLES, vertices=3), size[0] * size[1], runs, most
        )
    finally:
        free(ctx, target)
        triangle.release()
        shader.release()


def peaks(told: Callable[[str], object] = ignore) -> dict[str, dict[str, Any]]:
    """Measure what there is: "cpu", and of a GPU "compute" and "fragment"; software drivers have the processor's."""
    told("sgemm")
    found = {"cpu": _peak(sgemm(), f"sgemm {SGEMM_SIDE} x {SGEMM_SIDE}, {cores()} threads")}
    try:
        from weightscape.gpu.context import NoContextError, adapter, close, standalone

        ctx = standalone(gpu())
    except (ImportError, NoContextError):
        return found
    try:
        if not adapter(ctx).is_software:
            told("GPU")
            found["fragment"] = _peak(fragment_peak(ctx), "fp32 multiply-adds in fragment shaders")
            if ctx.version_code >= 430:
                found["compute"] = _peak(compute_peak(ctx), "fp32 multiply-adds in compute shaders")
    finally:
        close(ctx)
    return found


def _rate(
    ctx: "moderngl.Context", shader: Any, submit: Callable[[], object], invocations: int, runs: int, most: int
) -> float:
    """Find how many steps last about AIM_S, at most fourfold at a time, then take the best of some runs."""
    shader["u_factor"], shader["u_offset"] = 0.999, 0.0005

    def timed(steps: int) -> float:
        shader["u_steps"] = steps

        def work() -> None:
            submit()
            ctx.finish()

        return _seconds(work)

    timed(1)  # drivers finish compiling at the first run
    steps, seconds = 1, timed(1)
    while seconds < AIM_S / 1.5 and steps < most:
        steps = min(int(steps * min(4.0, max(AIM_S / seconds, 1.1))) + 1, most)
        seconds = timed(steps)
    return steps * invocations * STEP_FLOPS / min(seconds, *(timed(steps) for _ in range(runs)))


def _seconds(work: Callable[[], object]) -> float:
    return max(timed(work)[1], 1e-9)


def _peak(rate: float, what: str) -> dict[str, Any]:
    return {"gflops": rate / 1e9, "what": what}


@cache
def _controller() -> ThreadpoolController:
    """Find the BLAS libraries once: looking for them takes longer than a small product."""
    return ThreadpoolController()
