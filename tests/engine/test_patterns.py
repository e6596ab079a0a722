"""Every engine's patterns of linear pieces are the model's, plain and beside a reference."""

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from specimen import mixed, scene
from suite import ALL, DEEP, EVERY, PLAIN, SIZE, answered, asked, check_pattern, coordinates, inputs

from weightscape.deep.accuracy import Method
from weightscape.engine.question import Engine, Question, pixel_grid
from weightscape.network.network import OUTPUTS, Network, Tap
from weightscape.network.pattern import MODULUS, PIECEWISE, WORDS, pattern, unit_words
from weightscape.network.view import EXACT
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every seventh parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(7)

CENTER = (Decimal("0.31415926535897932384626433832795"), Decimal("-0.27182818284590452353602874713527"))
EACH = pytest.mark.parametrize("activation", PIECEWISE)


@EACH
@pytest.mark.parametrize("width", [1, 4, 5, 30, 70])
@PLAIN
def test_networks_of_every_width(engine: Engine, method: Method, width: int, activation: str) -> None:
    for layers, output in ((1, activation), (5, "sigmoid"), (4, activation)):
        made = scene(layers, width, activation=activation, output_activation=output, inputs="x,y,r")
        assert check_pattern(engine, asked(made, method, "pattern")) > 1 or width == 1 or layers == 1


@EACH
@pytest.mark.parametrize(("layers", "width"), [(2, 300), (3, 512), (12, 20), (4, 9), (4, 70)])
@ALL
def test_many_pieces(engine: Engine, method: Method, layers: int, width: int, activation: str) -> None:
    more: dict[str, Any] = {"rule": "he", "tied": False, "center": CENTER, "radius": 0.5, "output_activation": "abs"}
    made = Scene(layers=layers, width=width, activation=activation, **more)
    distance = {"single": 0.0, "double": 1e-12, "perturbed": 2e-5, "wide": 1e-12}[method]
    plain = asked(made, "double" if method in ("double", "wide") else "single", "pattern", (48, 32))
    question = asked(made, method, "pattern", (48, 32), (Tap(0),))
    assert check_pattern(engine, question, plain, distance) > 50


@pytest.mark.parametrize("names", ["x,y", "x,y,r"])
@pytest.mark.parametrize("radius", [1e-2, 1e-3])
@DEEP
def test_deep_views(engine: Engine, method: Method, radius: float, names: str) -> None:
    more: dict[str, Any] = {"rule": "he", "tied": False, "center": CENTER, "output_activation": "identity"}
    made = Scene(layers=20, width=76, activation="relu", inputs=names, radius=radius, **more)
    plain = asked(made, "double", "pattern")
    assert check_pattern(engine, asked(made, method, "pattern"), plain, 1e-5 * radius) > 1


@pytest.mark.parametrize(
    "activations", ["sin relu abs tanh identity", "leaky_relu tanh sin sin relu", "tanh tanh abs tanh relu"]
)
@PLAIN
@pytest.mark.spread(2)
def test_networks_of_mixed_widths(engine: Engine, method: Method, activations: str) -> None:
    made = mixed((2, 7, 33, 1, 90, 6), activations)
    check_pattern(engine, asked(Scene(radius=0.4), method, "pattern", made=made))


@ALL
@pytest.mark.spread(1)
def test_a_network_of_no_pieces_has_one_pattern(engine: Engine, method: Method) -> None:
    assert not answered(engine, asked(Scene(layers=4), method, "pattern")).values.any()


