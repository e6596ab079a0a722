"""Compiled steps of differences: against ball arithmetic and their twins in NumPy, and questions beside a reference."""

import ctypes
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from processor import MACHINES
from suite import asked
from test_difference import HUGE, TOLERANCE, deltas, part_of_float32, references, worst_of
from test_jit_step import DTYPES, NUMBERS, REALS, Numbers, library

from weightscape.deep.accuracy import Method
from weightscape.deep.difference import DIFFERENCES, columns, reference_floats
from weightscape.deep.orbit import nearest_kink
from weightscape.deep.perturbation import Step
from weightscape.engine.jit.catalogue import symbol, text
from weightscape.engine.jit.code import Real
from weightscape.engine.jit.difference_step import advancing, silencing
from weightscape.engine.jit.jit_engine import JitEngine, Memory
from weightscape.engine.jit.step import JOB, ROW
from weightscape.engine.processor.numpy_tangent import STEEPEST, Slope
from weightscape.engine.question import Answer
from weightscape.network.activation import ACTIVATIONS
from weightscape.scene.scene import Scene

EACH = pytest.mark.parametrize("name", ACTIVATIONS)
EVERYWHERE = pytest.mark.parametrize("machine", MACHINES)
BOTH = pytest.mark.parametrize("real", REALS)
MONOTONE = {"identity", "tanh", "sigmoid", "relu", "leaky_relu", "elu", "softplus", "softsign"}
# By so much slopes differ from their twins' in float64, absolutely.
OF_SLOPE = 1e-6


