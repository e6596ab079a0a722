"""What every engine does whatever is asked: tiles, turns, refusals, cancelling, extremes, what a release gives back."""

import gc
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, product, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gl_object import living
from specimen import scene
from suite import ALL, ANSWERS, ENGINES, EVERY, EVERY_GPU, FRESH, TAPS, answered, asked, each_activation

from weightscape.deep.accuracy import METHODS, MOVED, Method
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Answer, Cancelled, Engine, EngineError, Grid, Question, Values, pixel_grid, work
from weightscape.engine.tile import Pace, answer
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Tap
from weightscape.scene.scene import Scene

# Every seventh parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(7)

# 61 x 47 points, cut into a corner, strips one pixel wide and high, and the rest.
BOXES = [(0, 0, 13, 11), (13, 0, 48, 11), (0, 11, 1, 36), (1, 11, 60, 35), (1, 46, 7, 1), (8, 46, 53, 1)]
TILED = [
    Scene(),
    Scene(width=3, layers=5, inputs="x,y,r"),
    Scene(tied=False, width=31, layers=6, scale=0.3, outputs=1),
    Scene(tied=False, width=64, layers=5, scale=0.2, activation="sin"),
    Scene(tied=False, width=70, layers=4, scale=0.15, activation="relu", inputs="x,y,r"),
    Scene(tied=False, width=130, layers=4, scale=0.12, activation="relu"),
    Scene(tied=False, width=400, layers=3, scale=0.07, activation="gelu"),
]
EACH_ANSWER = pytest.mark.parametrize("wanted", ANSWERS)


def test_a_grid_has_a_point_in_the_middle_of_each_pixel_and_its_tiles_have_the_same_ones() -> None:
    grid = pixel_grid(6, 4)
    assert (grid.x, grid.y) == (-2.5, 1.5)
    part = grid.tile(2, 3, 3, 1)
    assert (part.x, part.y, part.columns, part.rows) == (-0.5, -1.5, 3, 1)
    assert pixel_grid(6, 4, (0.25, -0.5)).x == -2.25
    assert Grid(3, 3, 0.0, 0.0, 0.5).tile(1, 1, 2, 2) == Grid(2, 2, 0.5, -0.5, 0.5)


def made_of(engine: Engine, question: Question, boxes: list[tuple[int, int, int, int]]) -> Values:
    """Answer tile by tile; the boxes (column, row, columns, rows) cover the grid."""
    whole = np.full((question.grid.rows, question.grid.columns, question.channels), np.nan)
    for column, row, columns, rows in boxes:
        part = engine.field(replace(question, grid=question.grid.tile(column, row, columns, rows)))
        whole[row : row + rows, column : column + columns] = part.data
    return whole


def columns_are_alike(dtype: Any) -> bool:
    """Tell whether BLAS treats equal columns of a product alike; OpenBLAS's AVX2 kernels in float32 do not."""
    random = np.random.default_rng(1)
    matrix = random.standard_normal((64, 65)).astype(dtype)
    sums = matrix @ np.repeat(random.standard_normal((65, 1)).astype(dtype), 1024, axis=1)
    return bool((sums == sums[:, :1]).all())


@EACH_ANSWER
@pytest.mark.parametrize("tiled", TILED)
@ALL
@pytest.mark.spread(11)
def test_every_point_has_the_same_bits_in_any_tile(
    engine: Engine, method: Method, tiled: Scene, wanted: Answer
) -> None:
    question = asked(tiled, method, wanted, (61, 47))
    whole = engine.field(question)
    in_boxes, paced = made_of(engine, question, BOXES), answer(engine, question, Pace(1e7))
    assert np.array_equal(paced.offset, whole.offset)
    assert np.array_equal(paced.scale, whole.scale)
    if isinstance(engine, NumpyEngine) and not columns_are_alike(whole.data.dtype):
        size = np.abs(whole.data).max()
        assert np.allclose(whole.data, in_boxes, rtol=0, atol=1e-3 * max(size, 1.0)) or wanted == "pattern"
    else:
        assert np.array_equal(whole.data, in_boxes)
        assert np.array_equal(whole.data, paced.data)


