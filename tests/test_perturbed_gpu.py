"""Deep views on the GPU: both engines against ball arithmetic and against NumPy's answer, from one program."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glsl import COMPILED
from spirv import validate
from test_compute import SHAPES, variants
from test_engine import BOXES, in_texture, made_of
from test_perturbation import GROWING, PIXELS, RADII, SIZE, case, exact, is_chaotic, perturbed

from weightscape.deep.planner import perturb
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Cancelled, Engine, EngineError, Field, Question, Values, pixel_grid
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.fragment_draw import repetitions
from weightscape.engine.shader.step_store import CLAMPED, FLOATS, is_clamped, pack_steps, tapped_steps
from weightscape.engine.shader.weight_store import pack
from weightscape.engine.tile import Pace, answer
from weightscape.gpu.source import source
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import OUTPUTS, Network, Tap
from weightscape.network.view import View
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every fifth parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(5)

KINDS = ("fragment", "compute")
# The fragment engine with every activation; the other, whose functions are the same text, with some: compiling is slow.
EACH = pytest.mark.parametrize(
    ("engine", "activation"),
    [*(("fragment", name) for name in ACTIVATIONS), *(("compute", name) for name in list(ACTIVATIONS)[1::4])],
    indirect=["engine"],
)


@pytest.fixture(scope="module")
def kept(ctx: Any) -> Iterator[dict[str, Any]]:
    """One engine of each kind for all tests, so that each program is compiled once."""
    engines: dict[str, Any] = {"fragment": FragmentEngine(ctx)}
    if ctx.version_code >= ComputeEngine.needs:
        engines["compute"] = ComputeEngine(ctx)
    yield engines
    for engine in engines.values():
        engine.release()


@pytest.fixture(params=KINDS)
def engine(request: Any, gl: Any, kept: dict[str, Any]) -> Any:
    return kept[request.param] if request.param in kept else pytest.skip("no compute shaders")


@pytest.fixture(scope="module")
def numpy_engine() -> Iterator[NumpyEngine]:
    engine = NumpyEngine()
    yield engine
    engine.release()


def apart(field: Field, expected: Field) -> float:
    """How far two fields are apart, as a part of the second's range; their offsets and scales are the same numbers."""
    assert np.isfinite(field.data).all()
    assert field.data.dtype == np.float32
    assert field.data.shape == expected.data.shape
    assert (field.offset == expected.offset).all()
    assert (field.scale == expected.scale).all()
    spread = max(float(np.ptp(expected.data, axis=(0, 1)).max()), 1e-30)
    return float(np.abs(field.data - expected.data).max()) / spread


def alike(activation: str) -> tuple[int, str]:
    """A number for an activation, and inputs: the same in several tests, so that they share a program."""
    number = list(ACTIVATIONS).index(activation)
    return number, ("x,y", "x,y,r", "r,x,0.5,cos_t")[number % 3]


@cache
def truth(scene: Scene) -> tuple[Values, Values]:
    """The exact differences at PIXELS, and the values at the centre."""
    return exact(scene, draw(scene), SIZE, PIXELS)


def error(engine: Engine, scene: Scene) -> tuple[float, float]:
    """The largest error of the perturbed picture, as a part of its range, and the range."""
    field, (expected, center) = engine.field(perturbed(scene)), truth(scene)
    assert np.isfinite(field.data).all()
    got = np.array([field.data[j, i] for i, j in PIXELS]).astype(np.float64) * field.scale
    spread = float(np.ptp(expected, axis=0).max())
    assert np.abs(field.offset - center).max() <= 1e-9 * max(1.0, float(np.abs(center).max()))
    return float(np.abs(got - expected).max()) / max(spread, 1e-320), spread


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("shape", [(18, 30), (40, 30), (5, 130)])
def test_a_perturbed_picture_is_true_at_any_depth(
    shape: tuple[int, int], radius: float, engine: Any, numpy_engine: NumpyEngine
) -> None:
    more = {"scale": 0.3} if shape[1] == 130 else {}
    scene = case(3, "tanh", shape, radius, output_activation="sigmoid", **more)
    assert not is_chaotic(scene)
    found, spread = error(engine, scene)
    assert spread > 1e-320
    assert found < 1e-5
    assert apart(engine.field(perturbed(scene)), numpy_engine.field(perturbed(scene))) < 1e-5


