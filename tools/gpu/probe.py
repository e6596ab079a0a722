"""Ask a driver for faults that have been seen: float literals cut off, abs of a dvec4 that goes straight to memory.

    python tools/gpu/probe.py

docs/shaders.md, section 9, tells how our shaders keep clear of them.
"""

import numpy as np
import numpy.typing as npt

from weightscape.gpu.context import standalone

LITERALS = """
    0.1 0.7 0.693359375 2.12194440e-4 1.44269504 3.33333333e-1 0.2 1.42857143e-1 1.570796 0.99 1e-10 16777217.0
    0.30000001192092896 0.6931471805599453 1.1920928955078125e-07
"""
# Ways to write |z| of a dvec4 z.
ABSOLUTES = {
    "abs": "abs(z)",
    "max": "max(z, -z)",
    "mix": "mix(z, -z, lessThan(z, dvec4(0.0)))",
    "abs + 0": "abs(z) + dvec4(0.0)",
    "components": "dvec4(abs(z.x), abs(z.y), abs(z.z), abs(z.w))",
}
HEAD = "#version 430 core\nlayout(local_size_x = 1) in;\nlayout(std430, binding = 0) buffer O {{ {kind} o[]; }};\n"

ctx = standalone()


def ran(kind: str, body: str, data: npt.NDArray[np.generic], groups: int) -> npt.NDArray[np.generic]:
    """Run a body of main() over a buffer of vectors of a kind, and read the buffer back."""
    buffer = ctx.buffer(data)
    shader = ctx.compute_shader(HEAD.format(kind=kind) + f"void main() {{ {body} }}")
    buffer.bind_to_storage_buffer(0)
    shader.run(groups)
    ctx.finish()
    return np.frombuffer(buffer.read(), data.dtype)


def literals() -> list[str]:
    """List the literals that the driver does not take for the nearest float."""
    texts = LITERALS.split()
    body = " ".join(f"o[{n}] = {text};" for n, text in enumerate(texts))
    got = ran("float", body, np.zeros(len(texts), np.float32), 1)
    return [text for text, each in zip(texts, got, strict=True) if each != np.float32(text)]


def wrong(way: str) -> int:
    """Count the numbers whose absolute value is wrong when it is written like this."""
    z = np.concatenate([-np.geomspace(1e-300, 700, 500), np.linspace(-700, 700, 500)])
    body = f"uint i = gl_GlobalInvocationID.x; dvec4 z = o[i]; o[i] = {way};"
    return int(np.count_nonzero(ran("dvec4", body, z, len(z) // 4) != np.abs(z)))


print(ctx.info["GL_RENDERER"], ctx.info["GL_VERSION"], sep=", ")
print(f"float literals not rounded, of {len(LITERALS.split())}:", *literals() or ["none"])
for name, way in ABSOLUTES.items():
    print(f"|z| of a dvec4 by {name}: {wrong(way)} of 1000 wrong")
