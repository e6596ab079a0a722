"""Derivatives and patterns on the GPU: both engines against float64, plain and beside a reference; their shaders."""

import gc
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import chain, pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glsl import COMPILED, DIALECTS, evaluate, head, library
from spirv import validate
from test_compute import SHAPES, variants
from test_engine import BOXES, in_texture, living, made_of

from weightscape.engine.compute import ComputeEngine
from weightscape.engine.fragment import FragmentEngine
from weightscape.engine.fragment_draw import repetitions
from weightscape.engine.question import Answer, Cancelled, EngineError, Question, Values, pixel_grid
from weightscape.engine.tile import Pace, answer
from weightscape.engine.workgroup import SOFTWARE, sheeted
from weightscape.gpu.source import source
from weightscape.model.activation import ACTIVATIONS, PREACTIVATION_LIMIT, Array
from weightscape.model.input import fold
from weightscape.model.network import OUTPUTS, Network, Tap, forward
from weightscape.model.pattern import PIECEWISE, WORDS, counted, pattern, unit_words
from weightscape.model.plan import perturb
from weightscape.model.recipe import draw
from weightscape.model.scene import Scene
from weightscape.model.tangent import fed, shrink, tangents

# Other activations, widths and depths take the same way through the shaders; all are run with -m long.
pytestmark = pytest.mark.spread(7)
KINDS = ("fragment", "compute")
SIZE = (27, 13)
WIDTHS = (1, 4, 5, 30, 70)
TAPS = (Tap(), Tap(1), Tap(0, (3, 1), True), Tap(2, (8,)), Tap(-1, (2, 2, 0), True), Tap(-2, (1, 5)))
CENTER = (Decimal("0.3"), Decimal("0.7"))
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


def scene(layers: int, width: int, **changes: Any) -> Scene:
    """A network whose pictures neither drown in noise nor vanish, at any width."""
    return Scene(layers=layers, width=width, **{"tied": False, "scale": 1.2 / width**0.5, **changes})


def plain(asked_scene: Scene, answer: Answer = "derivatives", size: tuple[int, int] = SIZE, **more: Any) -> Question:
    network, radial = fold(draw(asked_scene), asked_scene.inputs, 0.3, asked_scene.view, size)
    factor = shrink(network, radial, *size) if answer == "derivatives" else 1.0
    asked = Question(network, pixel_grid(*size), radial, answer=answer, shrink=factor)
    return replace(asked, **more)


def perturbed(asked_scene: Scene, answer: Answer = "derivatives", size: tuple[int, int] = SIZE) -> Question:
    made = draw(asked_scene)
    moved, radial, plan = perturb(made, asked_scene.inputs, 0.3, asked_scene.view, size)
    return Question(moved, pixel_grid(*size), radial, OUTPUTS, "perturbed", plan, answer)


def points(asked: Question) -> tuple[Values, Values]:
    grid = asked.grid
    x, y = np.meshgrid(grid.x + grid.stride * np.arange(grid.columns), grid.y - grid.stride * np.arange(grid.rows))
    return x, y


def single(network: Network, h: Values, dh: Values) -> list[tuple[Values, Values]]:
    """All layers' values and derivatives by forward mode in float32."""
    found, h, dh = [], h.astype(np.float32), dh.astype(np.float32)
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        z = np.clip(h @ np.float32(W) + np.float32(b), -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT).astype(np.float32)
        h, dz = ACTIVATIONS[name].function(z), np.einsum("...id,io->...od", dh, np.float32(W))
        dh = ACTIVATIONS[name].derivative(z)[..., None] * dz
        found += [(z, dz), (h, dh)]
    return found