def stepped(machine: str, steps: list[tuple[str, Numbers]], real: Real, numbers: Numbers) -> Numbers:
    """What steps, one after the other, make of differences and tangents (copies, units, points)."""
    shape, (copies, units, points) = MACHINES[machine].shape(real), numbers.shape
    strips = -(-points // shape.points)
    padded = np.pad(numbers, ((0, 0), (0, 0), (0, strips * shape.points - points)))
    laid = padded.reshape(copies, units, strips, shape.points).transpose(0, 2, 1, 3)
    scratch = Memory().numbers(laid.size, np.dtype(DTYPES[real])).reshape(laid.shape)
    scratch[...] = laid
    row, job = np.zeros(len(ROW), np.int64), np.zeros(len(JOB), np.int64)
    row[ROW.index("n_out")], row[ROW.index("source")] = units, laid[0].size
    job[JOB.index("scratch")], job[JOB.index("strips")] = scratch.ctypes.data, strips
    for name, made in steps:
        data = made.astype(DTYPES[real])
        row[ROW.index("data")] = data.ctypes.data
        address = library(machine).address(symbol(name, shape), lambda name=name: text(name, shape))  # type: ignore[misc]
        ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(address)(row.ctypes.data, job.ctypes.data)
    return scratch.transpose(0, 2, 1, 3).reshape(padded.shape)[..., :points].copy()


def planned(name: str, z: Numbers, real: Real) -> Step:
    """An exact step of units whose references are z."""
    kink = z - nearest_kink(z) if name == "triangle" else z
    return Step(name, True, reference_floats(name, (z, np.zeros_like(z)), kink, DTYPES[real]), 0, 0)


def slope(factor: float = 1.0, steepest: float = 1.0) -> Slope:
    return Slope(lambda *_: None, factor, steepest, None)


def tangents_beside(d: Numbers) -> Numbers:
    """Differences, and tangents of 1 and -1/2."""
    return np.stack([d, np.ones_like(d), np.full_like(d, -0.5)])


@pytest.mark.spread(5)
@EVERYWHERE
@BOTH
@EACH
def test_a_difference_is_exact_however_small(name: str, real: Real, machine: str) -> None:
    z = references()
    d = np.stack([deltas(each) for each in z]).astype(DTYPES[real])
    (found,) = stepped(machine, advancing(planned(name, z, real), real), real, d[None])
    worst = worst_of(name, found)
    assert worst[0] <= TOLERANCE[name] * part_of_float32(name, DTYPES[real]), worst


@cache
def many(real: Real) -> tuple[Numbers, Numbers]:
    """References, and differences of every size for each of them, also onto kinks."""
    rng, count = np.random.default_rng(2), max(NUMBERS // 64, 64)
    z = np.concatenate([rng.normal(0, 1, 24), rng.normal(0, 6, 24), rng.uniform(-50, 50, 16)])
    size = np.exp(rng.uniform(-60, 7, (len(z), count)))
    d = np.where(rng.random(size.shape) < 0.5, rng.normal(0, 1.5, size.shape), size * rng.choice([-1, 1], size.shape))
    d[:, :4] = np.outer(z, (-1, -2, -1.001, -0.999))
    return z, d.astype(DTYPES[real])


@EVERYWHERE
@BOTH
@EACH
def test_differences_and_slopes_are_their_twins(name: str, real: Real, machine: str) -> None:
    z, d = many(real)
    step, dtype = planned(name, z, real), DTYPES[real]
    (alone,) = stepped(machine, advancing(step, real), real, d[None])
    found, dx, dy = stepped(machine, advancing(step, real, slope(2.0)), real, tangents_beside(d))
    assert np.array_equal(found, alone)
    assert np.array_equal(dy, dx * dtype(-0.5))
    # The twin in float64, with the same reference.
    floats = columns(step.floats, np.float64)
    exactly = DIFFERENCES[name].inplace(d.astype(np.float64), floats, np.empty(d.shape), np.inf)
    error, part = np.abs(found - exactly), (1.0 if real == "float" else 2.0) * part_of_float32(name, dtype)
    assert (error <= TOLERANCE[name] * part * np.maximum(variation(name, d, exactly), 1e-30)).all()
    b = z[:, None] + d.astype(np.float64)
    is_clear = np.abs(b - nearest_kink(b) if name == "triangle" else b) > 1e-5
    wrong = np.abs(dx / 2 - DIFFERENCES[name].slope(d.astype(np.float64), floats))[is_clear]
    assert wrong.max() <= (OF_SLOPE if real == "float" else 2.0**-20 * OF_SLOPE)


def variation(name: str, d: Numbers, difference: Numbers) -> Numbers:
    """What f varies by on the way, |D| where it is monotone, or about."""
    if name in MONOTONE:
        return np.abs(difference)
    return np.minimum(np.abs(d.astype(np.float64)), 2 * (ACTIVATIONS[name].bound or np.inf))


@EVERYWHERE
@BOTH
@EACH
def test_no_difference_and_no_slope_is_ever_nan_or_infinite(name: str, real: Real, machine: str) -> None:
    z = np.concatenate([references(), HUGE, -HUGE])
    d = np.tile(np.concatenate([HUGE, -HUGE]), (len(z), 1)).astype(DTYPES[real])
    found = stepped(machine, advancing(planned(name, z, real), real, slope()), real, tangents_beside(d))
    assert np.isfinite(found).all()
    bound = ACTIVATIONS[name].bound
    assert np.abs(found[0]).max() <= (2.1e24 if bound is None else 2.001 * bound)
    assert np.abs(found[1]).max() <= 1.13


def taken(step: Step, real: Real, numbers: Numbers, tangents: Slope | None = None) -> Numbers:
    """What the processor as it is makes of a step."""
    return stepped("own", advancing(step, real, tangents), real, numbers)


@BOTH
def test_powers_of_two_stand_before_and_after(real: Real) -> None:
    z, d = many(real)
    for name in ("tanh", "silu", "triangle"):
        step = planned(name, z, real)
        (whole,) = taken(step, real, d[None])
        (scaled,) = taken(replace(step, before=2.0**-9, after=2.0**7), real, d[None] * DTYPES[real](2.0**9))
        assert np.array_equal(scaled, whole * DTYPES[real](2.0**7))


@BOTH
def test_what_is_small_is_a_series_of_two_terms(real: Real) -> None:
    z, d = many(real)
    A, B = np.cos(z), np.sin(z)
    step = Step("tanh", False, np.stack([A, B, z, z]), -9, -9)
    value, dx, _ = taken(step, real, tangents_beside(d), slope(0.5, 1e30))
    A, B = (each[:, None].astype(DTYPES[real]) for each in (A, B))
    most = 4 * np.finfo(DTYPES[real]).eps
    assert (np.abs(value - d * (A + B * d)) <= most * (np.abs(d * A) + np.abs(d * B * d))).all()
    assert (np.abs(dx - 0.5 * (A + 2 * B * d)) <= most * (np.abs(A) + np.abs(2 * B * d))).all()


@BOTH
def test_differences_are_held_and_tangents_stop_at_the_clamp(real: Real) -> None:
    d = np.array([[-9.0, -4.0, -3.5, 0.0, 3.0, 3.5, 9.0], [-9.0, -5.0, -4.0, 0.0, 5.0, 9.0, 1e20]], DTYPES[real])
    clamp = np.array([[1.0, 0.0], [-1.0, -2.5], [2.5, 2.5]])
    step = replace(planned("identity", np.zeros(2), real), before=0.5, clamp=clamp)
    moved = 0.5 * d + clamp[0, :, None].astype(d.dtype)
    inside = (moved > clamp[1, :, None]) & (moved < clamp[2, :, None])
    assert inside.any(1).all()
    assert not inside.all(1).any()
    same, dx, dy = stepped("own", silencing(step), real, tangents_beside(d))
    assert np.array_equal(same, d)
    assert np.array_equal(dx, inside)
    assert np.array_equal(dy, -0.5 * inside)
    (held,) = taken(step, real, d[None])
    assert np.array_equal(held, np.clip(moved, clamp[1, :, None], clamp[2, :, None]))


@BOTH
def test_slopes_are_held(real: Real) -> None:
    """A unit whose reference floats make them steeper than tangents can take, in its own unit."""
    step = planned("tanh", np.zeros(3), real)
    steep = replace(step, floats=step.floats * np.array([[1.0], [1.0], [1.0], [2.0**80]]))
    _, dx, _ = taken(steep, real, tangents_beside(np.zeros((3, 5), DTYPES[real])), slope(2.0**-10, 2.0**70))
    assert (dx == STEEPEST).all()
    _, dx, _ = taken(steep, real, tangents_beside(np.zeros((3, 5), DTYPES[real])), slope(2.0**-30, 2.0**50))
    assert (dx == 2.0**50).all()


@pytest.mark.parametrize("activation", ["tanh", "sin", "silu", "gelu", "softplus", "gaussian", "triangle"])
@pytest.mark.parametrize("method", ["perturbed", "wide"])
def test_a_point_of_a_deep_view_does_not_depend_on_its_tile_or_thread(method: Method, activation: str) -> None:
    """Lanes that are near stand beside such that are far."""
    scene = Scene(layers=6, width=13, activation=activation, radius=0.7, output_activation="tanh")
    engines = [JitEngine(MACHINES["own"], library("own"), threads) for threads in (1, 3)]
    answers: tuple[Answer, ...] = ("values", "derivatives")
    for answer in answers:
        whole = asked(scene, method, answer, (61, 47))
        tile = replace(whole, grid=whole.grid.tile(17, 9, 23, 31))
        data, part = (engine.field(question).data for engine, question in zip(engines, (whole, tile), strict=True))
        assert np.array_equal(data[9:40, 17:40], part)
    for engine in engines:
        engine.release()
