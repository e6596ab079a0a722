"""Slopes, patterns' words and the radial input's slope in GLSL: as their twins in Python are."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glsl import DIALECTS, evaluate, head, library
from spirv import validate

from weightscape.network.activation import ACTIVATIONS, Array
from weightscape.network.pattern import unit_words

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
