"""Run one function of a GLSL library over an array, to compare it with its Python twin."""

from importlib.resources import files
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

COLUMNS = 1024
VERTEX = """#version 330 core
void main() {
    gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}
"""
FRAGMENT = """#version 330 core
uniform sampler2D u_inputs;
out vec4 out_color;
LIBRARY
void main() {
    out_color = FUNCTION(texelFetch(u_inputs, ivec2(gl_FragCoord.xy), 0));
}
"""


def library(name: str) -> str:
    """Return the text of shaders/lib/<name>.glsl."""
    return (files("weightscape.shaders.lib") / f"{name}.glsl").read_text(encoding="utf-8")


def evaluate(
    ctx: Any, body_function_name: str, lib_source: str, inputs: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Run `vec4 body_function_name(vec4)` on every row of inputs: (n, 4) → (n, 4)."""
    rows = max(1, -(-len(inputs) // COLUMNS))
    padded = np.zeros((rows * COLUMNS, 4), np.float32)
    padded[: len(inputs)] = inputs
    fragment = FRAGMENT.replace("LIBRARY", lib_source).replace("FUNCTION", body_function_name)
    program = ctx.program(vertex_shader=VERTEX, fragment_shader=fragment)
    source = ctx.texture((COLUMNS, rows), 4, padded.tobytes(), dtype="f4")
    target = ctx.framebuffer([ctx.texture((COLUMNS, rows), 4, dtype="f4")])
    source.use(0)
    with ctx.scope(target, enable_only=moderngl.NOTHING):
        ctx.vertex_array(program, []).render(vertices=3)
    values = np.frombuffer(target.read(components=4, dtype="f4"), np.float32)
    return values.reshape(-1, 4)[: len(inputs)]