def truth(asked: Question) -> tuple[Values, Values]:
    """Channels in float64 and, for each, how far float32 may be off: 8 times what NumPy's is, and 2e-6 of the range."""
    given, layers = fed(asked.radial, *points(asked)), asked.network.layers
    exact, rough = tangents(asked.network, *given, asked.taps), single(asked.network, *given)
    parts: list[list[Values]] = [[], [], []]
    errors: list[list[Values]] = [[], [], []]
    for tap, found in zip(asked.taps, exact, strict=True):
        units = slice(None) if tap.units is None else list(tap.units)
        others = rough[2 * (tap.layer % layers) + (not tap.before)]
        for axis in range(3):
            true, other = (
                pair[0] if axis == 0 else pair[1][..., axis - 1]
                for pair in (found, (others[0][..., units], others[1][..., units, :]))
            )
            parts[axis].append(true)
            least = 2e-6 * (1.0 if axis == 0 else np.abs(found[1]).max())
            errors[axis].append(np.full(true.shape[-1], 8 * float(np.abs(other - true).max()) + least))
    return np.concatenate([*chain(*parts)], -1), np.concatenate([*chain(*errors)])


def check(engine: Any, asked: Question, comparable: float = 0.02) -> None:
    """Compare an answer with float64; the comparison must mean something."""
    exact, tolerance = truth(asked)
    field = engine.field(asked)
    assert field.data.dtype == np.float32
    assert field.data.shape == (*exact.shape[:2], asked.channels) == exact.shape
    count = asked.channels // 3
    assert tolerance[:count].max() < comparable
    assert tolerance[count:].max() < comparable * np.abs(exact[..., count:]).max()
    assert (np.abs(field.values - exact).max((0, 1)) <= tolerance).all()


@EACH
def test_every_activation_in_both_kinds_of_network(activation: str, engine: Any) -> None:
    for width, inputs in ((5, "x,r"), (70, "x,y")):
        check(engine, plain(scene(4, width, activation=activation, output_activation=activation, inputs=inputs)))


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_networks_of_every_width(width: int, tied: bool, engine: Any) -> None:
    for layers in (1, 2, 5):
        check(engine, plain(scene(layers, width, tied=tied, inputs="x,y,r")))
    check(engine, plain(scene(3, width, tied=tied, outputs=1), size=(1, 1)))


def mixed(widths: tuple[int, ...], activations: str) -> Network:
    rng = np.random.default_rng(4)
    return Network(
        weights=tuple(rng.normal(0, 1 / n**0.5, (n, m)) for n, m in pairwise(widths)),
        biases=tuple(rng.normal(0, 0.3, m) for m in widths[1:]),
        activations=tuple(activations.split()),
    )


@pytest.mark.parametrize("widths", [(2, 7, 33, 1, 90, 6), (2, 150, 4, 80, 1, 2)])
def test_networks_of_mixed_widths(widths: tuple[int, ...], engine: Any) -> None:
    network = mixed(widths, "sin relu gaussian tanh identity")
    grid = replace(pixel_grid(*SIZE), x=-1.0, y=0.5, stride=1 / 16)
    check(engine, Question(network, grid, answer="derivatives"))


@pytest.mark.parametrize(("activation", "scale"), [("tanh", 0.3), ("identity", 4.0)])
@pytest.mark.parametrize("width", [30, 70])
def test_deep_networks_are_kept_in_range_by_shrinking(width: int, activation: str, scale: float, engine: Any) -> None:
    asked = plain(scene(60, width, activation=activation, scale=scale / width**0.5, output_activation=activation))
    exact, field = truth(asked)[0][..., 3:], engine.field(asked)
    size = np.abs(exact).max()
    assert asked.shrink != 1.0
    assert not 1e-12 < size < 1e12
    assert 1e-10 < np.abs(field.data[..., 3:]).max() < 1e10
    assert np.abs(field.values[..., 3:] - exact).max() < 2e-5 * size


@pytest.mark.parametrize("width", [9, 70])
def test_several_taps_stand_side_by_side(width: int, engine: Any) -> None:
    asked = plain(scene(5, width), taps=TAPS)
    assert asked.channels == 3 * (3 + width + 2 + 1 + 3 + 2)
    check(engine, asked)
    for tap in TAPS:
        check(engine, replace(asked, taps=(tap,)))


