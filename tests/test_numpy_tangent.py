"""The NumPy engine's derivatives and patterns of linear pieces against float64, at every depth, zoom and precision."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from weightscape.deep.difference import KINKED
from weightscape.deep.planner import perturb
from weightscape.deep.tangent import exponents, fed, scale, shrink, tangents, units
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.processor.numpy_tangent import STEEPEST, Slope, _differentiate
from weightscape.engine.question import Field, Question, Values, pixel_grid
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.input import fold
from weightscape.network.network import OUTPUTS, Network, Tap, forward
from weightscape.network.pattern import MODULUS, PIECEWISE, WORDS, pattern, unit_words
from weightscape.network.view import EXACT, View
from weightscape.picture.questions import question
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every third parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(3)

SIZE = (48, 32)
EACH = pytest.mark.parametrize("activation", ACTIVATIONS)
CENTER = (Decimal("0.31415926535897932384626433832795"), Decimal("-0.27182818284590452353602874713527"))
TAPS = (Tap(), Tap(1), Tap(0, (3, 1), True), Tap(2, (4,)), Tap(-1, (2, 2, 0), True))


@pytest.fixture(scope="module")
def engine() -> Iterator[NumpyEngine]:
    engine = NumpyEngine()
    yield engine
    engine.release()


def asked(scene: Scene, method: Any = "single", taps: Sequence[Tap] = OUTPUTS) -> Question:
    """Ask for derivatives."""
    made = replace(question(scene, SIZE, method), answer="derivatives", taps=tuple(taps))
    return replace(made, shrink=shrink(made.network, made.radial, *SIZE)) if made.perturbation is None else made


def coordinates(made: Question, dtype: Any = np.float64) -> tuple[Values, Values]:
    grid = made.grid
    x = grid.x + grid.stride * np.arange(grid.columns)
    y = grid.y - grid.stride * np.arange(grid.rows)
    x, y = np.meshgrid(x.astype(dtype), y.astype(dtype))
    return x, y


def truth(scene: Scene, taps: Sequence[Tap] = OUTPUTS) -> Values:
    """All channels of a scene's picture in float64, of the view itself: down to a radius of about 1e-13."""
    made = question(scene, SIZE, "double")
    found = tangents(made.network, *fed(made.radial, *coordinates(made)), taps)
    return channels([values for values, _ in found], [slopes for _, slopes in found])


def channels(values: Sequence[Values], slopes: Sequence[Values]) -> Values:
    both = np.concatenate(slopes, axis=-2)
    return np.concatenate([*values, both[..., 0], both[..., 1]], axis=-1)


def in_single(scene: Scene, taps: Sequence[Tap] = OUTPUTS) -> Values:
    """The same in float32, tangents shrunk as they go, written out plainly."""
    made = question(scene, SIZE)
    once = np.float32(shrink(made.network, made.radial, *SIZE))
    h, dh = (each.astype(np.float32) for each in fed(made.radial, *coordinates(made, np.float32)))
    kept = {}
    for k, (W, b, name) in enumerate(
        zip(made.network.weights, made.network.biases, made.network.activations, strict=True)
    ):
        z = h @ W.astype(np.float32) + b.astype(np.float32)
        dz = once * np.einsum("...id,io->...od", dh, W.astype(np.float32))
        h, dh = ACTIVATIONS[name].function(z), ACTIVATIONS[name].derivative(z)[..., None] * dz
        back = float(once) ** -(k + 1)
        kept[k, True], kept[k, False] = (z, back * dz.astype(np.float64)), (h, back * dh.astype(np.float64))
    found = [kept[tap.layer % made.network.layers, tap.before] for tap in taps]
    chosen = [slice(None) if tap.units is None else list(tap.units) for tap in taps]
    return channels(
        [values[..., some] for (values, _), some in zip(found, chosen, strict=True)],
        [slopes[..., some, :] for (_, slopes), some in zip(found, chosen, strict=True)],
    )


