"""The activation functions against their definitions, and their GLSL twins against them."""

import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glsl import COMPILED, DIALECTS, evaluate, head, library
from spirv import validate

from weightscape.network import activation
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT, Array

QUARTER_TURNS = [n * math.pi / 2 for n in (1, 2, 3, 29)]
MAGNITUDES = [1e-300, 1e-20, 1e-8, 0.5, 1, *QUARTER_TURNS, 2, 5, 13, 37, 44.4, 88.8, 700, 1e4, 1e12, 1e24]
SPICY = np.array([0.0, -0.0, *MAGNITUDES, *(-m for m in MAGNITUDES)])
SPICY32 = SPICY[np.abs(SPICY) != 1e-300].astype(np.float32)


@pytest.fixture(autouse=True)
def no_silent_float_errors() -> Iterator[None]:
    with np.errstate(all="raise", under="ignore"):
        yield


def gaussian(z: float, half: int = 1) -> float:
    exact = Fraction(z) ** 2 / half
    return math.exp(-float(exact)) * (1 - float(exact - Fraction(float(exact))))


def gelu(z: float) -> float:
    if z > 0:
        return z + gelu(-z)
    x = -z / math.sqrt(2)
    tail = math.erfc(x)  # of the rounded x: the exact exponent repairs it
    return 0.5 * z * tail * math.exp(float(Fraction(x) ** 2 - Fraction(z) ** 2 / 2)) if tail else 0.0


def triangle(z: float) -> float:
    u = Fraction(z) % 4
    return float(u if u <= 1 else 2 - u if u <= 3 else u - 4)


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > -700 else math.exp(z)


DEFINITIONS: dict[str, Callable[[float], float]] = {
    "identity": lambda z: z,
    "tanh": math.tanh,
    "sigmoid": sigmoid,
    "relu": lambda z: max(0.0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "softplus": lambda z: z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z)),
    "gelu": gelu,
    "silu": lambda z: z * sigmoid(z),
    "softsign": lambda z: z / (1 + abs(z)),
    "sin": math.sin,
    "cos": math.cos,
    "gaussian": gaussian,
    "abs": abs,
    "triangle": triangle,
}

EACH = pytest.mark.parametrize("name", ACTIVATIONS)
BOTH = pytest.mark.parametrize("spicy", [SPICY, SPICY32], ids=["float64", "float32"])


def test_every_activation_has_a_definition_here_and_a_twin_in_glsl() -> None:
    assert list(DEFINITIONS) == list(ACTIVATIONS)
    assert [a.name for a in ACTIVATIONS.values()] == list(ACTIVATIONS)
    text = library("activation")
    assert list(ACTIVATIONS) == re.findall(r"^real4 activation_(\w+)\(real4 z\)", text, re.MULTILINE)
    assert "real4 clamp_preactivation(real4 z)" in text


@EACH
def test_function_is_its_definition(name: str) -> None:
    expected = [DEFINITIONS[name](float(z)) for z in SPICY]
    np.testing.assert_allclose(ACTIVATIONS[name].function(SPICY), expected, rtol=2e-15, atol=1e-300)


@EACH
def test_float32_stays_float32_and_relatively_accurate(name: str) -> None:
    single = ACTIVATIONS[name].function(SPICY32)
    assert single.dtype == np.float32
    # 4e-7: the largest found over 80,000 inputs, in the left tail of gelu.
    expected = ACTIVATIONS[name].function(SPICY32.astype(np.float64))
    np.testing.assert_allclose(single.astype(np.float64), expected, rtol=4e-7, atol=1e-30)


@EACH
@BOTH
def test_inplace_overwrites_and_function_does_not(name: str, spicy: Array) -> None:
    kept, strided = spicy.copy(), np.repeat(spicy, 2)[::2]
    with np.errstate(all="raise"):
        expected = ACTIVATIONS[name].function(spicy)
    np.testing.assert_array_equal(spicy, kept)
    assert ACTIVATIONS[name].inplace(strided) is strided
    np.testing.assert_array_equal(strided, expected)


@EACH
@BOTH
def test_bound_is_the_supremum(name: str, spicy: Array) -> None:
    values, bound = np.abs(ACTIVATIONS[name].function(spicy)), ACTIVATIONS[name].bound
    if bound is None:
        assert values.max() > 1e23
    else:
        assert 0.999 * bound < values.max() <= bound


@EACH
def test_derivative_is_that_of_central_differences(name: str) -> None:
    f, step = ACTIVATIONS[name].function, 1e-5
    z = np.linspace(-8, 8, 1601) + 0.00123  # no step across a kink
    slope = (f(z + step) - f(z - step)) / (2 * step)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(z), slope, rtol=0, atol=1e-9)


@EACH
@BOTH
def test_derivative_is_finite_and_keeps_its_type(name: str, spicy: Array) -> None:
    with np.errstate(all="raise"):
        slope = ACTIVATIONS[name].derivative(spicy)
    assert slope.dtype == spicy.dtype
    assert np.isfinite(slope).all()
    assert np.abs(slope).max() <= 1.2  # the largest: gelu, 1.13


@pytest.mark.parametrize(
    ("name", "kink", "expected"),
    [("relu", 0, 0), ("leaky_relu", 0, 0.01), ("abs", 0, 0), ("triangle", 1, 0), ("triangle", -5, 0), ("elu", 0, 1)],
)
def test_derivative_at_a_kink_is_the_stated_one(name: str, kink: float, expected: float) -> None:
    assert ACTIVATIONS[name].derivative(np.array([float(kink)])) == expected


