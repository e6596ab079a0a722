"""Compiled steps: every formula against its twin in NumPy, on every kind of processor whose code runs here."""

import ctypes
import os
import re
from collections.abc import Callable
from functools import cache

import llvmlite.binding as llvm
import numpy as np
import numpy.typing as npt
import pytest
from processor import MACHINES

from weightscape.engine.jit.activation import ACTIVATIONS as FORMULAS
from weightscape.engine.jit.catalogue import ALONE, OF, symbol, text
from weightscape.engine.jit.code import Real
from weightscape.engine.jit.difference_step import NEAR
from weightscape.engine.jit.formula import HALF_PI, LN2, TANH_P, TANH_Q, TWO_OVER_PI, parts
from weightscape.engine.jit.library import Library
from weightscape.engine.jit.machine import described
from weightscape.engine.jit.step import JOB, ROW
from weightscape.engine.jit.walk import Memory
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT

Numbers = npt.NDArray[np.floating]
REALS: tuple[Real, ...] = ("float", "double")
DTYPES: dict[Real, type[np.floating]] = {"float": np.float32, "double": np.float64}
# How many units in the last place a formula is off at the most, of floats and of doubles: measured with a million
# numbers each (WEIGHTSCAPE_NUMBERS=1000000), and what that left added. Slopes lose more, as they are products.
ULP: dict[str, tuple[float, float]] = {
    "identity": (0, 0),
    "tanh": (6.5, 3.5),
    "sigmoid": (3, 4.5),
    "relu": (0, 0),
    "leaky_relu": (1, 1),
    "elu": (2, 2),
    "softplus": (4, 4),
    "gelu": (7, 8),
    "silu": (4, 4),
    "softsign": (2, 2),
    "sin": (2.5, 2.5),
    "cos": (2.5, 2.5),
    "gaussian": (2, 2.5),
    "abs": (0, 0),
    "triangle": (0, 0),
}
MORE_OF_A_SLOPE = 5.0
NUMBERS = int(os.environ.get("WEIGHTSCAPE_NUMBERS", "20000"))


@cache
def library(machine: str) -> Library:
    return Library(MACHINES[machine], None)