@EACH
@pytest.mark.parametrize("radius", ["1e-12", "1e-100"])
@DEEP
def test_kink_lines_of_a_deep_view_lie_where_fractions_say(
    engine: Engine, method: Method, radius: str, activation: str
) -> None:
    """The lines pass through the centre, or a part of the radius beside it, or far away."""
    W = np.array([[1.0, 0.75, -0.5, 2.0, 1.0], [-0.5, 1.0, 1.5, -1.0, 1.0]])
    beside = (EXACT.multiply(Decimal(part), Decimal(radius)) for part in ("0.3", "-0.21"))
    x0, y0 = (EXACT.add(Decimal(c), part) for c, part in zip(("0.25", "0.5"), beside, strict=True))
    b = -np.array([0.25, 0.5]) @ W + np.array([0.0, 0.0, 0.0, 0.0, 0.375])  # exact
    network = Network((W, np.ones((5, 1))), (b, np.zeros(1)), (activation, "identity"))
    question = asked(Scene(center=(x0, y0), radius=float(radius)), method, "pattern", made=network)
    step, words = 2 * Fraction(float(radius)) / min(SIZE), unit_words(0, 5).astype(int)
    expected = np.zeros((SIZE[1], SIZE[0], WORDS), int)
    for row, column in np.ndindex(SIZE[1], SIZE[0]):
        x = Fraction(x0) + step * Fraction(question.grid.x + column)
        y = Fraction(y0) + step * Fraction(question.grid.y - row)
        z = [Fraction(u) * x + Fraction(v) * y + Fraction(c) for (u, v), c in zip(W.T, b, strict=True)]
        expected[row, column] = words[[each > 0 for each in z]].sum(axis=0) % MODULUS
    assert len(np.unique(expected.reshape(-1, WORDS), axis=0)) == 6
    assert np.array_equal(engine.field(question).data, expected)


@EACH
@pytest.mark.parametrize("width", [9, 70])
@DEEP
def test_a_kink_runs_through_the_deepest_view(engine: Engine, method: Method, width: int, activation: str) -> None:
    made = draw(scene(3, width, activation=activation))
    a, b, c = (Fraction(float(v)) for v in (*made.weights[0][:, 2], made.biases[0][2]))
    with localcontext() as context:  # where the third unit of the first layer is 0, to 80 digits
        context.prec = 80
        x = Decimal("0.25")
        top = -(c + a * Fraction(x)) / b
        center = (x, Decimal(top.numerator) / Decimal(top.denominator))
    question = asked(scene(3, width, activation=activation, radius=1e-40, center=center), method, "pattern")
    got = engine.field(question).values.astype(np.int64)
    px, py = coordinates(question)
    side = float(a) * px + float(b) * py
    on, off = got[side > 1e-3], got[side < -1e-3]
    assert len(np.unique(on, axis=0)) == len(np.unique(off, axis=0)) == 1
    assert ((on[0] - off[0]) % MODULUS == unit_words(0, 3)[2]).all()


@EACH
@DEEP
@pytest.mark.spread(2)
def test_units_whose_reference_is_clamped_switch_where_they_should(
    engine: Engine, method: Method, activation: str
) -> None:
    network = Network((np.array([[1e24, -3e24], [2e23, 1e20]]),), (np.array([5.1e23, 2e23]),), (activation,))
    view = Scene(center=("3", "0.1"), radius=5.0)
    plain, question = (asked(view, each, "pattern", made=network) for each in ("double", method))
    expected = pattern(plain.network, inputs(plain)[0])
    assert question.perturbation
    assert question.perturbation.orbit.over[0].all()
    assert len(np.unique(expected.reshape(-1, WORDS), axis=0)) > 2
    assert np.array_equal(engine.field(question).data, expected)


@EVERY
def test_the_words_of_512_units_that_are_all_on_add_up_exactly(engine: Engine) -> None:
    layers = 5
    weights = (np.zeros((2, 512)), *[np.zeros((512, 512))] * (layers - 1))
    network = Network(weights, (np.ones(512),) * layers, ("relu",) * layers)
    sums = np.stack([unit_words(k, 512).astype(int).sum(axis=0) for k in range(layers)])
    assert (sums % 2)[sums > 2**24].any()  # which float32 cannot tell
    question = Question(network, pixel_grid(5, 3), None, OUTPUTS, "single", None, "pattern")
    for method in ("single", "double"):
        if method in engine.methods:
            found = engine.field(replace(question, precision=method))
            assert (found.data == sums.sum(axis=0) % MODULUS).all()
