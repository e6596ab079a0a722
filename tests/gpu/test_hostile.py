"""Our functions in GLSL under a hostile compiler (tests/tool/hostile.py): as accurate as tests ask of them on a GPU.

What must hold where: `last`, `fused` and `second` in every dialect, as compilers do all of that; `merged` from GLSL
4.00 on, where EXACT forbids it. Doubles are never compiled as less.
"""

import re
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glsl import library
from hostile import Arithmetic, Array
from interpreter import StraightLine, is_precise, run
from spirv import preprocessed
from test_activation import INPUTS, RELATIVE, SINES, angles, check_relative, check_sine
from test_difference import deltas, floats_of, part_of_float32, references, worst_of
from test_difference_gpu import GPU_TOLERANCE, HUGE_D, HUGE_Z, TWIN_D, TWIN_Z, check_bounded, check_twin
from test_double_gpu import ANGLES, LIMITS, check_angles, check_double
from test_tangent_gpu import check_slope

from weightscape.gpu.source import opening
from weightscape.network.activation import ACTIVATIONS

KINDS = {"activation": 1, "slope": 1, "difference": 6, "difference_slope": 6}
FUNCTIONS = [f"{kind}_{name}" for kind in KINDS for name in ACTIVATIONS]
SHADER = """
layout(local_size_x = 1) in;
layout(std430, binding = 0) buffer Values { REAL given[6]; REAL found[COUNT]; };
LIBRARY
void main() { CALLS }
"""
GIVEN = ("given[0]", "given[0], given[1], given[2], given[3], given[4], given[5].x")
EVERYWHERE = ((), ("last",), ("fused",), ("second",), ("last", "fused"))
SINCE_400 = (*EVERYWHERE, ("merged",), ("last", "fused", "merged"))
SINGLE = [("330 core", rules) for rules in EVERYWHERE] + [("400 core", rules) for rules in SINCE_400]
DOUBLE = [("430 core", rules) for rules in SINCE_400]


# What stands after EXACT: whoever takes it out has to say so here.
EXACT = {
    "": {
        ("exp_parts", "r"),
        ("expm1_falling", "sum"),
        ("reduced", "r"),
        ("bounded_exp_minus", "sum"),
        ("log1p_any", "m"),
        ("log1p_any", "sum"),
    },
    "64": {
        ("exp_parts", "r"),
        ("expm1_falling", "sum"),
        ("reduced", "high"),
        ("reduced", "rest"),
        ("reduced", "middle"),
        ("reduced", "low"),
        ("reduced", "tail"),
        ("reduced", "r"),
        ("bounded_exp_minus", "sum"),
        ("log1p_any", "m"),
        ("log1p_any", "sum"),
    },
}
# The fewest sums that each rule finds to change in all functions of a precision where EXACT is empty.
CHANGED = {
    "": {"last": 20, "fused": 1000, "second": 1000, "merged": 40},
    "64": {"last": 200, "fused": 2000, "second": 2000, "merged": 80},
}
# A sum for each rule, one for none, and the first three as EXACT leaves them.
SMALL = """
void main() {
    vec4 x = given[0], y = given[1], z = given[2], s = given[3];
    found[0] = x * y + (x - 1.0);
    found[1] = x * y - z * s;
    found[2] = (x - y * 1.57) + y * 0.00079;
    found[3] = x * y + mix(x - 1.0, vec4(0.0), equal(x, vec4(2.0)));
    EXACT vec4 a = x * y + (x - 1.0), b = x * y - z * s, c = (x - y * 1.57) + y * 0.00079;
    found[4] = a; found[5] = b; found[6] = c;
}
"""


def named(cases: list[tuple[str, tuple[str, ...]]]) -> Any:
    ids = [f"{version[:3]}-{'-'.join(rules) or 'plain'}" for version, rules in cases]
    sets = pytest.mark.parametrize(("version", "rules"), cases, ids=ids)
    # Every fifth by default, of every function and all rules: five shares no factor with how many cases there are.
    return lambda test: pytest.mark.spread(5)(sets(test))


EACH = pytest.mark.parametrize("name", ACTIVATIONS)


