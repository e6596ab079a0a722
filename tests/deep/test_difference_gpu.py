"""The differences in GLSL against ball arithmetic and against their Python twins, function by function."""

import re
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest
from glsl import COMPILED, DIALECTS, head, library, spoken
from spirv import validate
from test_difference import HUGE, TOLERANCE, deltas, difference, references, worst_of

from weightscape.deep.difference import Array, columns, reference_floats, triangle
from weightscape.deep.orbit import nearest_kink
from weightscape.network.activation import ACTIVATIONS

EACH = pytest.mark.parametrize("name", ACTIVATIONS)
# Divisions of llvmpipe are exact to half an ulp; GLSL allows 2.5.
GPU_TOLERANCE = {name: 1.5 * most + 1e-7 for name, most in TOLERANCE.items()}
FRAGMENT = """uniform sampler2D u_floats;  // f0 .. f3 of a reference in each of its columns
uniform sampler2D u_deltas;
uniform float u_period;
out vec4 out_color;
LIBRARY
void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 f = texelFetch(u_floats, ivec2(at.y, 0), 0);
    vec4 d = texelFetch(u_deltas, at, 0);
    out_color = FUNCTION(d, vec4(f.x), vec4(f.y), vec4(f.z), vec4(f.w), u_period);
}
"""
VERTEX = "void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }\n"


def on_gpu(gl: Any, function: str, floats: Array, d: Array, period: float = 4.0, version: str = "330 core") -> Array:
    """Run a difference for floats (4, references) and d (references, deltas), float32."""
    spoken(gl, version)
    count, columns = d.shape
    padded = np.zeros((count, -(-columns // 4) * 4), np.float32)
    padded[:, :columns] = d
    fragment = FRAGMENT.replace("LIBRARY", library("difference")).replace("FUNCTION", function)
    program = gl.program(vertex_shader=head(version) + VERTEX, fragment_shader=head(version) + fragment)
    size = padded.shape[1] // 4, count
    textures = (
        gl.texture((count, 1), 4, floats.T.astype(np.float32).tobytes(), dtype="f4"),
        gl.texture(size, 4, padded.tobytes(), dtype="f4"),
    )
    for unit, (name, texture) in enumerate(zip(("u_floats", "u_deltas"), textures, strict=True)):
        texture.use(unit)
        if name in program:
            program[name] = unit
    if "u_period" in program:
        program["u_period"] = period
    target = gl.framebuffer([gl.texture(size, 4, dtype="f4")])
    with gl.scope(target, enable_only=moderngl.NOTHING):
        gl.vertex_array(program, []).render(vertices=3)
    return np.frombuffer(target.read(components=4, dtype="f4"), np.float32).reshape(padded.shape)[:, :columns]


def floats_of(name: str, z: Array) -> Array:
    kink = z - nearest_kink(z) if name == "triangle" else z
    return reference_floats(name, (z, np.zeros_like(z)), kink, np.float32)


@COMPILED
@EACH
def test_a_difference_in_glsl_is_exact_however_small(name: str, gl: Any, version: str) -> None:
    z = references()
    d = np.stack([deltas(each) for each in z])
    got = on_gpu(gl, f"difference_{name}", floats_of(name, z), d, version=version)
    worst = worst_of(name, got)
    assert worst[0] <= GPU_TOLERANCE[name], worst


TWIN_Z = np.concatenate([np.linspace(-9.03, 9.05, 61), np.arange(-6.0, 7.0)])
TWIN_D = np.tile(np.concatenate([np.linspace(-7, 7, 57), 10.0 ** np.arange(-30, -1), [0.0]]), (len(TWIN_Z), 1))


def check_twin(name: str, got: Array, part: float = 1.0) -> None:
    """Compare differences of TWIN_Z and TWIN_D with Python's; `part` is that of a float32's error."""
    expected = difference(name, TWIN_Z, TWIN_D.astype(np.float32).astype(got.dtype))
    np.testing.assert_allclose(got, expected, rtol=5e-6 * part, atol=2e-6 * part)
    tiny = np.abs(TWIN_D) < 1e-8
    np.testing.assert_allclose(got[tiny], expected[tiny], rtol=2e-6 * part, atol=1e-13 * part)
    assert not got[:, -1].any()


@EACH
def test_a_difference_in_glsl_is_its_twin(name: str, gl: Any) -> None:
    check_twin(name, on_gpu(gl, f"difference_{name}", floats_of(name, TWIN_Z), TWIN_D))


HUGE_Z = np.concatenate([references(), HUGE, -HUGE])
HUGE_D = np.tile(np.concatenate([HUGE, -HUGE]), (len(HUGE_Z), 1)).astype(np.float32)


@EACH
def test_no_difference_in_glsl_is_ever_nan_or_infinite(name: str, gl: Any) -> None:
    check_bounded(name, on_gpu(gl, f"difference_{name}", floats_of(name, HUGE_Z), HUGE_D))


def check_bounded(name: str, got: Array) -> None:
    """Hold differences of HUGE_Z and HUGE_D within the range of the function."""
    assert np.isfinite(got).all()
    bound = ACTIVATIONS[name].bound
    assert np.abs(got).max() <= (2.1e24 if bound is None else 2.01 * bound)


@EACH
def test_units_of_padding_stay_0(name: str, gl: Any) -> None:
    assert not on_gpu(gl, f"difference_{name}", np.zeros((4, 1)), np.zeros((1, 8))).any()


@pytest.mark.parametrize("exponent", [-40, -100, -997])
def test_the_triangle_knows_any_period(exponent: int, gl: Any) -> None:
    z = np.array([0.3, 1.0, -1.0, 1.0 + 2.0**-41, -3.0])
    kink = z - nearest_kink(z)
    floats = reference_floats("triangle", (z, np.zeros_like(z)), kink, np.float32, exponent)
    period = np.ldexp(1.0, min(2 - exponent, 124))
    d = np.tile(np.concatenate([np.linspace(-3, 3, 61), [1e20, -1e20]]), (len(z), 1)).astype(np.float32)
    expected = triangle(d.copy(), columns(floats, np.float32), np.empty_like(d), np.inf, period)
    np.testing.assert_allclose(on_gpu(gl, "difference_triangle", floats, d, period), expected, rtol=1e-6)


def test_sums_keep_their_order_on_this_driver(gl: Any) -> None:
    # h = 1 and r = 2^-40 of a relu that is off: at d = h no more than r is left, whichever sum comes first.
    floats = np.array([[-1.0], [2.0**-40], [0.0], [0.0]])
    d = np.array([[1.0, 1.0 + 2.0**-23, 1.0 - 2.0**-24]])
    got = on_gpu(gl, "difference_relu", floats, d)
    np.testing.assert_array_equal(got, np.array([[2.0**-40, 2.0**-23 + 2.0**-40, 0.0]], np.float32))


def test_every_activation_has_a_difference_in_glsl() -> None:
    found = re.findall(r"^real4 difference_(\w+)\(", library("difference"), re.MULTILINE)
    assert set(found) == set(ACTIVATIONS)


@DIALECTS
def test_the_library_is_valid_in_every_dialect(version: str, tmp_path: Path) -> None:
    calls = "\n".join(f"    z += difference_{name}(z, z, z, z, z, 4.0);" for name in ACTIVATIONS)
    main = f"out vec4 out_color;\nvoid main() {{\n    vec4 z = u_z;\n{calls}\n    out_color = z;\n}}\n"
    shader = tmp_path / "difference.frag"
    shader.write_text("\n".join([head(version), library("difference"), "uniform vec4 u_z;", main]), encoding="utf-8")
    validate(shader)