@EACH
@pytest.mark.parametrize("radius", [1e-2, 1e-6, 1e-280])
def test_every_activation(activation: str, radius: float, engine: Any) -> None:
    number, inputs = alike(activation)
    more = {} if activation in GROWING else {"scale": 0.5}
    scene = case(number, activation, (12, 16), radius, inputs=inputs, time=0.3, output_activation="tanh", **more)
    found, spread = error(engine, scene)
    assert not is_chaotic(scene)
    assert spread > 1e-290
    assert found < 1e-5


@pytest.mark.parametrize("radius", [1e-2, 1e-7, 1e-40])
def test_a_network_of_all_activations_goes_layer_by_layer(
    radius: float, engine: Any, numpy_engine: NumpyEngine
) -> None:
    made = draw(Scene(layers=len(ACTIVATIONS), width=11, tied=False, rule="lecun", seed=3))
    network = replace(made, activations=tuple(ACTIVATIONS))
    view = View((Decimal("0.3"), Decimal("0.7")), radius)
    moved, radial, plan = perturb(network, ("x", "y"), 0.0, view, (13, 9))
    asked = Question(moved, pixel_grid(13, 9), radial, OUTPUTS, "perturbed", plan)
    assert apart(engine.field(asked), numpy_engine.field(asked)) < 1e-5


@pytest.mark.parametrize("width", [20, 70])
def test_several_taps_stand_side_by_side(width: int, engine: Any, numpy_engine: NumpyEngine) -> None:
    taps = (Tap(), Tap(1), Tap(0, (3, 1), True), Tap(2, (8,)), Tap(-1, (2, 2, 0), True))
    asked = replace(perturbed(case(4, "tanh", (5, width), 1e-5, scale=1.5 / width**0.5)), taps=taps)
    assert asked.channels == 3 + width + 2 + 1 + 3
    field, expected = engine.field(asked), numpy_engine.field(asked)
    assert apart(field, expected) < 1e-5
    for channel in range(asked.channels):
        np.testing.assert_allclose(
            field.data[..., channel],
            expected.data[..., channel],
            rtol=0,
            atol=1e-5 * np.abs(expected.data[..., channel]).max(),
        )


@pytest.mark.parametrize("sharing", ["ABAB", "AABB", "AAAA", "ABCA"])
def test_matrices_are_shared_and_floats_are_not(sharing: str, engine: Any, numpy_engine: NumpyEngine) -> None:
    made = draw(Scene(layers=6, width=8, tied=False))
    places = [0, *("ABCD".index(letter) + 1 for letter in sharing), 5]
    network = Network(tuple(made.weights[k] for k in places), tuple(made.biases[k] for k in places), made.activations)
    moved, radial, plan = perturb(network, ("x", "y"), 0.0, View((Decimal(1), Decimal(0)), 1e-3), (13, 9))
    asked = Question(moved, pixel_grid(13, 9), radial, OUTPUTS, "perturbed", plan)
    assert apart(engine.field(asked), numpy_engine.field(asked)) < 1e-5
    assert len(pack(moved).vectors) == len(pack(network).vectors)


def test_a_single_layer(engine: Any, numpy_engine: NumpyEngine) -> None:
    for radius in (1.0, 1e-50):
        asked = perturbed(case(2, "tanh", (1, 8), radius, inputs="x,r"), (13, 7))
        assert apart(engine.field(asked), numpy_engine.field(asked)) < 1e-5


