"""What both engines of the GPU compile and upload: new weights, depths, views, shrinks and zooms need no program."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from balls import case
from specimen import scene
from suite import EVERY_GPU, FRESH_GPU, asked
from test_conduct import BOXES, made_of

from weightscape.deep.accuracy import Method
from weightscape.engine.question import Answer
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.step_store import CLAMPED, FLOATS, pack_steps, tapped_steps
from weightscape.engine.tile import Pace, answer
from weightscape.network.network import Tap
from weightscape.scene.scene import Scene

CHANGES: list[dict[str, Any]] = [
    {"seed": 7},
    {"scale": 0.6},
    {"scale": 0.0},
    {"layers": 2},
    {"layers": 40},
    {"radius": 1e-5},
    {"angle": 33.0},
    {"center": (Decimal(3), Decimal(1))},
    {"tied": True},
    {"rule": "orthogonal", "scale": None},
    {"shape": "normal"},
]
ZOOMS: list[dict[str, Any]] = [
    *({"radius": radius} for radius in (1e-9, 1e-300, 3.0)),
    *CHANGES[5:9],
    {"layers": 3},
    {"layers": 30},
    {"seed": 7},
]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["single", "perturbed"])
@pytest.mark.parametrize(
    ("wanted", "width", "count"),
    # A wide network has a program for each of: first layer, hidden layers, output layer; sums are the fragments' alone.
    [("values", 30, 1), ("values", 130, 3), ("derivatives", 30, 1), ("derivatives", 70, 3), ("pattern", 30, 1)],
)
@FRESH_GPU
def test_no_program_is_compiled_for_new_weights_scales_depths_views_and_shrinks(
    fresh: Callable[[], Any], wanted: Answer, width: int, count: int, method: Method
) -> None:
    engine = fresh()
    activation = "relu" if wanted == "pattern" else "tanh"
    first = scene(6, width, activation=activation, radius=1e-2, center=("0.3", "0.7"))
    engine.field(asked(first, method, wanted, (16, 9)))
    programs = dict(engine._programs)
    assert len(programs) <= count
    assert wanted != "values" or len(programs) == count
    for number, change in enumerate(CHANGES if method == "single" else ZOOMS):
        question = asked(replace(first, **change), method, wanted, (33, 20))
        engine.field(replace(question, shrink=2.0**-number) if wanted == "derivatives" else question)
        assert engine._programs == programs, change


@FRESH_GPU
def test_widths_of_one_class_share_a_program(fresh: Callable[[], Any]) -> None:
    engine = fresh()
    for width in (29, 30, 31, 32):
        engine.field(asked(Scene(width=width, layers=4), size=(8, 8)))
    assert len(engine._programs) == 1
    engine.field(asked(Scene(width=33, layers=4), size=(8, 8)))
    assert len(engine._programs) == 2


@EVERY_GPU
def test_a_plan_is_uploaded_once_for_all_tiles(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    question = asked(case(4, "sin", (6, 30), 1e-40), "perturbed", size=(61, 47))
    whole = engine.field(question)
    monkeypatch.setattr("weightscape.engine.shader.step_store.pack_steps", None)
    assert np.array_equal(whole.data, made_of(engine, question, BOXES))
    tiled = answer(engine, question, Pace(1e7))
    assert np.array_equal(whole.data, tiled.data)
    assert (tiled.scale == whole.scale).all()


def test_two_engines_share_a_context(gl: Any) -> None:
    if gl.version_code < ComputeEngine.needs:
        pytest.skip("no compute shaders")
    engine, other = ComputeEngine(gl), FragmentEngine(gl)
    question = asked(scene(5, 30), size=(27, 51))
    expected, computed = other.field(question).values, engine.field(question).values
    assert np.abs(expected - computed).max() < 1e-5
    assert np.array_equal(expected, other.field(question).values)
    assert np.array_equal(computed, engine.field(question).values)
    for each in (engine, other):
        each.release()


def test_steps_are_packed_by_layers_and_groups_of_four_units() -> None:
    plan = asked(case(2, "triangle", (3, 6), 1e-30), "perturbed", size=(8, 8)).perturbation
    assert plan
    packed = pack_steps(plan.steps, 2)
    assert packed.shape == (3, 1 + FLOATS * 2, 4)
    assert packed[0, 0].tolist() == [1, 1, plan.steps[0].after, plan.steps[0].period]
    assert packed[1, 1 + 1].tolist() == np.float32(plan.steps[1].floats[1, :4]).tolist()
    assert packed[1, 1 + 4 + 3].tolist() == [*np.float32(plan.steps[1].floats[3, 4:]).tolist(), 0, 0]
    free = pack_steps(plan.steps, 3, CLAMPED)
    assert free.shape == (3, 1 + CLAMPED * 3, 4)
    assert free[1, 1 + 4 : 1 + 7, 0].tolist() == [0, np.float32(-3e38), np.float32(3e38)]


def test_a_tapped_plan_ends_where_its_network_does() -> None:
    plan = asked(case(2, "tanh", (5, 6), 1e-3), "perturbed", size=(8, 8)).perturbation
    assert plan
    assert tapped_steps(plan, Tap()) == plan.steps or len(tapped_steps(plan, Tap())) == 5
    *above, last = tapped_steps(plan, Tap(2, (5, 1), before=True))
    assert above == list(plan.steps[:2])
    assert (last.exact, last.leaving, last.floats[0].tolist()) == (False, plan.steps[2].entering, [1, 1])
    assert (tapped_steps(plan, Tap(2, (5, 1)))[-1].floats == plan.steps[2].floats[:, [5, 1]]).all()
