"""Draw a shader as shadertoy.com does: mainImage() under its prologue, in OpenGL ES's dialect."""

from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.network.view import Size

VERSION = "#version 300 es\nprecision highp float;\nprecision highp int;\n"
VERTEX = "void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }\n"
PROLOGUE = """uniform vec3 iResolution;
uniform float iTime;
uniform vec4 iMouse;
uniform float iTimeDelta;
uniform int iFrame;
uniform vec4 iDate;
out vec4 shown;
"""
MAIN = "\nvoid main() { shown = vec4(1.0); mainImage(shown, gl_FragCoord.xy); shown.w = 1.0; }\n"

Mouse = tuple[float, float, float, float]


def drawn(
    ctx: Any, text: str, size: Size, time: float = 0.0, mouse: Mouse = (0.0, 0.0, 0.0, 0.0)
) -> npt.NDArray[np.uint8]:
    """Draw a picture, (height, width, 3), row 0 on top; the numbers are those of Shadertoy's iTime and iMouse."""
    program = ctx.program(vertex_shader=VERSION + VERTEX, fragment_shader=VERSION + PROLOGUE + text + MAIN)
    for name, value in {"iResolution": (*map(float, size), 1.0), "iTime": time, "iMouse": mouse}.items():
        if name in program:
            program[name] = value
    target = ctx.framebuffer([ctx.texture(size, 4)])
    with ctx.scope(target, enable_only=moderngl.NOTHING):
        ctx.vertex_array(program, []).render(vertices=3)
    pixels = np.frombuffer(target.read(components=3, alignment=1), np.uint8).reshape(size[1], size[0], 3)
    for each in (target, program):
        each.release()
    return pixels[::-1]