@pytest.mark.parametrize(("width", "count"), [(30, 1), (130, 3)])
def test_no_program_is_compiled_for_another_view_depth_or_network(width: int, count: int, gl: Any) -> None:
    for kind in (FragmentEngine, ComputeEngine) if gl.version_code >= ComputeEngine.needs else (FragmentEngine,):
        engine: Any = kind(gl)
        start = {"output_activation": "sigmoid", "scale": 1.5 / width**0.5, "tied": False}
        engine.field(perturbed(case(1, "tanh", (6, width), 1e-2, **start), (16, 9)))
        programs = dict(engine._programs)
        assert len(programs) == count
        changes: list[dict[str, Any]] = [
            {"radius": 1e-9},
            {"radius": 1e-300},
            {"radius": 3.0},
            {"angle": 7.0},
            {"layers": 3},
            {"layers": 30},
            {"seed": 7},
            {"tied": True},
            {"center": (Decimal(1), Decimal(0))},
        ]
        for seed, change in enumerate(changes):
            scene = replace(case(seed, "tanh", (6, width), 1e-2, **start), **change)
            engine.field(perturbed(scene, (33, 20)))
            assert engine._programs == programs, change
        engine.release()


def test_a_plan_is_uploaded_once_for_all_tiles(engine: Any, monkeypatch: Any) -> None:
    asked = perturbed(case(4, "sin", (6, 30), 1e-40), (61, 47))
    whole = engine.field(asked)
    monkeypatch.setattr("weightscape.engine.shader.step_store.pack_steps", None)
    assert np.array_equal(whole.values, made_of(engine, asked, BOXES))
    tiled = answer(engine, asked, Pace(1e7))
    assert np.array_equal(whole.data, tiled.data)
    assert (tiled.scale == whole.scale).all()


def test_plain_and_perturbed_questions_in_turns(engine: Any) -> None:
    asked = [perturbed(case(seed, "tanh", (5, 9), 10.0**-seed), (13, 9)) for seed in (2, 5, 30)]
    asked.insert(1, replace(asked[0], precision="single", perturbation=None))
    first = [engine.field(each).data.copy() for each in asked]
    for each, data in zip(asked[::-1], first[::-1], strict=True):
        assert np.array_equal(engine.field(each).data, data)


@EACH
def test_nothing_is_ever_nan_or_infinite(activation: str, engine: Any) -> None:
    extremes = [(1e6, 1e12, "1e12"), (1e6, 1e-300, "0.1"), (30.0, 1.0, "0"), (1e-3, 1e3, "77"), (3.0, 1e-9, "-3")]
    number, inputs = alike(activation)
    for seed, (scale, radius, center) in enumerate([*extremes, (0.0, 1e-20, "1")]):
        scene = Scene(
            activation=activation,
            layers=9,
            width=13,
            scale=scale,
            radius=radius,
            center=(center, "0.3"),
            output_activation="tanh",
            inputs=inputs,
            seed=99 * number + seed,
        )
        field = engine.field(perturbed(scene, (9, 7)))
        assert np.isfinite(field.data).all()
        assert np.isfinite(field.values).all()
        assert scale > 0 or not field.data.any()


@EACH
@pytest.mark.parametrize("radius", [1.0, 1e-60])
def test_a_center_on_all_kinks_or_extrema_at_once(
    activation: str, radius: float, engine: Any, numpy_engine: NumpyEngine
) -> None:
    inputs = ["x", "y", *(["r"] if "r" in alike(activation)[1] else [])]
    made = draw(
        Scene(
            layers=8,
            width=16,
            activation=activation,
            output_activation="tanh",
            tied=False,
            scale=0.5,
            inputs=",".join(inputs),
        )
    )
    network = Network(made.weights, tuple(np.zeros_like(b) for b in made.biases), made.activations)
    moved, radial, plan = perturb(network, inputs, 0.0, View(radius=radius), (13, 9))
    asked = Question(moved, pixel_grid(13, 9), radial, OUTPUTS, "perturbed", plan)
    assert apart(engine.field(asked), numpy_engine.field(asked)) < 2e-5


def clamped() -> Question:
    """Pre-activations on both sides of their limit, and beyond it at the centre."""
    scene = Scene(
        activation="relu",
        layers=5,
        width=9,
        scale=1e6,
        radius=3e-3,
        center=("1", "0.3"),
        tied=False,
        output_activation="identity",
    )
    return perturbed(scene, (13, 9))


def test_the_clamp_of_preactivations_holds_for_differences(engine: Any, numpy_engine: NumpyEngine) -> None:
    asked = clamped()
    assert asked.perturbation
    assert is_clamped(asked.perturbation)
    assert any(over.any() for over in asked.perturbation.orbit.over)
    assert apart(engine.field(asked), numpy_engine.field(asked)) < 1e-5


