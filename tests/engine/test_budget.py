"""Budgets: whatever the network, the picture and the GPU, no submission is long, from the very first tile on.

Clocks and costs are handed in. What this machine takes in earnest `weightscape bench` measures (longest_s).
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest
from clocks import WorkClock, ticks

from weightscape.draw.relief import Ground, Sight
from weightscape.engine.question import Engine, Field, Question, Values, plain, work
from weightscape.engine.shader import compute
from weightscape.engine.shader.compute import LAYER_S, SUBMISSION_S, ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.fragment_shape import is_narrow
from weightscape.engine.shader.shader_answer import FLOATS
from weightscape.engine.tile import FIRST_RATE, LARGEST_TILE, Pace, Spent, tiles
from weightscape.explore.paint.painter import TILE_S
from weightscape.gpu.source import compute_program
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene

SHAPES = [(1, 1), (4, 16), (27, 30), (60, 64), (8, 128), (4, 512), (60, 256), (256, 512)]
SIZES = [(64, 64), (3840, 2160)]
SMALLEST = 64
TILES = 40


class Known:
    """An engine of which is known what an answer takes: its work at `rate` operations a second, and `fixed` seconds."""

    name, arithmetic, methods, has_watchdog = "known", "sums", FLOATS, True
    largest = LARGEST_TILE

    def __init__(self, rate: float, fixed: float = 0.0) -> None:
        self.rate, self.fixed = rate, fixed
        self.busy_s = self.longest_s = 0.0
        self.gpu_s: float | None = None

    def pick(self, question: Question) -> Engine:
        return self

    def smallest(self, network: Network) -> int:
        return SMALLEST

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        self.busy_s = self.longest_s = question.grid.points * work(question.network) / self.rate + self.fixed
        return plain(np.zeros((question.grid.rows, question.grid.columns, 1), np.float32))

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        raise NotImplementedError

    def release(self) -> None:
        pass


def asked(layers: int, width: int, size: tuple[int, int]) -> Question:
    return question(Scene(layers=layers, width=width, rule="lecun"), size)


def spent(engine: Known, ask: Question, pace: Pace) -> list[tuple[float, int]]:
    """Seconds and points of a picture's first tiles, from where a hand would be."""
    cut = tiles(engine, ask, pace, TILE_S, (ask.grid.columns / 3, ask.grid.rows / 3))
    return [(engine.busy_s, tile.field.data.shape[0] * tile.field.data.shape[1]) for tile in islice(cut, TILES)]


@pytest.mark.parametrize("rate", [FIRST_RATE / 20, FIRST_RATE, 1e10, 1e12, 1e14])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("layers", "width"), SHAPES)
def test_tiles_keep_to_their_budget_and_use_it(layers: int, width: int, size: tuple[int, int], rate: float) -> None:
    ask = asked(layers, width, size)
    found = spent(Known(rate), ask, Pace())
    least = SMALLEST * work(ask.network) / rate
    seconds = [each for each, _ in found]

    assert seconds[0] <= max(TILE_S * FIRST_RATE / rate, least) * 1.000001
    assert max(seconds[1:], default=0.0) <= max(TILE_S, least) * 1.000001
    if len(found) == TILES:  # at 4 to 1 the pace is known by now; what is cut in halves is at least half as large
        whole = min(TILE_S * rate / work(ask.network), LARGEST_TILE)
        assert max(points for _, points in found) > 0.4 * whole


def test_what_an_answer_costs_in_any_case_is_part_of_the_budget() -> None:
    engine, ask = Known(1e11, fixed=TILE_S / 4), asked(27, 30, SIZES[1])
    assert max(seconds for seconds, _ in spent(engine, ask, Pace())) <= 1.25 * TILE_S


def test_an_engine_that_gets_slower_is_late_once() -> None:
    engine, ask, pace = Known(1e11), asked(27, 30, SIZES[1]), Pace()
    spent(engine, ask, pace)
    engine.rate /= 5
    late, *later = (seconds for seconds, _ in spent(engine, ask, pace))
    assert TILE_S < late <= 5.000001 * TILE_S
    assert max(later) <= 1.000001 * TILE_S


@pytest.mark.parametrize(
    ("layers", "width", "rate"),
    [
        (1, 1, FIRST_RATE),
        (4, 16, 1e11),
        (27, 30, 2e9),
        (8, 140, FIRST_RATE),
        (8, 140, 1e11),
        (3, 512, FIRST_RATE),
        (3, 512, 2e9),
    ],
)
def test_no_submission_of_the_compute_engine_is_long(layers: int, width: int, rate: float, gl: Any) -> None:
    clock = WorkClock(rate)
    clock.engine = engine = ComputeEngine(gl, clock=clock)
    ask = asked(layers, width, (64, 64))
    for _ in islice(tiles(engine, ask, Pace(), TILE_S), 6):
        pass
    engine.release()

    assert engine.longest_s == pytest.approx(max(clock.spans))
    # All layers at once are one dispatch, which a tile's budget holds; a layer a dispatch is cut into rows of units.
    assert max(clock.spans) <= (TILE_S if width <= 128 else max(SUBMISSION_S, LAYER_S)) * 1.000001


def test_the_time_to_compile_is_no_part_of_a_submission(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # A wide network has three programs; NVIDIA's driver links the next while the layer before is still under way.
    clock = WorkClock(1e12)
    clock.engine = engine = ComputeEngine(gl, clock=clock)
    compiled = []

    def slow_program(*given: Any) -> Any:
        clock.now += 0.25
        compiled.append(given)
        return compute_program(*given)

    monkeypatch.setattr(compute, "compute_program", slow_program)
    engine.field(asked(4, 140, (16, 8)))
    engine.release()
    assert len(compiled) == 3
    assert engine.busy_s == pytest.approx(sum(clock.spans))
    assert engine.longest_s == pytest.approx(max(clock.spans))


def test_layers_go_in_groups_once_the_gpus_rate_is_known(gl: Any) -> None:
    clock = WorkClock(1e12)
    clock.engine = engine = ComputeEngine(gl, clock=clock)
    ask = asked(40, 140, (16, 8))
    counts = []
    for _ in range(4):
        clock.spans.clear()
        engine.field(ask)
        counts.append(len(clock.spans))
        assert engine.busy_s == pytest.approx(sum(clock.spans))
    engine.release()
    assert counts[0] > 1
    assert counts[-1] == 1


@pytest.mark.parametrize(("layers", "width"), [(6, 30), (4, 80)])
def test_the_fragment_engine_counts_every_draw_and_no_compiling(layers: int, width: int, gl: Any) -> None:
    engine, ask, pace = FragmentEngine(gl, ticks()), asked(layers, width, (33, 17)), Pace(1e15)
    draws = 1 if is_narrow(ask.network) else layers
    for _ in range(2):
        engine.field(ask)
        assert (engine.busy_s, engine.longest_s) == (draws, 1.0)
    pace.learn(engine, ask)
    assert pace.rate(engine) == 33 * 17 * work(ask.network) / draws
    engine.release()


def test_a_pace_adds_up_the_gpus_own_time_apart_from_a_processors() -> None:
    engine, pace, ask = Known(1e9), Pace(), asked(4, 8, (8, 8))
    engine.field(ask)
    pace.learn(engine, ask)
    assert pace.spent == Spent(cpu_s=engine.busy_s)
    before, engine.gpu_s = pace.spent, 0.25
    for _ in range(2):
        pace.learn(engine, ask)
    assert pace.spent - before == Spent(gpu_s=0.5)