def shader(version: str, bits: str = "") -> str:
    """Write all functions into one shader, EXACT as `version` has it, the rest as 4.30: before, no buffers were."""
    text = library("difference_slope", double=bool(bits))
    calls = (f"found[{n}] = {each}({GIVEN[each.startswith('difference')]});" for n, each in enumerate(FUNCTIONS))
    made = SHADER.replace("REAL", "dvec4" if bits else "vec4").replace("COUNT", str(len(FUNCTIONS)))
    made = made.replace("LIBRARY", text).replace("CALLS", "\n".join(calls))
    return "\n".join([opening("430 core")[0], opening(version)[1], made])


@cache
def compiled(version: str, bits: str = "") -> StraightLine:
    return StraightLine(shader(version, bits))


def hostile(version: str, rules: tuple[str, ...], function: str, *given: Array, bits: str = "") -> Array:
    """Compute a function at any number of points as a compiler that takes `rules` would make it."""
    size = given[0].size
    padded = [np.resize(each.ravel(), -(-size // 4) * 4) for each in given]
    return run(compiled(version, bits), FUNCTIONS.index(function), padded, Arithmetic(rules))[:size]


def hostile_difference(
    version: str, rules: tuple[str, ...], function: str, z: Array, d: Array, bits: str = ""
) -> Array:
    """Compute a difference or its slope for references z and d (references, deltas)."""
    name = function.removeprefix("difference_").removeprefix("slope_")
    floats = floats_of(name, z, d.dtype)
    given = [d, *(np.repeat(each, d.shape[1]) for each in floats), np.full(d.shape, 4, d.dtype)]
    return hostile(version, rules, function, *given, bits=bits).reshape(d.shape)


@named(SINGLE)
@pytest.mark.parametrize("name", RELATIVE)
def test_activations(name: str, version: str, rules: tuple[str, ...]) -> None:
    check_relative(name, hostile(version, rules, f"activation_{name}", INPUTS).astype(np.float64))


@named(SINGLE)
@pytest.mark.parametrize("name", ANGLES)
def test_sines(name: str, version: str, rules: tuple[str, ...]) -> None:
    for radius, tolerance in SINES:
        z = angles(radius)
        check_sine(name, z, hostile(version, rules, f"activation_{name}", z).astype(np.float64), tolerance)


@named(SINGLE)
@EACH
def test_slopes(name: str, version: str, rules: tuple[str, ...]) -> None:
    check_slope(name, partial(hostile, version, rules, f"slope_{name}"))


@named(SINGLE)
@EACH
def test_differences(name: str, version: str, rules: tuple[str, ...]) -> None:
    z = references()
    d = np.stack([deltas(each) for each in z])
    worst = worst_of(name, hostile_difference(version, rules, f"difference_{name}", z, d))
    assert worst[0] <= GPU_TOLERANCE[name], worst
    check_twin(name, hostile_difference(version, rules, f"difference_{name}", TWIN_Z, TWIN_D.astype(np.float32)))


@named(SINGLE)
@EACH
def test_differences_have_bounds(name: str, version: str, rules: tuple[str, ...]) -> None:
    check_bounded(name, hostile_difference(version, rules, f"difference_{name}", HUGE_Z, HUGE_D))
    of_padding = [np.zeros(4, np.float32)] * 5
    assert not hostile(version, rules, f"difference_{name}", *of_padding, np.full(4, 4, np.float32)).any()


SLOPE_Z = np.linspace(-6.03, 6.05, 301)
SLOPE_D = np.linspace(-3.01, 3.02, 40)[None].repeat(len(SLOPE_Z), 0).astype(np.float32)


@named(SINGLE)
@EACH
def test_slopes_beside_a_reference(name: str, version: str, rules: tuple[str, ...]) -> None:
    got = hostile_difference(version, rules, f"difference_slope_{name}", SLOPE_Z, SLOPE_D)
    np.testing.assert_allclose(got, ACTIVATIONS[name].derivative(SLOPE_Z[:, None] + SLOPE_D), rtol=0, atol=3e-6)


@named(DOUBLE)
@EACH
@pytest.mark.parametrize("kind", ["activation", "slope"])
def test_functions_in_double(kind: str, name: str, version: str, rules: tuple[str, ...]) -> None:
    check_double(name, kind, partial(hostile, version, rules, f"{kind}_{name}", bits="64"))


@named(DOUBLE)
@pytest.mark.parametrize("name", ANGLES)
def test_angles_in_double(name: str, version: str, rules: tuple[str, ...]) -> None:
    for limit in LIMITS:
        check_angles(name, limit, partial(hostile, version, rules, f"activation_{name}", bits="64"))


@named(DOUBLE)
@EACH
def test_differences_in_double(name: str, version: str, rules: tuple[str, ...]) -> None:
    z = references()
    d = np.stack([deltas(each) for each in z]).astype(np.float64)
    worst = worst_of(name, hostile_difference(version, rules, f"difference_{name}", z, d, bits="64"))
    assert worst[0] <= GPU_TOLERANCE[name] * part_of_float32(name, np.float64), worst
    D = TWIN_D.astype(np.float32).astype(np.float64)
    check_twin(name, hostile_difference(version, rules, f"difference_{name}", TWIN_Z, D, bits="64"), 2.0**-28)


@named(DOUBLE)
@EACH
def test_slopes_beside_a_reference_in_double(name: str, version: str, rules: tuple[str, ...]) -> None:
    d = SLOPE_D.astype(np.float64)
    got = hostile_difference(version, rules, f"difference_slope_{name}", SLOPE_Z, d, bits="64")
    np.testing.assert_allclose(got, ACTIVATIONS[name].derivative(SLOPE_Z[:, None] + d), rtol=0, atol=3e-6 * 2.0**-28)


@pytest.mark.parametrize("version", ["330 core", "400 core"])
def test_rules_change_what_they_say_and_nothing_that_is_precise(version: str) -> None:
    text = SHADER.replace("REAL", "vec4").replace("COUNT", "7").partition("LIBRARY")[0] + SMALL
    code = StraightLine("\n".join([opening("430 core")[0], opening(version)[1], text]))
    f = np.float32
    x, y, z, s = given = np.random.default_rng(2).uniform(0.5, 1.5, (4, 64)).astype(f)
    exactly = [x.astype(float) * y, z.astype(float) * s]
    plain = [x * y + (x - f(1)), x * y - z * s, (x - y * f(1.57)) + y * f(0.00079), x * y + (x - f(1))]
    changed = {
        "last": (0, (x * y + x) - f(1)),
        "fused": (1, (exactly[0] - z * s).astype(f)),
        "second": (1, (x * y - exactly[1]).astype(f)),
        "merged": (2, x + y * (f(0.00079) - f(1.57))),
    }
    for rule, (place, expected) in changed.items():
        arithmetic = Arithmetic([rule])
        got = [run(code, n, given, arithmetic) for n in range(7)]
        assert (expected != plain[place]).any()
        assert np.array_equal(got[place], expected)
        assert arithmetic.changed[rule] >= 1
        kept = plain[:3] if version == "400 core" else got[:3]
        assert np.array_equal(got[4:], kept)
    assert np.array_equal([run(code, n, given, Arithmetic()) for n in range(7)], [*plain, *plain[:3]])
    for rule in ("last", "merged"):
        assert np.array_equal(run(code, 3, given, Arithmetic([rule])), plain[3])


@pytest.mark.parametrize("bits", CHANGED)
def test_rules_find_sums_to_change_in_our_shaders(bits: str) -> None:
    given = [np.linspace(0.1, 0.9, 8).astype(np.float64 if bits else np.float32)] * 6
    for rule, least in CHANGED[bits].items():
        arithmetic = Arithmetic([rule])
        for n in range(len(FUNCTIONS)):
            run(compiled("330 core", bits), n, given, arithmetic)
        assert arithmetic.changed[rule] >= least


@pytest.mark.parametrize("bits", EXACT)
def test_what_is_exact_is_precise(bits: str, tmp_path: Path) -> None:
    text = shader("430 core", bits)
    (tmp_path / "all.comp").write_text(text, encoding="utf-8")
    seen = preprocessed(tmp_path / "all.comp")
    functions = [part.partition("(") for part in re.split(r"^ *d?vec4 (?=\w+\()", seen, flags=re.MULTILINE)]
    assert EXACT[bits] == {
        (name, variable) for name, _, body in functions for variable in re.findall(r"precise \w+ (\w+) =", body)
    }
    held = is_precise(text)
    assert [each for each in EXACT[bits] if not held[each]] == []
    assert not any(is_precise(shader("330 core", bits)).values())