def test_steps_are_packed_by_layers_and_groups_of_four_units() -> None:
    plan = perturbed(case(2, "triangle", (3, 6), 1e-30), (8, 8)).perturbation
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
    plan = perturbed(case(2, "tanh", (5, 6), 1e-3), (8, 8)).perturbation
    assert plan
    assert tapped_steps(plan, Tap()) == plan.steps or len(tapped_steps(plan, Tap())) == 5
    *above, last = tapped_steps(plan, Tap(2, (5, 1), before=True))
    assert above == list(plan.steps[:2])
    assert (last.exact, last.leaving, last.floats[0].tolist()) == (False, plan.steps[2].entering, [1, 1])
    assert (tapped_steps(plan, Tap(2, (5, 1)))[-1].floats == plan.steps[2].floats[:, [5, 1]]).all()


def test_differences_in_float64_are_not_for_fragments(gl: Any, kept: dict[str, Any]) -> None:
    with pytest.raises(EngineError, match="use --engine numpy or compute"):
        kept["fragment"].field(perturbed(case(1, "tanh", (4, 8), 1e-3), wide=True))


def test_a_perturbed_question_can_be_cancelled(engine: Any) -> None:
    with pytest.raises(Cancelled):
        engine.field(perturbed(case(1, "tanh", (4, 8), 1e-3)), lambda: True)


def test_steps_and_weights_may_both_be_in_textures(gl: Any, numpy_engine: NumpyEngine) -> None:
    engine = in_texture(FragmentEngine(gl), 1)
    for width in (9, 70):
        asked = perturbed(case(4, "tanh", (4, width), 1e-3, scale=1.5 / width**0.5), (13, 9))
        assert apart(engine.field(asked), numpy_engine.field(asked)) < 1e-5
    engine.release()


@pytest.mark.parametrize("shape", ["gpu", "direct", "flat"])
def test_values_do_not_depend_on_the_workgroups(shape: str, gl: Any, numpy_engine: NumpyEngine) -> None:
    if gl.version_code < ComputeEngine.needs:
        pytest.skip("no compute shaders")
    engine = ComputeEngine(gl, SHAPES[shape])
    for width in (30, 130):
        for radius in (0.1, 1e-30):
            asked = perturbed(case(4, "tanh", (4, width), radius, scale=1.2 / width**0.5, inputs="x,y,r"), (33, 5))
            assert apart(engine.field(asked), numpy_engine.field(asked)) < 1e-5
    engine.release()


@pytest.mark.parametrize("more", [{}, {"CLAMPED": 1}])
def test_every_variant_of_the_compute_shaders_is_valid_glsl_430(more: dict[str, int], tmp_path: Path) -> None:
    files = []
    for n, (name, defines) in enumerate(variants()):
        files.append(tmp_path / f"{n}-{name}")
        moved = {key: str(value).replace("activation_", "difference_") for key, value in defines.items()}
        files[-1].write_text(source(name, {**moved, "PERTURBED": 1, **more}).text)
    validate(*files)


@COMPILED
@pytest.mark.parametrize("more", [{}, {"CLAMPED": 1}])
def test_every_variant_of_the_fragment_shaders_is_valid_glsl(
    more: dict[str, int], version: str, tmp_path: Path
) -> None:
    files = []
    for n, name in enumerate(ACTIVATIONS):
        ends = {"PERTURBED": 1, **more, "INPUTS": 2 + n % 2, "ACTIVATION": f"difference_{name}"}
        ends["OUTPUT_ACTIVATION"] = f"difference_{name}"
        for kind, shape in (("fused", {"VECTORS": 2}), ("layer", {"FIRST": 1}), ("layer", {"FIRST": 0})):
            files.append(tmp_path / f"{n}-{kind}{shape.get('FIRST', '')}.frag")
            defines = {**ends, **shape, "PIXELS": 2, **repetitions(2, 2)}
            files[-1].write_text(source(f"{kind}.frag", defines, version).text)
    validate(*files)