def stepped(
    machine: str, name: str, real: Real, numbers: Numbers, copies: int = 1, data: Numbers | None = None
) -> Numbers:
    """What a step over a layer makes of numbers (copies, n), as if they were pre-activations of one unit."""
    shape = MACHINES[machine].shape(real)
    strips = -(-numbers.shape[-1] // shape.points)
    size = strips * shape.points
    scratch = Memory().numbers(copies * size, np.dtype(DTYPES[real]))
    scratch[:] = 0
    scratch.reshape(copies, size)[:, : numbers.shape[-1]] = numbers
    row, job = np.zeros(len(ROW), np.int64), np.zeros(len(JOB), np.int64)
    row[ROW.index("n_out")], row[ROW.index("source")] = 1, size
    row[ROW.index("data")] = 0 if data is None else data.ctypes.data
    job[JOB.index("scratch")], job[JOB.index("strips")] = scratch.ctypes.data, strips
    address = library(machine).address(symbol(name, shape), lambda: text(name, shape))
    ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(address)(row.ctypes.data, job.ctypes.data)
    return scratch.reshape(copies, size)[:, : numbers.shape[-1]].copy()


@cache
def spread_out(real: Real) -> Numbers:
    """Numbers of every size, both signs, and the ends."""
    rng, quarter = np.random.default_rng(1), NUMBERS // 4
    made = [rng.normal(0, 1, quarter), rng.normal(0, 8, quarter), rng.uniform(-100, 100, quarter)]
    sizes = np.exp(rng.uniform(-60, np.log(PREACTIVATION_LIMIT), NUMBERS - 3 * quarter))
    made += [sizes * rng.choice([-1, 1], len(sizes)), [0.0, -0.0, PREACTIVATION_LIMIT, -PREACTIVATION_LIMIT]]
    return np.concatenate(made).astype(DTYPES[real])


def true(z: Numbers, of: Callable[[Numbers], Numbers]) -> Numbers:
    """The twin in the next better precision, or in double where that has none."""
    return of(z.astype(np.float64)) if z.dtype == np.float32 else of(z)


def off(found: Numbers, z: Numbers, of: Callable[[Numbers], Numbers]) -> float:
    """By how many units in the last place numbers are wrong; what is no normal number may be 0."""
    exactly, least = true(z, of), np.finfo(z.dtype).tiny * np.maximum(np.abs(z.astype(np.float64)), 1.0)
    error = np.abs(found.astype(np.float64) - exactly)
    error[(np.abs(exactly) < least) & (np.abs(found) <= least)] = 0.0
    return float((error / np.spacing(np.maximum(np.abs(exactly), np.finfo(z.dtype).tiny).astype(z.dtype))).max())


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("real", REALS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_twin_to_some_units_in_the_last_place(name: str, real: Real, machine: str) -> None:
    z = spread_out(real)
    (found,) = stepped(machine, f"activate {name}", real, z[None])
    assert np.isfinite(found).all()
    assert off(found, z, ACTIVATIONS[name].function) <= ULP[name][real == "double"]


# Near 0 these have nothing of a slope left but rounding.
ABSOLUTE = {"gelu", "silu", "sin", "cos", "gaussian"}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("real", REALS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_is_its_twin_and_multiplies_tangents(name: str, real: Real, machine: str) -> None:
    z, dtype = spread_out(real), DTYPES[real]
    given = np.stack([z, np.ones_like(z), np.full_like(z, -0.5)])
    values, dx, dy = stepped(machine, f"differentiate {name}", real, given, 3, np.array([2.0], dtype))
    assert np.array_equal(values, stepped(machine, f"activate {name}", real, z[None])[0])
    assert np.array_equal(dy, dx * dtype(-0.5))
    if name in ABSOLUTE:
        assert np.abs(dx / 2 - true(z, ACTIVATIONS[name].derivative)).max() <= 8 * np.finfo(dtype).eps
    else:
        assert off(dx / 2, z, ACTIVATIONS[name].derivative) <= ULP[name][real == "double"] + MORE_OF_A_SLOPE


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", ["sin", "cos"])
def test_angles_are_reduced_exactly_as_large_as_they_get(name: str, machine: str) -> None:
    # Doubles next to multiples of pi / 2: nearly all digits of z cancel.
    from flint import arb, ctx  # type: ignore[import-untyped]

    ctx.prec = 300
    turns = np.unique(np.rint(np.exp(np.linspace(0, np.log(1e23), 500))))
    z = turns * float(HALF_PI)
    for real in REALS:
        near = z.astype(DTYPES[real])
        (found,) = stepped(machine, f"activate {name}", real, near[None])
        exact = [getattr(arb(float(each)), name)() for each in near]
        wrong = [abs(float(arb(float(a)) - b)) for a, b in zip(found, exact, strict=True)]
        assert max(wrong) <= np.finfo(DTYPES[real]).eps


def test_constants_are_what_they_say() -> None:
    for real in REALS:
        assert sum(parts(LN2, real, 3)) == float(LN2)
        assert sum(parts(HALF_PI, real, 3)) == float(HALF_PI)
        # Exact products: so many bits of a part and of the largest whole number fit a significand.
        first = parts(HALF_PI, real, 3)[0]
        assert DTYPES[real](first) * DTYPES[real](5215 if real == "float" else 667544) == first * (
            5215 if real == "float" else 667544
        )
    assert abs(sum(TWO_OVER_PI) * float(HALF_PI) - 1.0) < 1e-15
    # tanh of floats: the formula's own error, in doubles.
    x = np.linspace(1e-3, 9.0, 10**5)
    y = x * np.polyval(TANH_P[::-1], x * x) / np.polyval(TANH_Q[::-1], x * x)
    assert np.abs(y / np.tanh(x) - 1.0).max() < 3e-8


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("real", REALS)
def test_tangents_are_silent_beyond_the_clamp_and_held_where_they_might_overflow(real: Real, machine: str) -> None:
    z = np.array([0.0, 1e24, -1e24, 1e25, -1e30, 1e23], DTYPES[real])
    given = np.stack([z, np.full_like(z, 3.0), np.full_like(z, -1e30)])
    values, dx, dy = stepped(machine, "clamp_tangents", real, given, 3)
    assert np.array_equal(values, np.clip(z, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT))
    inside = np.array([True, False, False, False, False, True])
    assert np.array_equal(dx, np.where(inside, z.dtype.type(3.0), 0))
    assert np.array_equal(dy != 0, inside)
    (clamped,) = stepped(machine, "clamp", real, z[None])
    assert np.array_equal(clamped, values)
    _, dx, dy = stepped(machine, "hold", real, given, 3, np.array([2.0], DTYPES[real]))
    assert (dx == 2.0).all()
    assert (dy == -2.0).all()


PROCESSORS = {
    "znver5": (
        "x86_64-unknown-linux-gnu",
        "znver5",
        "+avx512f,+avx512vl,+avx512dq,+avx512bw,+fma,+avx2",
        r"vfmadd\w*ps.*zmm",
    ),
    "x86-64-v3": ("x86_64-unknown-linux-gnu", "x86-64-v3", "+avx,+avx2,+fma", r"vfmadd\w*ps.*ymm"),
    "x86-64": ("x86_64-unknown-linux-gnu", "x86-64", "", r"addps"),
    "apple-m1": ("aarch64-unknown-linux-gnu", "apple-m1", "+neon", r"fmla.*4s"),
    "windows": ("x86_64-pc-windows-msvc", "x86-64-v4", "+avx512f,+avx512vl,+fma,+avx2", r"vfmadd\w*ps.*zmm"),
    "macos": ("arm64-apple-darwin", "apple-m1", "+neon", r"fmla.*4s"),
}


@pytest.mark.parametrize("processor", PROCESSORS)
def test_a_product_keeps_its_sums_in_registers(processor: str) -> None:
    # Cross-compiled: a processor of this kind need not be here.
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    triple, name, features, instruction = PROCESSORS[processor]
    machine = described(triple, name, features)
    shape = machine.shape("float")
    target = llvm.Target.from_triple(triple).create_target_machine(name, features, 3)
    units = machine.units(shape)
    module = llvm.parse_assembly(text(f"product {units}", shape))
    module.triple, module.data_layout = triple, str(target.target_data)
    assembly = target.emit_assembly(module)
    loops = [each for each in re.split(r"(?m)^\.?L\w+:", assembly) if re.search(instruction, each)]
    assert len(loops) == 1
    assert len(re.findall(instruction, loops[0])) == units * shape.vectors
    assert not re.search(r"\((%rsp|%rbp)\)|\[sp", loops[0])  # nothing is spilled


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processor", "real"),
    [
        ("znver5", "float"),
        ("x86-64-v3", "double"),
        ("apple-m1", "double"),
        ("macos", "float"),
        ("windows", "float"),
        ("x86-64", "double"),
    ],
)
def test_every_step_compiles_for_every_processor(processor: str, real: Real) -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    triple, name, features, _ = PROCESSORS[processor]
    machine = described(triple, name, features)
    shape = machine.shape(real)
    target = llvm.Target.from_triple(triple).create_target_machine(name, features, 3)
    of = {
        "product": ["1", str(machine.units(shape))],
        "linear": ["2"],
        "activate": [*FORMULAS],
        "differentiate": [*FORMULAS],
    }
    of["advance"] = of["advance_with_slope"] = [*FORMULAS, NEAR]
    names = [*ALONE, *(f"{kind} {each}" for kind in OF for each in of[kind])]
    assert len(names) > 30
    for step in names:
        module = llvm.parse_assembly(text(step, shape))
        module.triple, module.data_layout = triple, str(target.target_data)
        code = target.emit_object(module)
        found = llvm.ObjectFileRef.from_data(code)
        assert any(section.is_text() and section.size() for section in found.sections())
        # Nothing is called that is not in the processor: no library of mathematics.
        assert not re.search(rb"\x00(sin|cos|exp|rint|round|trunc|fma|tanh|_+chkstk|memcpy|memset)f?\x00", code)