def clear(scene: Scene, distance: float) -> Values:
    """Tell which pixels are further than `distance` from every kink, in units of z."""
    made = question(scene, SIZE, "double")
    layers = [k for k, name in enumerate(made.network.activations) if name in KINKED and name != "identity"]
    is_clear = np.ones(SIZE[::-1], bool)
    every = [Tap(k, None, True) for k in layers]
    for k, z in zip(layers, forward(made.network, fed(made.radial, *coordinates(made))[0], every), strict=True):
        from_kink = z - 2 * np.floor(z / 2) - 1 if made.network.activations[k] == "triangle" else z
        is_clear &= (np.abs(from_kink) > distance).all(-1)
    return is_clear


def sizes(exact: Values, parts: int = 3) -> Values:
    """The largest value of each channel's part: values, derivatives by x, by y; derivatives share theirs."""
    each = [np.abs(part).max() for part in np.split(exact, parts, axis=-1)]
    whole = [each[0], *[max(each[1:])] * (parts - 1)]
    return np.repeat(whole, exact.shape[-1] // parts)


SCENES = [
    Scene(layers=5, width=17, tied=False, inputs="x,y", scale=0.4),
    Scene(layers=6, width=9, tied=True, inputs="r,x", center=(Decimal("0.4"), Decimal("-0.1")), angle=20.0),
]


@EACH
@pytest.mark.parametrize("scene", SCENES, ids=["independent", "r"])
def test_derivatives_in_both_precisions_are_true(activation: str, scene: Scene, engine: NumpyEngine) -> None:
    scene = replace(scene, activation=activation)
    exact, is_clear = truth(scene, TAPS), clear(scene, 1e-5)
    assert is_clear.mean() > 0.98
    double = engine.field(asked(scene, "double", TAPS))
    assert double.data.dtype == np.float64
    assert (np.abs(double.values - exact)[is_clear] <= 1e-9 * sizes(exact)).all()
    single = engine.field(asked(scene, "single", TAPS))
    assert single.data.dtype == np.float32
    tolerance = 8 * np.abs(in_single(scene, TAPS) - exact)[is_clear].max(axis=0) + 2e-6 * sizes(exact)
    assert (np.abs(single.values - exact)[is_clear] <= tolerance).all()


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize(
    ("activation", "rule", "factor"),
    [("tanh", "fixed", 0.2), ("sin", "fixed", 0.6), ("relu", "he", 1.5), ("leaky_relu", "he", 0.1)],
)
def test_tangents_of_100_layers_stay_in_range(
    tied: bool, activation: str, rule: str, factor: float, engine: NumpyEngine
) -> None:
    scene = Scene(
        layers=100,
        width=20,
        activation=activation,
        rule=rule,
        scale=factor,
        tied=tied,
        output_activation="identity",
        radius=0.5,
    )
    made = asked(scene)
    exact, field = truth(scene), engine.field(made)
    slopes = exact[..., 3:]
    assert 2.0**-60 < np.abs(field.data[..., 3:]).max() < 2.0**60
    error = np.abs(field.values[..., 3:] - slopes).max() / np.abs(slopes).max()
    assert error <= 8 * np.abs(in_single(scene)[..., 3:] - slopes).max() / np.abs(slopes).max() + 2e-6


def test_without_shrinking_they_would_not(engine: NumpyEngine) -> None:
    made = asked(Scene(layers=100, width=20, scale=0.12, output_activation="identity", radius=0.5))
    assert made.shrink > 1
    assert engine.field(made).data[..., 3:].any()
    assert not engine.field(replace(made, shrink=1.0)).data[..., 3:].any()


@pytest.mark.parametrize("method", ["single", "double", "perturbed", "wide"])
def test_values_beside_derivatives_have_the_bits_of_values_alone(method: str, engine: NumpyEngine) -> None:
    made = asked(Scene(layers=9, inputs="x,y,r", radius=0.3), method, (Tap(), Tap(4)))
    field, alone = engine.field(made), engine.field(replace(made, answer="values"))
    count = alone.data.shape[-1]
    assert field.data.shape[-1] == made.channels == 3 * count
    assert np.array_equal(field.data[..., :count], alone.data)
    assert np.array_equal(field.offset[:count], alone.offset)
    assert np.array_equal(field.scale[:count], alone.scale)
    assert not field.offset[count:].any()


@pytest.mark.parametrize("method", ["single", "perturbed"])
def test_derivatives_are_by_pixels_whatever_the_grid(method: str, engine: NumpyEngine) -> None:
    made = asked(Scene(layers=6, inputs="x,r"), method)
    whole = engine.field(made).values
    tile = engine.field(replace(made, grid=made.grid.tile(11, 7, 9, 5))).values
    coarse = engine.field(replace(made, grid=replace(made.grid, columns=24, rows=16, stride=2.0))).values
    np.testing.assert_allclose(tile, whole[7:12, 11:20], rtol=0, atol=2e-6 * np.abs(whole).max())
    np.testing.assert_allclose(coarse, whole[::2, ::2], rtol=0, atol=2e-6 * np.abs(whole).max())


@pytest.mark.parametrize("method", ["double", "wide"])
def test_beyond_the_clamp_derivatives_are_0(method: str, engine: NumpyEngine) -> None:
    network = Network(
        (np.array([[1e15, -1.0], [2e14, 0.5]]), np.array([[1e9, 1.0], [3e8, -2.0]])),
        (np.array([0.0, 0.25]), np.array([0.5, -1.0])),
        ("identity", "softsign"),
    )
    taps = (Tap(1, None, True), Tap(1))
    view = View((Decimal("0.0123"), Decimal(0)), 2.0)
    plain, _ = fold(network, ("x", "y"), 0.0, view, SIZE)
    made = Question(plain, pixel_grid(*SIZE), None, taps, "double", None, "derivatives")
    exact = tangents(plain, *fed(None, *coordinates(made)), taps)
    is_clamped = np.abs(exact[0][0]) >= PREACTIVATION_LIMIT
    assert 0.1 < is_clamped[..., 0].mean() < 0.9
    if method == "wide":
        moved, radial, plan = perturb(network, ("x", "y"), 0.0, view, SIZE, True)
        made = replace(made, network=moved, radial=radial, perturbation=plan, precision="perturbed")
    slopes = engine.field(made).values[..., 4:].reshape(*is_clamped.shape[:2], 2, 2, 2)
    for tap in range(2):
        expected = np.moveaxis(exact[tap][1], -1, -2)
        got = slopes[:, :, :, tap]
        assert not got[np.broadcast_to(is_clamped[:, :, None], got.shape)].any()
        np.testing.assert_allclose(got, expected, rtol=1e-6, atol=0)


def moved_truth(scene: Scene, taps: Sequence[Tap] = OUTPUTS) -> Values:
    """Derivatives at the centre over the radius, float64 (2 x units,): what a tiny picture has everywhere."""
    network, radial = fold(draw(scene), scene.inputs, scene.time, replace(scene.view, radius=1.0), SIZE)
    (zero,) = np.zeros((1, 1))
    found = tangents(network, *fed(radial, zero, zero), taps)
    return channels([values for values, _ in found], [slopes for _, slopes in found])[
        0, sum(values.shape[-1] for values, _ in found) :
    ]


@EACH
@pytest.mark.parametrize("radius", [1.0, 1e-6])
@pytest.mark.parametrize("inputs", ["x,y", "r,x"])
def test_derivatives_of_differences_are_true(activation: str, radius: float, inputs: str, engine: NumpyEngine) -> None:
    rule: dict[str, Any] = {"rule": "lecun", "tied": False} if inputs == "x,y" else {"scale": 0.5}
    scene = Scene(layers=8, width=12, activation=activation, radius=radius, center=CENTER, inputs=inputs, **rule)
    exact, is_clear = truth(scene, TAPS), clear(scene, 2e-5 * radius)
    assert is_clear.mean() > 0.95
    # The difference of gelu itself is no more exact.
    for method, tolerance in (("perturbed", 3e-5), ("wide", 1e-7 if activation == "gelu" else 1e-8)):
        field = engine.field(asked(scene, method, TAPS))
        error = np.abs(field.values - exact)[..., 10:][is_clear] / sizes(exact)[10:]
        assert error.max() <= tolerance, method


@EACH
@pytest.mark.parametrize(("radius", "inputs"), [(1e-30, "x,r"), (1e-200, "x,y")])
def test_derivatives_of_tiny_pictures_are_those_of_their_centre(
    activation: str, radius: float, inputs: str, engine: NumpyEngine
) -> None:
    scene = Scene(layers=10, width=14, activation=activation, radius=radius, center=CENTER, inputs=inputs, angle=33.0)
    exact = moved_truth(scene, TAPS) * radius
    for method, tolerance in (("perturbed", 3e-5), ("wide", 1e-10)):
        field = engine.field(asked(scene, method, TAPS))
        assert np.abs(field.values[..., -len(exact) :] - exact).max() <= tolerance * np.abs(exact).max()


@pytest.mark.parametrize("method", ["perturbed", "wide"])
def test_exponents_tell_of_derivatives_that_no_float64_holds(method: str, engine: NumpyEngine) -> None:
    scene = Scene(layers=100, scale=0.15, radius=1e-300, center=CENTER, output_activation="identity")
    made = asked(scene, method)
    field = engine.field(made)
    powers = exponents(made.network, made.radial, made.taps, made.shrink, made.perturbation)
    exact = moved_truth(scene)
    assert powers.max() < -1074
    assert not field.scale[3:].any()
    found = np.log(np.abs(field.data[..., 3:])) + np.tile(powers, 2) * np.log(2.0)
    np.testing.assert_allclose(found, np.broadcast_to(np.log(np.abs(exact)) + np.log(1e-300), found.shape), atol=1e-4)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "gaussian", "softplus", "sin", "abs"])
