"""The NumPy engine alone: threads, memory, and slopes that no probe saw."""

import numpy as np
import pytest
from memory import peak
from suite import asked
from test_conduct import TILED

from weightscape.deep.accuracy import METHODS
from weightscape.deep.tangent import exponents, scale, units
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.processor.numpy_tangent import STEEPEST, Slope, _differentiate
from weightscape.engine.question import Answer, Values
from weightscape.engine.tile import Pace, answer
from weightscape.network.input import fold
from weightscape.network.network import OUTPUTS, Tap
from weightscape.network.view import View
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tiled", TILED)
def test_the_bits_are_the_same_on_any_number_of_threads(tiled: Scene, method: str) -> None:
    question = asked(tiled, method, size=(61, 47))
    engines = [NumpyEngine(threads) for threads in (1, 2, 3)]
    whole = engines[0].field(question).data
    assert all(np.array_equal(whole, engine.field(question).data) for engine in engines[1:])
    # A clock may not decide about bits, so a file's question is not cut by it.
    assert np.array_equal(whole, answer(engines[1], question, Pace(1e3)).data)
    for engine in engines:
        engine.release()


@pytest.mark.parametrize("wanted", ["values", "derivatives"])
def test_a_deep_network_perturbed_takes_little_memory(wanted: Answer, numpy_engine: NumpyEngine) -> None:
    question = asked(Scene(layers=255, width=24, radius=1e-9), "perturbed", wanted, (16, 16))
    # 200 MB and more where the reference floats of all layers are repeated for each point.
    assert peak(lambda: numpy_engine.field(question)) < 3e7


def test_a_slope_far_above_what_the_probes_saw_is_held() -> None:
    def steep(z: Values, slope: Values, scratch: Values) -> None:
        slope[...] = 2.0**100

    z, slope, scratch = np.ones((3, 1, 2, 4), np.float32)
    _differentiate(Slope(steep, 2.0**80, 2.0**180, None), z, slope, scratch)
    assert (slope == STEEPEST).all()


def test_scales_are_powers_of_two_that_float64_holds() -> None:
    network, _ = fold(draw(Scene(layers=256, width=3)), ("x", "y"), 0.0, View(), (48, 32))
    powers = exponents(network, None, (Tap(0, (1,)), Tap(3, (0, 2), True), Tap()), 2.0**-3)
    assert powers.tolist() == [3, 12, 12, 768, 768, 768]
    assert scale(powers).tolist() == [8.0, 4096.0, 4096.0, *[2.0**500] * 3]
    assert not scale(exponents(network, None, OUTPUTS, 2.0**8)).any()
    assert units(network, None, 2.0**-0.5).factors[:5] == (0, -1, 0, -1, 0)
    assert exponents(network, None, OUTPUTS, 2.0**-0.5).tolist() == [128] * 3
