"""Run one function of a GLSL library over an array, to compare it with its Python twin."""

import math
import re
from fractions import Fraction
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt
import pytest

from weightscape.gpu.source import _lines, opening

COLUMNS = 1024
VERTEX = """void main() {
    gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}
"""
FRAGMENT = """uniform sampler2D u_inputs;
out vec4 out_color;
LIBRARY
void main() {
    out_color = FUNCTION(texelFetch(u_inputs, ivec2(gl_FragCoord.xy), 0));
}
"""


# What fragment shaders are compiled as: 3.30, and 4.00 where a context takes it (gpu/source.py says why).
COMPILED = pytest.mark.parametrize("version", ["330 core", "400 core"])
# All that the libraries are to be valid in.
DIALECTS = pytest.mark.parametrize("version", ["330 core", "400 core", "430 core", "300 es"])


# A double in a shader's text: the digits before LF.
LONG_LITERAL = re.compile(r"(?<![\w.])((?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?)(?=LF\b)")


def cut_off(text: str) -> str:
    """Write doubles as a compiler takes them that cuts decimals off instead of rounding them."""

    def cut(match: re.Match[str]) -> str:
        number = float(match[0])
        return repr(math.nextafter(number, 0.0) if Fraction(number) > Fraction(match[0]) else number)

    return LONG_LITERAL.sub(cut, text)


def head(version: str) -> str:
    """Begin a shader of GLSL `version` as gpu/source.py does, or as a page for OpenGL ES would."""
    return "\n".join(opening(version)) + ("\nprecision highp float;\n" if version.endswith("es") else "\n")


def spoken(ctx: Any, version: str) -> None:
    """Skip the test where a context does not take GLSL `version`."""
    if ctx.version_code < int(version[:3]):
        pytest.skip(f"a context of OpenGL {ctx.version_code / 100} takes no GLSL {version}")


def library(*names: str, double: bool = False) -> str:
    """Return the text of shaders/lib/<name>.glsl for each name, with what they include, in one precision."""
    seen: set[str] = set()
    lines = [line for name in names for line, _ in _lines(f"lib/{name}.glsl", seen, ())]
    return "\n".join([*(["#define DOUBLE"] if double else []), *lines, ""])


def evaluate(
    ctx: Any, body_function_name: str, lib_source: str, inputs: npt.NDArray[np.float32], version: str = "330 core"
) -> npt.NDArray[np.float32]:
    """Run `vec4 body_function_name(vec4)` on every row of inputs: (n, 4) → (n, 4)."""
    spoken(ctx, version)
    rows = max(1, -(-len(inputs) // COLUMNS))
    padded = np.zeros((rows * COLUMNS, 4), np.float32)
    padded[: len(inputs)] = inputs
    fragment = FRAGMENT.replace("LIBRARY", lib_source).replace("FUNCTION", body_function_name)
    first = head(version)
    program = ctx.program(vertex_shader=first + VERTEX, fragment_shader=first + fragment)
    source = ctx.texture((COLUMNS, rows), 4, padded.tobytes(), dtype="f4")
    target = ctx.framebuffer([ctx.texture((COLUMNS, rows), 4, dtype="f4")])
    source.use(0)
    with ctx.scope(target, enable_only=moderngl.NOTHING):
        ctx.vertex_array(program, []).render(vertices=3)
    values = np.frombuffer(target.read(components=4, dtype="f4"), np.float32)
    return values.reshape(-1, 4)[: len(inputs)]