@pytest.mark.parametrize("factor", [2.0, 6.0])
def test_slopes_in_saturated_and_chaotic_layers_are_relatively_true(
    activation: str, factor: float, engine: NumpyEngine
) -> None:
    output = "identity" if activation in ("softplus", "abs") else "sigmoid"
    scene = Scene(
        layers=12,
        width=10,
        activation=activation,
        scale=factor,
        radius=1e-9,
        center=CENTER,
        seed=4,
        tied=False,
        output_activation=output,
    )
    exact = truth(scene)[..., 3:]
    field = engine.field(asked(scene, "perturbed"))
    assert np.abs(exact).max() > 0
    error = np.abs(field.values[..., 3:] - exact).max(axis=(0, 1)) / np.abs(exact).max(axis=(0, 1))
    assert error.max() <= 3e-3


@EACH
@pytest.mark.parametrize("radius", [1.0, 1e-60])
def test_derivatives_around_a_centre_on_all_kinks_and_extrema_at_once(
    activation: str, radius: float, engine: NumpyEngine
) -> None:
    """Without biases every unit stands at z = 0, so float64 itself is true at any zoom."""
    made = draw(Scene(layers=6, width=12, activation=activation, output_activation="identity", tied=False, scale=0.5))
    network = Network(made.weights, tuple(np.zeros_like(b) for b in made.biases), made.activations)
    view = View(radius=radius)
    plain, _ = fold(network, ("x", "y"), 0.0, view, SIZE)
    moved, radial, plan = perturb(network, ("x", "y"), 0.0, view, SIZE)
    asked = Question(moved, pixel_grid(*SIZE), radial, OUTPUTS, "perturbed", plan, "derivatives")
    ((_, slopes),) = tangents(plain, *fed(None, *coordinates(asked)))
    got = engine.field(asked).values[..., 3:].reshape(SIZE[1], SIZE[0], 2, 3)
    error = np.abs(np.moveaxis(got, -1, -2) - slopes).max(axis=(-1, -2)) / np.abs(slopes).max()
    # A pixel may stand on a kink but for rounding.
    assert np.quantile(error, 0.995) <= 3e-5


