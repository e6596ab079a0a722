"""The reference orbit: balls hold the truth, floats hand it over, kinks and clamps are placed exactly."""

import gc
import math
import os
import sys
from decimal import Decimal

import numpy as np
import pytest
from flint import arb, ctx
from patience import ran

from weightscape.deep import orbit as reference
from weightscape.deep.orbit import BALLS, double_orbit, nearest_kink, orbit
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Network, Tap, forward
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

CENTER = Decimal("0.123456789012345678901234567890123456789"), Decimal("-1.2876543210987654321")
EACH = pytest.mark.parametrize("activation", ACTIVATIONS)


def network_of(activation: str, layers: int = 12, **more: object) -> Network:
    return draw(Scene(**({"activation": activation, "layers": layers, "width": 20, "rule": "he", "seed": 3} | more)))


@EACH
def test_a_ball_holds_the_activation(activation: str) -> None:
    z = np.concatenate([np.linspace(-9.01, 9.02, 61), [0.0, 1.0, -3.0, 30.0, -30.0, 1e9, -1e9]])
    with ctx.workprec(200):
        balls = [float(BALLS[activation](arb(v))) for v in z.tolist()]
    np.testing.assert_allclose(balls, ACTIVATIONS[activation].function(z), rtol=4e-15, atol=2e-16)


@EACH
def test_an_orbit_is_that_of_float64_but_for_its_rounding(activation: str) -> None:
    network = network_of(activation)
    found = orbit(network, ("x", "y"), 0.0, CENTER)
    taps = [Tap(k, before=True) for k in range(network.layers)]
    plain = forward(network, np.array([float(c) for c in CENTER]), taps)
    for z, high in zip(plain, found.high, strict=True):
        np.testing.assert_allclose(high, z, rtol=0, atol=1e-9 * np.abs(z).max())


@EACH
@pytest.mark.parametrize("bits", [64, 200, 1060])
def test_the_error_is_proved_and_as_asked(activation: str, bits: int) -> None:
    network = network_of(activation, tied=False)
    found = orbit(network, ("x", "y"), 0.3, CENTER, bits)
    finer = orbit(network, ("x", "y"), 0.3, CENTER, bits + 300)
    assert finer.bits > found.bits
    for layer, error in enumerate(found.error):
        allowed = np.maximum(2.0**-bits, 2.0**-70 * np.abs(found.kink[layer]))
        assert (error <= allowed).all()
        gap = (found.high[layer] - finer.high[layer]) + (found.low[layer] - finer.low[layer])
        assert (np.abs(gap) <= error + 2.0**-104 * np.abs(found.high[layer])).all()


def test_a_center_of_many_digits_is_not_rounded() -> None:
    network = Network((np.array([[1.0], [0.0]]),), (np.array([-1.0]),), ("relu",))
    tiny = Decimal("1e-250")
    assert orbit(network, ("x", "y"), 0.0, (Decimal(1), Decimal(0)), 900).kink[0] == 0.0
    moved = (Decimal("1." + "0" * 249 + "1"), Decimal(0))
    assert orbit(network, ("x", "y"), 0.0, moved, 1000).kink[0] == pytest.approx(float(tiny), rel=1e-12)


def test_the_triangles_kink_is_the_distance_from_the_nearest_odd_number() -> None:
    network = Network((np.array([[1.0], [0.0]]),), (np.array([0.0]),), ("triangle",))
    for whole in (-5, -3, 1, 7):
        center = Decimal(f"{whole}.{'0' * 60}25"), Decimal(0)
        found = orbit(network, ("x", "y"), 0.0, center, 400)
        assert found.kink[0] == pytest.approx(math.copysign(2.5e-61, whole), rel=1e-12)
    assert (nearest_kink(np.array([-2.0, -1.9, 0.0, 0.9, 2.0])) == [-1.0, -1.0, 1.0, 1.0, 3.0]).all()


def test_preactivations_are_clamped_and_what_was_cut_is_told() -> None:
    network = Network((np.array([[1e24, 1.0], [0.0, 0.0]]),), (np.zeros(2),), ("identity",))
    found = orbit(network, ("x", "y"), 0.0, (Decimal(-3), Decimal(0)))
    assert found.high[0].tolist() == [-1e24, -3.0]
    np.testing.assert_allclose(found.over[0], [-2e24, 0.0])


@EACH
@pytest.mark.parametrize("layers", [5, 30])
def test_the_error_of_float64_is_estimated_from_above_and_not_by_much(activation: str, layers: int) -> None:
    network = network_of(activation, layers)
    found, truth = double_orbit(network, ("x", "y"), 0.0, CENTER), orbit(network, ("x", "y"), 0.0, CENTER, 100)
    for layer in range(layers):
        size = np.abs(truth.high[layer]).max()
        error = np.abs((found.high[layer] - truth.high[layer]) - truth.low[layer]).max()
        assert error <= found.error[layer].max() + 1e-300
        assert found.error[layer].max() <= max(1e3 * error, 1e-14 * size) + 1e-300


def test_matrices_are_converted_once_and_not_too_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "KEPT_WEIGHTS", 5_000)
    network = draw(Scene(layers=6, width=50))
    converted = reference._matrix(network.weights[2])
    orbit(network, ("x", "y"), 0.0, CENTER)
    assert reference._matrix(network.weights[3]) is converted
    for seed in range(3):
        orbit(draw(Scene(layers=6, width=50, seed=seed)), ("x", "y"), 0.0, CENTER)
    assert sum(size for _, size, _ in reference._converted.values()) <= 5_000


def test_a_converted_matrix_goes_with_its_network() -> None:
    gc.collect()
    before = set(reference._converted)
    network = draw(Scene(layers=6, width=50, seed=99))
    orbit(network, ("x", "y"), 0.0, CENTER)
    assert set(reference._converted) - before
    del network
    gc.collect()
    assert not set(reference._converted) - before


def test_networks_that_stretch_far_get_the_bits_they_need() -> None:
    network = draw(Scene(layers=60, width=30, activation="sin", scale=3.0))
    found = orbit(network, ("x", "y"), 0.0, CENTER)
    assert max(float(error.max()) for error in found.error) <= 2.0**-60


BUSY = """
import os, threading
from decimal import Decimal
import weightscape
from weightscape.picture.questions import network
from weightscape.deep import orbit as reference

is_held, forks = threading.Event(), threading.Event()

def hold():
    with reference._precision_lock:
        is_held.set()
        forks.wait()

threading.Thread(target=hold).start()
is_held.wait()
os.register_at_fork(before=forks.set)  # asked first
if not (child := os.fork()):
    found = reference.orbit(network(weightscape.Scene(layers=2)), ("x", "y"), 0.0, (Decimal(0), Decimal(0)))
    print(len(found.high), flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_the_child_of_a_fork_can_follow_an_orbit_while_its_parent_does() -> None:
    done = ran(sys.executable, "-W", "ignore", "-c", BUSY)
    assert (done.stdout, done.stderr) == ("2\n", "")