@EVERY
def test_questions_in_turns_are_answered_with_the_same_bits(engine: Engine) -> None:
    """Nothing hangs on what was asked before: floats and doubles, plain and moved, narrow and wide, of any answer."""
    questions = [
        asked(replace(made, radius=radius), method, wanted)
        for (made, wanted, radius), method in product(
            [
                (scene(5, 9, seed=1), "values", 1e-2),
                (scene(5, 9, seed=2), "derivatives", 1e-5),
                (scene(4, 70, activation="relu"), "pattern", 1.0),
            ],
            [method for method in METHODS if method in engine.methods],
        )
    ]
    first = [engine.field(each).data.copy() for each in questions]
    for each, data in zip(questions[::-1], first[::-1], strict=True):
        assert np.array_equal(engine.field(each).data, data)
    assert not np.array_equal(first[0], first[len(first) // 3])


def test_who_has_which_methods() -> None:
    known = {name: {*kind.methods} for name, kind in ENGINES.items()}
    assert known["numpy"] == known["compute"] == {*METHODS}
    assert known["fragment"] == {"single", "perturbed"}


@EVERY
@EACH_ANSWER
@pytest.mark.spread(1)
def test_what_an_engine_cannot_do_it_refuses_and_names_the_cure(engine: Engine, wanted: Answer) -> None:
    assert {*engine.methods} == {*ENGINES[engine.name].methods}
    for method in METHODS:
        question = asked(scene(3, 8, radius=1e-3), method, wanted)
        if method in engine.methods:
            answered(engine, question)
            continue
        why = "this view needs differences in double precision, " if method in MOVED else ""
        with pytest.raises(EngineError, match=f"{why}the {engine.name} engine computes in .*; use --engine numpy or"):
            engine.field(question)


@EVERY_GPU
@pytest.mark.parametrize("shrink", [-0.3, 0.0, float("inf")])
@pytest.mark.spread(1)
def test_tangents_cannot_be_multiplied_by_what_is_no_size(engine: Engine, shrink: float) -> None:
    with pytest.raises(EngineError, match="tangents cannot be multiplied by"):
        engine.field(replace(asked(scene(3, 8), "single", "derivatives"), shrink=shrink))


@EACH_ANSWER
@pytest.mark.parametrize("width", [9, 140])
@ALL
@pytest.mark.spread(5)
def test_a_cancelled_question_raises_and_the_next_one_is_answered(
    engine: Engine, method: Method, width: int, wanted: Answer
) -> None:
    question = asked(scene(4, width, activation="relu"), method, wanted, (64, 64), (Tap(), Tap(1)))
    expected = engine.field(question).data.copy()
    for answers in (repeat(True), chain([False] * (width > 100), repeat(True))):
        with pytest.raises(Cancelled):
            engine.field(question, lambda answers=answers: next(answers))  # type: ignore[misc]
    answers = chain([False], repeat(True))
    with pytest.raises(Cancelled):
        answer(engine, question, Pace(1e6), cancelled=lambda: next(answers))
    assert np.array_equal(expected, engine.field(question).data)


EXTREMES = ((1e6, 1e12, "1e12"), (1e6, 1e-300, "0.1"), (30.0, 1.0, "0"), (1e-3, 1e3, "77"), (3.0, 1e-9, "-3"))


@pytest.mark.slow
@pytest.mark.parametrize("width", [13, 70])
@each_activation(*METHODS)
@pytest.mark.spread(13)
def test_nothing_is_ever_nan_or_infinite(engine: Engine, method: Method, activation: str, width: int) -> None:
    taps = (Tap(), Tap(5, None, True), Tap(0)) if width == 70 else (Tap(),)
    for seed, (factor, radius, x) in enumerate((*EXTREMES, (1e6, 1e6, "0"), (0.0, 1e-20, "1"))):
        made = Scene(
            activation=activation,
            layers=9,
            width=width,
            scale=factor,
            radius=radius,
            center=(x, "0.3"),
            output_activation=activation if width == 13 else "tanh",
            inputs=("x,y", "r,x", "r,x,0.5,cos_t")[list(ACTIVATIONS).index(activation) % 3],
            tied=False,
            seed=seed,
        )
        for wanted in ANSWERS:
            question = asked(made, method, wanted, (9, 7), taps)
            for shrink in {question.shrink, *((1.0, 2.0**60, 2.0**-60) if wanted == "derivatives" else ())}:
                field = answered(engine, replace(question, shrink=shrink))
                assert np.isfinite(field.values).all()
                assert factor > 0 or wanted == "pattern" or method not in MOVED or not field.data.any()


@pytest.mark.parametrize(("layers", "width"), [(27, 30), (60, 130), (200, 65), (250, 300)])
@EVERY
@pytest.mark.spread(1)
def test_a_first_picture_is_sized_by_the_whole_depth(engine: Engine, layers: int, width: int) -> None:
    question, pace = asked(Scene(layers=layers, width=width, rule="lecun"), size=(1280, 720)), Pace(2e10)
    points = pace.points(engine, question, 0.03)
    assert points == max(int(0.03 * 2e10 / work(question.network)), engine.smallest(question.network))


def asked_once_each(engine: Engine, seed: int = 0) -> list[Values]:
    """Ask for every answer by every method: in turn through all layers at once and layer by layer."""
    return [
        engine.field(
            asked(scene(4, width, seed=seed, activation="relu"), method, wanted, (33, 17), TAPS[:2])
        ).data.copy()
        for (m, method), (a, wanted) in product(enumerate(METHODS), enumerate(ANSWERS))
        for width in [(9, 70)[(m + a) % 2]]
        if method in engine.methods
    ]


@pytest.mark.slow
@FRESH
def test_a_released_engine_gives_everything_back_and_a_new_one_answers_the_same(
    fresh: Callable[[], Engine], request: pytest.FixtureRequest
) -> None:
    gl = request.getfixturevalue("gl") if ENGINES[request.node.callspec.params["fresh"]].needs else None
    before, threads, answers = gl and living(gl), threading.active_count(), []
    for _ in range(2):
        engine = fresh()
        answers.append(asked_once_each(engine))
        assert (gl and living(gl), threading.active_count()) != (before, threads)
        engine.release()
        gc.collect()
        assert (gl and living(gl), threading.active_count()) == (before, threads)
    assert all(np.array_equal(a, b) for a, b in zip(*answers, strict=True))


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.slow
@FRESH
def test_rerolls_leave_no_object_and_no_memory_behind(
    fresh: Callable[[], Engine], request: pytest.FixtureRequest
) -> None:
    engine = fresh()
    gl = request.getfixturevalue("gl") if ENGINES[engine.name].needs else None

    def reroll(seed: int) -> None:
        for tied in (True, False):
            engine.field(asked(Scene(seed=seed, tied=tied, layers=6), size=(33, 17)))
        engine.field(asked(Scene(seed=seed, layers=4, width=300, scale=0.1), size=(17, 9)))

    count = 6 if gl else 12  # a software driver takes seconds for each
    for seed in range(3):
        reroll(seed)
    gc.collect()
    before, memory, threads = gl and living(gl), resident_bytes(), threading.active_count()
    for seed in range(3, 3 + count):
        reroll(seed)
    gc.collect()
    assert (gl and living(gl)) == before
    assert threading.active_count() == threads
    # The weights of 6 x 3 networks would be 4.5 MB, of 12 x 3 9 MB.
    assert resident_bytes() - memory < 2e6