def test_units_keep_tangents_of_a_deep_view_near_1(engine: NumpyEngine) -> None:
    for factor in (0.2, 0.7, 2.0):
        made = asked(
            Scene(layers=60, scale=factor, radius=1e-40, center=CENTER),
            "perturbed",
            [Tap(k, None) for k in range(0, 60, 7)],
        )
        data = engine.field(made).data[..., made.channels // 3 :]
        assert 1e-3 < np.abs(data).max() < 1e3
        known = units(made.network, made.radial, made.shrink, made.perturbation)
        assert known.before[1:] == known.after[:-1]


def test_scales_are_powers_of_two_that_float64_holds() -> None:
    network, _ = fold(draw(Scene(layers=256, width=3)), ("x", "y"), 0.0, View(), SIZE)
    powers = exponents(network, None, (Tap(0, (1,)), Tap(3, (0, 2), True), Tap()), 2.0**-3)
    assert powers.tolist() == [3, 12, 12, 768, 768, 768]
    assert scale(powers).tolist() == [8.0, 4096.0, 4096.0, *[2.0**500] * 3]
    assert not scale(exponents(network, None, OUTPUTS, 2.0**8)).any()
    assert units(network, None, 2.0**-0.5).factors[:5] == (0, -1, 0, -1, 0)
    assert exponents(network, None, OUTPUTS, 2.0**-0.5).tolist() == [128] * 3


def extremes(activation: str) -> list[Scene]:
    table = [(1e6, 1e12, "1e12"), (1e6, 1e-300, "0.1"), (30.0, 1.0, "0"), (1e-3, 1e3, "77"), (3.0, 1e-9, "-3")]
    return [
        Scene(
            activation=activation,
            layers=12,
            width=9,
            scale=factor,
            radius=radius,
            center=(center, "0.3"),
            output_activation="tanh",
            inputs="r,x",
            seed=7,
        )
        for factor, radius, center in table
    ]


@EACH
def test_no_derivative_is_ever_nan_or_infinite(activation: str, engine: NumpyEngine) -> None:
    for scene in extremes(activation):
        for method in ("single", "double", "perturbed", "wide"):
            made = asked(scene, method, (Tap(), Tap(5, None, True), Tap(0)))
            for once in {made.shrink, 1.0, 2.0**60, 2.0**-60} if made.perturbation is None else {1.0}:
                field: Field = engine.field(replace(made, shrink=once))
                assert np.isfinite(field.data).all()
                assert np.isfinite(field.values).all()
            if activation in PIECEWISE:
                check_words(engine.field(replace(made, answer="pattern")))


def check_words(field: Field) -> None:
    assert field.data.shape[-1] == WORDS
    assert (field.data == field.values).all()
    assert (field.data == np.rint(field.data)).all()
    assert field.data.min() >= 0
    assert field.data.max() < MODULUS


@pytest.mark.parametrize("activation", PIECEWISE)
@pytest.mark.parametrize("method", ["single", "double", "perturbed", "wide"])
@pytest.mark.parametrize(("layers", "width"), [(2, 300), (3, 512), (12, 20)])
def test_patterns_are_the_models(activation: str, method: Any, layers: int, width: int, engine: NumpyEngine) -> None:
    scene = Scene(
        layers=layers,
        width=width,
        activation=activation,
        rule="he",
        tied=False,
        center=CENTER,
        output_activation="abs",
        radius=0.5,
    )
    plain = question(scene, SIZE, "double")
    expected = pattern(plain.network, fed(plain.radial, *coordinates(plain))[0])
    is_clear = clear(scene, 2e-5 if method in ("single", "perturbed") else 1e-12)
    assert is_clear.mean() > 0.5
    field = engine.field(replace(question(scene, SIZE, method), answer="pattern", taps=(Tap(0),)))
    check_words(field)
    assert np.array_equal(field.data[is_clear], expected[is_clear])
    assert len(np.unique(field.data.reshape(-1, WORDS), axis=0)) > 100


@pytest.mark.parametrize("inputs", ["x,y", "x,y,r"])
@pytest.mark.parametrize("radius", [1e-2, 1e-3])
def test_patterns_of_deep_views_are_the_models(radius: float, inputs: str, engine: NumpyEngine) -> None:
    scene = Scene(
        layers=20,
        width=100,
        activation="relu",
        rule="he",
        tied=False,
        center=CENTER,
        inputs=inputs,
        output_activation="identity",
        radius=radius,
    )
    plain = question(scene, SIZE, "double")
    expected = pattern(plain.network, fed(plain.radial, *coordinates(plain))[0])
    is_clear = clear(scene, 1e-5 * radius)
    field = engine.field(replace(question(scene, SIZE, "perturbed"), answer="pattern"))
    assert np.array_equal(field.data[is_clear], expected[is_clear])
    assert len(np.unique(field.data.reshape(-1, WORDS), axis=0)) > 1


@pytest.mark.parametrize("activation", PIECEWISE)
@pytest.mark.parametrize("method", ["perturbed", "wide"])
@pytest.mark.parametrize("radius", ["1e-12", "1e-100"])
def test_kink_lines_of_a_deep_view_lie_where_fractions_say(
    activation: str, method: str, radius: str, engine: NumpyEngine
) -> None:
    """The lines pass through the centre, or a part of the radius beside it, or far away."""
    W = np.array([[1.0, 0.75, -0.5, 2.0, 1.0], [-0.5, 1.0, 1.5, -1.0, 1.0]])
    beside = (EXACT.multiply(Decimal(part), Decimal(radius)) for part in ("0.3", "-0.21"))
    x0, y0 = (EXACT.add(Decimal(c), part) for c, part in zip(("0.25", "0.5"), beside, strict=True))
    b = -np.array([0.25, 0.5]) @ W + np.array([0.0, 0.0, 0.0, 0.0, 0.375])  # exact
    network = Network((W, np.ones((5, 1))), (b, np.zeros(1)), (activation, "identity"))
    moved, _, plan = perturb(network, ("x", "y"), 0.0, View((x0, y0), float(radius)), SIZE, method == "wide")
    asked = Question(moved, pixel_grid(*SIZE), None, OUTPUTS, "perturbed", plan, "pattern")
    step, words = 2 * Fraction(float(radius)) / min(SIZE), unit_words(0, 5).astype(int)
    expected = np.zeros((SIZE[1], SIZE[0], WORDS), int)
    for row, column in np.ndindex(SIZE[1], SIZE[0]):
        x = Fraction(x0) + step * Fraction(asked.grid.x + column)
        y = Fraction(y0) + step * Fraction(asked.grid.y - row)
        z = [Fraction(u) * x + Fraction(v) * y + Fraction(c) for (u, v), c in zip(W.T, b, strict=True)]
        expected[row, column] = words[[each > 0 for each in z]].sum(axis=0) % MODULUS
    found = engine.field(asked).data
    assert len(np.unique(expected.reshape(-1, WORDS), axis=0)) == 6
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("method", ["single", "double"])
def test_the_words_of_512_units_that_are_all_on_add_up_exactly(method: Any, engine: NumpyEngine) -> None:
    layers = 5
    network = Network(
        (np.zeros((2, 512)), *[np.zeros((512, 512))] * (layers - 1)), (np.ones(512),) * layers, ("relu",) * layers
    )
    sums = np.stack([unit_words(k, 512).astype(int).sum(axis=0) for k in range(layers)])
    assert (sums % 2)[sums > 2**24].any()  # which float32 cannot tell
    found = engine.field(Question(network, pixel_grid(5, 3), None, OUTPUTS, method, None, "pattern"))
    assert (found.data == sums.sum(axis=0) % MODULUS).all()


@pytest.mark.parametrize("activation", PIECEWISE)
@pytest.mark.parametrize("wide", [False, True])
def test_units_whose_reference_is_clamped_switch_where_they_should(
    activation: str, wide: bool, engine: NumpyEngine
) -> None:
    network = Network((np.array([[1e24, -3e24], [2e23, 1e20]]),), (np.array([5.1e23, 2e23]),), (activation,))
    view = View((Decimal(3), Decimal("0.1")), 5.0)
    plain, _ = fold(network, ("x", "y"), 0.0, view, SIZE)
    moved, _, plan = perturb(network, ("x", "y"), 0.0, view, SIZE, wide)
    asked = Question(moved, pixel_grid(*SIZE), None, OUTPUTS, "perturbed", plan, "pattern")
    expected = pattern(plain, fed(None, *coordinates(asked))[0])
    assert plan.orbit.over[0].all()
    assert len(np.unique(expected.reshape(-1, WORDS), axis=0)) > 2
    assert np.array_equal(engine.field(asked).data, expected)


def test_a_slope_far_above_what_the_probes_saw_is_held() -> None:
    def steep(z: Values, slope: Values, scratch: Values) -> None:
        slope[...] = 2.0**100

    z, slope, scratch = np.ones((3, 1, 2, 4), np.float32)
    _differentiate(Slope(steep, 2.0**80, 2.0**180, None), z, slope, scratch)
    assert (slope == STEEPEST).all()


def test_a_network_of_no_pieces_has_one_pattern(engine: NumpyEngine) -> None:
    found = engine.field(replace(question(Scene(layers=4), SIZE), answer="pattern"))
    assert not found.data.any()