def passes(engine: Any, asked: Question, monkeypatch: pytest.MonkeyPatch) -> int:
    """Count the layers that are multiplied for an answer, in draws or dispatches of a layer each."""
    drawn: list[object] = []
    with monkeypatch.context() as patch:
        if isinstance(engine, FragmentEngine):
            draw_it = engine._draw
            patch.setattr(engine, "_draw", lambda *given: (drawn.append(given), draw_it(*given)))
        else:
            ready = engine._ready
            patch.setattr(engine, "_ready", lambda *given: (drawn.append(given), ready(*given))[1])
        engine.field(asked)
    return len(drawn)


@pytest.mark.parametrize("answer", ["values", "derivatives"])
@pytest.mark.parametrize("is_deep", [False, True])
def test_several_taps_are_one_walk_through_the_layers(
    is_deep: bool, answer: Answer, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_scene = scene(9, 20, radius=1e-3 if is_deep else 2.6, center=CENTER)
    asked = perturbed(asked_scene, answer) if is_deep else plain(asked_scene, answer)
    for taps, count in (
        (tuple(Tap(k) for k in range(9)), 9),
        (tuple(Tap(k, (3, 5)) for k in (6, 2, 4)), 7),
        ((Tap(1), Tap(5, None, before=True)), 6),
        ((*TAPS, Tap(3, (1,), before=True)), 12),
    ):
        several = replace(asked, taps=taps)
        whole = engine.field(several)
        assert passes(engine, several, monkeypatch) == count
        lanes = 3 if answer == "derivatives" else 1
        apart = [engine.field(replace(asked, taps=(tap,))) for tap in taps]
        split = [np.split(each.values, lanes, -1) for each in apart]
        expected = np.concatenate([part[lane] for lane in range(lanes) for part in split], -1)
        np.testing.assert_allclose(whole.values, expected, rtol=0, atol=2e-5 * max(1.0, np.abs(expected).max()))
        assert (np.abs(whole.values - expected).max((0, 1)) <= 2e-4 * np.abs(expected).max((0, 1))).all()


def test_a_walk_takes_more_points_than_its_targets_hold(engine: Any) -> None:
    asked = plain(scene(3, 8), size=(150, 120), taps=(Tap(1), Tap()))
    assert asked.grid.points > 2 * 4096
    check(engine, asked)


@pytest.mark.parametrize("answer", ["derivatives", "pattern"])
@pytest.mark.parametrize("width", [9, 70])
def test_every_point_has_the_same_bits_in_any_tile(width: int, answer: Answer, engine: Any) -> None:
    asked = plain(scene(4, width, activation="relu", inputs="x,y,r"), answer, (61, 47))
    whole = engine.field(asked).values
    assert np.array_equal(whole, made_of(engine, asked, BOXES))
    assert np.array_equal(whole, answer_of(engine, asked))


def answer_of(engine: Any, asked: Question) -> Values:
    return answer(engine, asked, Pace(1e7)).values


def error(engine: Any, asked_scene: Scene, taps: tuple[Tap, ...] = OUTPUTS) -> float:
    """The largest error of a deep view's derivatives, as a part of what each tap's are at the most."""
    asked = replace(perturbed(asked_scene), taps=taps)
    exact, _ = truth(plain(asked_scene, taps=taps))
    field = engine.field(asked)
    assert np.isfinite(field.data).all()
    got, count = field.offset + field.scale * field.data.astype(np.float64), asked.channels // 3
    assert np.abs(got - exact)[..., :count].max() < 2e-5
    off, size = (np.abs(each)[..., count:].reshape(-1, 2, count).max((0, 1)) for each in (got - exact, exact))
    ends = np.cumsum([replace(asked, taps=(tap,)).channels // 3 for tap in taps])[:-1]
    of_taps = zip(np.split(off, ends), np.split(size, ends), strict=True)
    return max(float(most.max() / max(range_.max(), 5e-324)) for most, range_ in of_taps)


@EACH
@pytest.mark.parametrize("radius", [1.0, 1e-6, 1e-30, 1e-300])
def test_derivatives_are_true_at_any_depth(activation: str, radius: float, engine: Any) -> None:
    number = list(ACTIVATIONS).index(activation)
    more: dict[str, Any] = {"inputs": ("x,y", "x,r", "r,x,0.5")[number % 3], "center": CENTER, "radius": radius}
    for width in (5, 70):
        found = error(engine, scene(4, width, activation=activation, output_activation=activation, **more))
        assert found < 1e-4


@pytest.mark.parametrize("radius", [1.0, 1e-6, 1e-30])
def test_deep_views_of_deep_networks(radius: float, engine: Any) -> None:
    view: dict[str, Any] = {"radius": radius, "center": CENTER}
    assert error(engine, Scene(layers=1, **view)) < 1e-5
    assert error(engine, Scene(layers=18, **view)) < 1e-3
    assert error(engine, Scene(layers=60, scale=0.15, **view)) < 1e-4
    for width in (9, 70):
        assert error(engine, scene(5, width, **view), TAPS) < 1e-4
        for tap in TAPS:
            assert error(engine, scene(5, width, **view), (tap,)) < 1e-4


def clear(asked: Question) -> Values:
    """Where no pre-activation is so near 0 that float32 may have its sign wrong."""
    network = asked.network
    taps = [Tap(k, before=True) for k in range(network.layers)]
    given = fed(asked.radial, *points(asked))[0]
    exact, rough = forward(network, given, taps), forward(network, given.astype(np.float32), taps)
    sure = [(np.abs(z) > 8 * np.abs(z - other).max() + 1e-6).all(-1) for z, other in zip(exact, rough, strict=True)]
    return np.asarray(np.stack([sure[k] for k in counted(network)]).all(0))


def check_pattern(engine: Any, asked: Question) -> int:
    """Compare patterns where they are sure; tell how many there are."""
    expected, sure = pattern(asked.network, fed(asked.radial, *points(asked))[0]), clear(asked)
    field = engine.field(asked)
    assert field.data.shape == expected.shape
    assert field.data.dtype == np.float32
    assert sure.mean() > 0.8
    assert np.array_equal(field.values[sure], expected[sure])
    return len(np.unique(expected.reshape(-1, WORDS), axis=0))


@pytest.mark.parametrize("activation", PIECEWISE)
@pytest.mark.parametrize("width", WIDTHS)
def test_patterns_are_those_of_float64(width: int, activation: str, engine: Any) -> None:
    for layers, output in ((1, activation), (5, "sigmoid"), (4, activation)):
        asked = scene(layers, width, activation=activation, output_activation=output, inputs="x,y,r")
        found = check_pattern(engine, plain(asked, "pattern"))
        assert found > 1 or width == 1 or layers == 1


def test_patterns_of_mixed_networks(engine: Any) -> None:
    grid = replace(pixel_grid(*SIZE), x=-1.0, y=0.5, stride=1 / 16)
    for activations in ("sin relu abs tanh identity", "leaky_relu tanh sin sin relu", "tanh tanh abs tanh relu"):
        network = mixed((2, 7, 33, 1, 90, 6), activations)
        check_pattern(engine, Question(network, grid, answer="pattern"))


def test_a_network_without_pieces_is_one_piece(engine: Any) -> None:
    assert not engine.field(plain(Scene(layers=3), "pattern")).values.any()


@pytest.mark.parametrize("width", [9, 70])
@pytest.mark.parametrize("activation", PIECEWISE)
def test_patterns_beside_a_reference(activation: str, width: int, engine: Any) -> None:
    view: dict[str, Any] = {"center": CENTER, "activation": activation}
    for output in ("sigmoid", activation):
        asked_scene = scene(4, width, output_activation=output, **view)
        asked = plain(asked_scene, "pattern")
        expected, sure = pattern(asked.network, fed(asked.radial, *points(asked))[0]), clear(asked)
        got = engine.field(perturbed(asked_scene, "pattern")).values
        assert np.array_equal(got[sure], expected[sure])


@pytest.mark.parametrize("activation", PIECEWISE)
@pytest.mark.parametrize("width", [9, 70])
def test_a_kink_runs_through_the_deepest_view(width: int, activation: str, engine: Any) -> None:
    made = draw(scene(3, width, activation=activation))
    a, b, c = (Fraction(float(v)) for v in (*made.weights[0][:, 2], made.biases[0][2]))
    with localcontext() as context:  # where the third unit of the first layer is 0, to 80 digits
        context.prec = 80
        x = Decimal("0.25")
        top = -(c + a * Fraction(x)) / b
        center = (x, Decimal(top.numerator) / Decimal(top.denominator))
    asked_scene = scene(3, width, activation=activation, radius=1e-40, center=center)
    got = engine.field(perturbed(asked_scene, "pattern")).values.astype(np.int64)
    px, py = points(perturbed(asked_scene, "pattern"))
    side = float(a) * px + float(b) * py
    on, off = got[side > 1e-3], got[side < -1e-3]
    assert len(np.unique(on, axis=0)) == len(np.unique(off, axis=0)) == 1
    assert ((on[0] - off[0]) % 2**16 == unit_words(0, 3)[2]).all()


@pytest.mark.parametrize("width", [30, 70])
@EACH
def test_nothing_is_ever_nan_or_infinite(activation: str, width: int, engine: Any) -> None:
    wild = Scene(
        tied=False,
        layers=9,
        width=width,
        scale=1e6,
        radius=1e6,
        activation=activation,
        output_activation=activation,
        inputs="x,y,r",
    )
    asked = plain(wild, size=(13, 7))
    for factor in (asked.shrink, 1.0):
        assert np.isfinite(engine.field(replace(asked, shrink=factor)).data).all()
    assert np.isfinite(engine.field(perturbed(wild, size=(13, 7))).values).all()


@pytest.mark.parametrize(("answer", "counts"), [("derivatives", (1, 3)), ("pattern", (1, 4))])
def test_no_program_is_compiled_for_another_shrink_view_or_network(
    answer: Answer, counts: tuple[int, int], gl: Any
) -> None:
    changes: list[dict[str, Any]] = [{"seed": 7}, {"layers": 9}, {"radius": 1e-3}, {"tied": True}]
    for kind in (FragmentEngine, ComputeEngine) if gl.version_code >= ComputeEngine.needs else (FragmentEngine,):
        for width, count in zip((30, 70), counts, strict=True):
            engine: Any = kind(gl)
            first = scene(5, width, activation="relu")
            engine.field(plain(first, answer, (9, 5)))
            programs = dict(engine._programs)
            for number, change in enumerate(changes):
                engine.field(plain(replace(first, **change), answer, (9, 5), shrink=2.0**number))
                assert engine._programs == programs
            assert len(programs) <= count
            engine.release()


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "tall"])
def test_answers_do_not_depend_on_the_workgroups(shape: str, gl: Any) -> None:
    if gl.version_code < ComputeEngine.needs:
        pytest.skip("no compute shaders")
    engine = ComputeEngine(gl, SHAPES[shape])
    for width in (30, 130):
        asked = scene(3, width, activation="relu", inputs="x,y,r")
        check(engine, plain(asked))
        check_pattern(engine, plain(asked, "pattern"))
    engine.release()


def test_points_beyond_the_buffers_go_in_turns(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if gl.version_code < ComputeEngine.needs:
        pytest.skip("no compute shaders")
    whole, small = ComputeEngine(gl), ComputeEngine(gl, replace(SOFTWARE, activation_bytes=1 << 17))
    for answered in ("derivatives", "pattern"):
        for width in (9, 70):
            asked = plain(scene(3, width, activation="relu"), answered, (61, 47))
            expected = whole.field(asked).values
            with monkeypatch.context() as patch:
                patch.setattr("weightscape.engine.compute.FUSED_POINTS", 1000)
                assert np.array_equal(expected, small.field(asked).values)
    for each in (whole, small):
        each.release()


def test_workgroups_of_three_sheets_fit_what_every_driver_has() -> None:
    from test_compute import test_workgroups_fit_what_every_driver_has as fits

    for tiles in SHAPES.values():
        fits(sheeted(tiles))


def test_weights_in_a_texture_make_no_difference(gl: Any) -> None:
    engine, other = FragmentEngine(gl), in_texture(FragmentEngine(gl), 1)
    for width in (9, 70):
        for answered in ("derivatives", "pattern"):
            asked = plain(scene(4, width, activation="relu"), answered)
            assert np.array_equal(engine.field(asked).values, other.field(asked).values)
    for each in (engine, other):
        each.release()


def test_what_the_engines_cannot_do_they_refuse(engine: Any) -> None:
    asked = plain(Scene(layers=3))
    for wrong in ({"shrink": -0.3}, {"shrink": 0.0}, *([{"precision": "double"}] if engine.name == "fragment" else [])):
        with pytest.raises(EngineError):
            engine.field(replace(asked, **wrong))
    deep = perturbed(Scene(layers=3, radius=1e-3))
    assert deep.perturbation
    if engine.name == "fragment":  # the compute engine has doubles: tests/test_double_gpu.py
        with pytest.raises(EngineError):
            engine.field(replace(deep, perturbation=replace(deep.perturbation, wide=True)))
    for answered in ("derivatives", "pattern"):
        for width in (9, 70):
            with pytest.raises(Cancelled):
                engine.field(plain(scene(4, width, activation="relu"), answered, taps=(Tap(), Tap(1))), lambda: True)


def test_a_released_engine_gives_everything_back(gl: Any) -> None:
    for kind in (FragmentEngine, ComputeEngine) if gl.version_code >= ComputeEngine.needs else (FragmentEngine,):
        left = []
        for _ in range(2):  # the first may replace the program that others left in use
            engine: Any = kind(gl)
            for answered, width in product(("derivatives", "pattern"), (9, 70)):
                asked = plain(scene(3, width, activation="relu"), "derivatives", taps=(Tap(), Tap(0)))
                engine.field(replace(asked, answer=answered))
            engine.release()
            gc.collect()
            left.append(living(gl))
        assert left[0] == left[1]


# The same grid of z as the activations' own twins are tested on (test_activation.py), and that with kinks on it.
LOGARITHMIC = np.geomspace(1e-30, 9.9e23, 20_000)
GRID = np.concatenate([np.linspace(-10, 10, 60_001)[:-1], LOGARITHMIC, -LOGARITHMIC]).astype(np.float32)
# Largest relative error over GRID, in brackets what a software driver shows; the rest is for a division of 2.5 ulp,
# which GLSL allows. Then the absolute error that is added where a slope goes through 0, or of sines of large numbers.
ERRORS = {
    "identity": (0.0, 0.0),
    "tanh": (1.2e-6, 0.0),
    "sigmoid": (1.2e-6, 0.0),
    "relu": (0.0, 0.0),
    "leaky_relu": (4e-8, 0.0),
    "elu": (1.2e-7, 0.0),
    "softplus": (5e-7, 0.0),
    "gelu": (1e-6, 3e-7),
    "silu": (1.2e-6, 2e-7),
    "softsign": (1.2e-6, 0.0),
    "sin": (0.0, 1e-7),
    "cos": (0.0, 1e-7),
    "gaussian": (3.5e-7, 0.0),
    "abs": (0.0, 0.0),
    "triangle": (0.0, 0.0),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_glsl_slopes_are_those_of_the_derivatives(name: str, gl: Any) -> None:
    text = library("activation") + library("slope")
    check_slope(name, lambda z: evaluate(gl, f"slope_{name}", text, z.reshape(-1, 4)).ravel())


def check_slope(name: str, slope: Callable[[Array], Array]) -> None:
    """Compare slopes in GLSL, as a function of z, with the derivatives over GRID."""
    z = GRID[np.abs(GRID) < 1e4] if name in ("sin", "cos") else GRID
    z = z[: len(z) // 4 * 4]
    values = slope(z).astype(np.float64)
    assert np.isfinite(values).all()
    expected, (relative, absolute) = ACTIVATIONS[name].derivative(z.astype(np.float64)), ERRORS[name]
    excess = np.abs(values - expected) - relative * np.abs(expected)
    # 4e-37: numbers below the normal ones flushed to 0, times 2 z in gaussian.
    assert excess.max() <= absolute + 4e-37, f"at z = {z[excess.argmax()]}"


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "abs", "triangle", "elu"])
def test_glsl_slopes_take_the_same_side_at_kinks(name: str, gl: Any) -> None:
    z = np.array([0.0, 1.0, -1.0, 3.0, -5.0, 2.0, -2.0, 4.0, 7.0, 1e7, 33554434.0, 1e24], np.float32)
    values = evaluate(gl, f"slope_{name}", library("activation") + library("slope"), z.reshape(-1, 4)).ravel()
    np.testing.assert_allclose(values, ACTIVATIONS[name].derivative(z.astype(np.float64)), rtol=1e-7)


def test_every_activation_has_a_slope_and_one_beside_a_reference() -> None:
    assert set(ACTIVATIONS) == set(re.findall(r"^real4 slope_(\w+)\(real4 z\)", library("slope"), re.MULTILINE))
    named = re.findall(r"^(?:real4 |SLOPE_OF_SUM\()difference_slope_(\w+)", library("difference_slope"), re.MULTILINE)
    assert set(ACTIVATIONS) == set(named)


def test_glsl_words_are_those_of_the_model(gl: Any) -> None:
    places = [(layer, unit) for layer in (0, 1, 77, 255) for unit in (0, 1, 200, 511)]
    for half in (0, 2):
        text = library("pattern") + (
            "vec4 words(vec4 place) { uvec4 w = unit_words(int(place.x), int(place.y)); "
            f"return vec4(w[{half}], w[{half + 1}], 0.0, 0.0); }}"
        )
        inputs = np.array([[*place, 0, 0] for place in places], np.float32)
        found = evaluate(gl, "words", text, inputs)[:, :2]
        expected = [unit_words(layer, 512)[unit, half : half + 2] for layer, unit in places]
        assert np.array_equal(found, np.array(expected, np.float32))


def test_glsl_radial_slope_is_a_unit_vector_however_near_the_origin(gl: Any) -> None:
    lines = library("real") + library("input").replace('#include "lib/real.glsl"', "")
    lines = lines.replace("uniform real3 u_radial;", "vec3 u_radial = vec3(0.0, 0.0, 1.0);")
    text = f"#define DERIVATIVES\n{lines}" + "vec4 slope(vec4 z) { return vec4(radial_slope(z.xy), 0.0, 0.0); }"
    inputs = np.array([[3e-25, -4e-25, 0, 0], [3e20, 4e20, 0, 0], [0, 0, 0, 0], [-5.0, 0, 0, 0]], np.float32)
    found = evaluate(gl, "slope", text, inputs)[:, :2]
    np.testing.assert_allclose(found, [[0.6, -0.8], [0.6, 0.8], [0, 0], [-1, 0]], rtol=0, atol=2e-7)


@DIALECTS
def test_libraries_are_valid_in_every_dialect(version: str, tmp_path: Path) -> None:
    calls = "\n".join(
        f"    z += slope_{name}(z) + difference_slope_{name}(z, z, z, z, z, 4.0);" for name in ACTIVATIONS
    )
    counts = "    highp uvec4 w = words_of(unit_words(3, 5), z.x); z += vec4(w);"
    main = f"void main() {{\n    vec4 z = u_z;\n{calls}\n{counts}\n    out_color = z;\n}}\n"
    names = ("activation", "difference", "slope", "difference_slope", "pattern", "slope")
    body = f"uniform vec4 u_z;\nout vec4 out_color;\n{main}"
    # GLSL 3.30 knows no line continuation; the preprocessor of the house (gpu/source.py) takes them out.
    texts = [head(version), *(re.sub(r"\\\n\s*", "", library(name)) for name in names), body]
    shader = tmp_path / "slope.frag"
    shader.write_text("\n".join(texts), encoding="utf-8")
    validate(shader)


def kinds(answered: str) -> Iterator[dict[str, str | int]]:
    """What makes a shader answer otherwise, plain and beside a reference; names by %s."""
    counts = {"COUNT_HIDDEN": "true", "COUNT_OUTPUT": "false"} if answered == "pattern" else {}
    for more in ({}, {"PERTURBED": 1}, {"PERTURBED": 1, "CLAMPED": 1}):
        yield {answered.upper(): 1, **counts, **more}


def named(name: str, kind: dict[str, str | int]) -> dict[str, str | int]:
    first, slope = ("difference", "difference_slope") if "PERTURBED" in kind else ("activation", "slope")
    ends = {"ACTIVATION": f"{first}_{name}", "SLOPE": f"{slope}_{name}"}
    return {**kind, **ends, **{f"OUTPUT_{key}": value for key, value in ends.items()}}


@COMPILED
@pytest.mark.parametrize("answered", ["derivatives", "pattern"])
def test_every_variant_of_the_fragment_shaders_is_valid_glsl(answered: str, version: str, tmp_path: Path) -> None:
    files, lanes = [], 3 if answered == "derivatives" else 1
    for n, name in enumerate(ACTIVATIONS if answered == "derivatives" else PIECEWISE):
        for k, kind in enumerate(kinds(answered)):
            ends = {**named(name, kind), "INPUTS": 2 + n % 2, "PIXELS": 3, **repetitions(3, 2, lanes)}
            for file, shape in (("fused", {"VECTORS": 2}), ("layer", {"FIRST": 1}), ("layer", {"FIRST": 0})):
                files.append(tmp_path / f"{n}-{k}-{file}{shape.get('FIRST', '')}.frag")
                files[-1].write_text(source(f"{file}.frag", {**ends, **shape}, version).text)
    files.append(tmp_path / "sum.frag")
    files[-1].write_text(source("sum.frag", {"PIXELS": 4, **repetitions(4, 1)}, version).text)
    validate(*files)


@pytest.mark.parametrize("answered", ["derivatives", "pattern"])
def test_every_variant_of_the_compute_shaders_is_valid_glsl_430(
    answered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answered == "derivatives":
        monkeypatch.setattr("test_compute.SHAPES", {name: sheeted(tiles) for name, tiles in SHAPES.items()})
    files = []
    for n, (name, defines) in enumerate(variants()):
        if name == "output.comp" or defines.get("LAST"):
            continue
        for k, kind in enumerate(kinds(answered)):
            activation = str(defines["ACTIVATION"]).removeprefix("activation_")
            files.append(tmp_path / f"{n}-{k}-{name}")
            files[-1].write_text(source(name, {**defines, **named(activation, kind)}).text)
    validate(*files)


def test_a_shrink_is_motion_and_takes_itself_back(engine: Any) -> None:
    asked = plain(scene(5, 9))
    one, other = (engine.field(replace(asked, shrink=factor)) for factor in (1.0, 2.0**-7))
    assert np.array_equal(one.values, other.values)
    assert math.isclose(other.scale[-1], 2.0**35)