@EACH
def test_numpy_expression_is_the_function(name: str) -> None:
    z = np.concatenate([np.linspace(-30, 30, 2001), SPICY])
    values = eval(ACTIVATIONS[name].numpy, {"np": np, "math": math}, {"z": z})
    np.testing.assert_allclose(values, ACTIVATIONS[name].function(z), rtol=1e-14, atol=3e-15)


def test_erf_is_that_of_the_math_module() -> None:
    x = np.concatenate([np.linspace(-7, 7, 10001), SPICY])
    expected = np.array([math.erf(v) for v in x])
    np.testing.assert_allclose(activation.erf(x), expected, rtol=1e-15, atol=0)


def test_gelu_keeps_its_left_tail() -> None:
    z = np.linspace(-36, 0, 5001)
    np.testing.assert_allclose(ACTIVATIONS["gelu"].function(z), [gelu(float(v)) for v in z], rtol=2e-15, atol=0)


def test_preactivations_are_clamped_in_place() -> None:
    z = np.array([-np.inf, -1e30, 0.5, 1e25], np.float32)
    assert activation.clamp_preactivation(z) is z
    np.testing.assert_array_equal(z, np.array([-1e24, -1e24, 0.5, 1e24], np.float32))


LOGARITHMIC = np.geomspace(1e-30, PREACTIVATION_LIMIT, 20_000)
INPUTS = np.concatenate([np.linspace(-10, 10, 60_000), LOGARITHMIC, -LOGARITHMIC]).astype(np.float32)

# Largest relative error over INPUTS. In brackets what a software driver shows; the rest is for a division of
# 2.5 ulp (3e-7), which GLSL allows.
RELATIVE = {
    "identity": 0.0,
    "tanh": 6e-7,  # (3.0e-7)
    "sigmoid": 5e-7,  # (1.7e-7)
    "relu": 0.0,
    "leaky_relu": 9e-8,  # (8.1e-8, of which 2e-8 are the float 0.01)
    "elu": 9e-8,  # (7.7e-8) no division
    "softplus": 5e-7,  # (2.0e-7)
    "gelu": 7.5e-7,  # (4.2e-7)
    "silu": 5e-7,  # (2.0e-7)
    "softsign": 4.5e-7,  # (1.2e-7)
    "gaussian": 2.2e-7,  # (2.0e-7) no division
    "abs": 0.0,
    "triangle": 0.0,
}


def on_gpu(gl: Any, name: str, inputs: Array, version: str = "330 core") -> Array:
    values = evaluate(gl, name, library("activation"), inputs.astype(np.float32).reshape(-1, 4), version)
    assert np.isfinite(values).all()
    return values.ravel().astype(np.float64)


@COMPILED
@pytest.mark.parametrize("name", RELATIVE)
def test_glsl_twin_is_relatively_accurate(gl: Any, name: str, version: str) -> None:
    check_relative(name, on_gpu(gl, f"activation_{name}", INPUTS, version))


def check_relative(name: str, values: Array) -> None:
    """Compare the twin's values at INPUTS with the function."""
    expected = ACTIVATIONS[name].function(INPUTS.astype(float))
    excess = np.abs(values - expected) - RELATIVE[name] * np.abs(expected)
    # 2e-36: numbers below 1e-38 flushed to 0, times |z| in silu.
    assert excess.max() <= 2e-36, f"at z = {INPUTS[excess.argmax()]}"


# Largest absolute error of sines up to a radius. (9.0e-8, 9.1e-8, 9.6e-7, 0.031)
SINES = [(1e3, 1e-7), (1e4, 1e-7), (1e5, 1.2e-6), (1e6, 0.04), (1e24, 2)]


def angles(radius: float) -> Array:
    inputs = np.concatenate([INPUTS[np.abs(INPUTS) <= radius], np.linspace(-radius, radius, 40_000)])
    return np.resize(inputs.astype(np.float32), 120_000)


def check_sine(name: str, inputs: Array, values: Array, tolerance: float) -> None:
    assert np.abs(values).max() <= 1
    assert np.abs(values - ACTIVATIONS[name].function(inputs.astype(float))).max() <= tolerance


@COMPILED
@pytest.mark.parametrize("name", ["sin", "cos"])
@pytest.mark.parametrize(("radius", "tolerance"), SINES)
def test_glsl_sine_is_absolutely_accurate(gl: Any, name: str, radius: float, tolerance: float, version: str) -> None:
    inputs = angles(radius)
    check_sine(name, inputs, on_gpu(gl, f"activation_{name}", inputs, version), tolerance)


def test_glsl_sine_is_relatively_accurate_near_zero(gl: Any) -> None:
    inputs = INPUTS[np.abs(INPUTS) <= 1.5]
    inputs = inputs[: len(inputs) // 4 * 4]
    values, expected = on_gpu(gl, "activation_sin", inputs), np.sin(inputs.astype(float))
    np.testing.assert_allclose(values, expected, rtol=1.3e-7, atol=0)  # (1.1e-7)


def test_glsl_clamps_preactivations(gl: Any) -> None:
    inputs = np.array([-np.inf, -1e30, 0.5, 1e25], np.float32)
    expected = activation.clamp_preactivation(inputs.copy())
    np.testing.assert_array_equal(on_gpu(gl, "clamp_preactivation", inputs), expected)


@DIALECTS
def test_library_is_valid_in_every_dialect(version: str, tmp_path: Path) -> None:
    calls = "\n".join(f"    z += activation_{name}(clamp_preactivation(z));" for name in ACTIVATIONS)
    main = f"void main() {{\n    vec4 z = u_z;\n{calls}\n    out_color = z;\n}}\n"
    body = f"uniform vec4 u_z;\nout vec4 out_color;\n{main}"
    shader = tmp_path / "activation.frag"
    shader.write_text("\n".join([head(version), library("activation"), library("activation"), body]), encoding="utf-8")
    validate(shader)
