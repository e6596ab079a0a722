"""Activations and slopes in doubles: their functions in GLSL are NumPy's to float64's last digits."""

from collections.abc import Callable
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt
import pytest
from glsl import cut_off, head, library

from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT, Array

# How a compiler reads decimals: some round them to the nearest double, some cut them off.
READ = pytest.mark.parametrize("read", [str, cut_off], ids=["rounded", "cut-off"])
ANGLES = ("sin", "cos")  # absolute errors: their zeros are nowhere exact
MAIN = """
layout(local_size_x = 32) in;
layout(std430, binding = 0) buffer Values { dvec4 values[]; };
void main() { uint n = gl_GlobalInvocationID.x; values[n] = FUNCTION(values[n]); }
"""


def evaluated(
    ctx: moderngl.Context, name: str, z: npt.NDArray[np.float64], read: Callable[[str], str]
) -> npt.NDArray[np.float64]:
    """Run `dvec4 name(dvec4)` of the libraries over an array, their numbers read in some way."""
    text = read(library("activation", "slope", double=True)) + MAIN.replace("FUNCTION", name)
    shader = ctx.compute_shader(head("430 core") + text)
    padded = np.zeros(-(-z.size // 128) * 128)
    padded[: z.size] = z
    buffer = ctx.buffer(padded)
    buffer.bind_to_storage_buffer(0)
    shader.run(padded.size // 128)
    found = np.frombuffer(buffer.read(), np.float64)[: z.size]
    buffer.release()
    shader.release()
    return found


def both_signs(positive: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.concatenate([-positive, positive])


NEAR = np.concatenate([*(np.linspace(-a, a, 8001) for a in (40, 700)), both_signs(np.geomspace(1e-300, 700, 9000))])
FAR = both_signs(np.geomspace(700, PREACTIVATION_LIMIT, 9000))


@READ
@pytest.mark.parametrize("kind", ["activation", "slope"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_function_in_double(name: str, kind: str, read: Callable[[str], str], gl: Any) -> None:
    check_double(name, kind, lambda z: evaluated(gl, f"{kind}_{name}", z, read))


def check_double(name: str, kind: str, function: Callable[[Array], Array]) -> None:
    """Compare an activation or slope in GLSL with NumPy's over NEAR and FAR."""
    made = ACTIVATIONS[name]
    exact = {z is NEAR: (made.function if kind == "activation" else made.derivative)(z) for z in (NEAR, FAR)}
    found = {z is NEAR: function(z) for z in (NEAR, FAR)}
    large = np.abs(exact[True]) > 1e-300
    error = np.abs(found[True] - exact[True])
    crosses = name in ANGLES or (kind == "slope" and name in ("gelu", "silu"))  # 0 at numbers no float is
    bound = 1e-15 if crosses else 1e-15 * np.abs(exact[True])
    assert (error <= bound)[large].all()
    assert (error[~large] < 1e-300).all()
    assert (np.abs(found[False] - exact[False]) <= 1e-14 * np.maximum(np.abs(exact[False]), crosses) + 1e-300).all()
    assert np.isfinite(found[False]).all()


LIMITS = (1e5, 2.0**28, 2.0**29, 1e9, 1e16, 1e24)


@pytest.mark.parametrize("limit", LIMITS)
@READ
@pytest.mark.parametrize("name", ANGLES)
def test_angles_of_any_size(name: str, limit: float, read: Callable[[str], str], gl: Any) -> None:
    check_angles(name, limit, lambda z: evaluated(gl, f"activation_{name}", z, read))


def check_angles(name: str, limit: float, function: Callable[[Array], Array]) -> None:
    """Compare a sine in GLSL with NumPy's at 20,000 angles up to a limit."""
    z = np.random.default_rng(3).uniform(-limit, limit, 20_000)
    assert np.abs(function(z) - ACTIVATIONS[name].function(z)).max() < 4e-15
