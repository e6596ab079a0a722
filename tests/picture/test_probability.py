"""Which softmaxes a window's shader takes, and that one which comes back is taken here."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from specimen import mixed

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Field, Question
from weightscape.engine.tile import Pace
from weightscape.lens.lens import Part
from weightscape.network.network import Network, Tap
from weightscape.picture.exposing import exposure_of
from weightscape.picture.exposure import Evaluator, Order, Patch, Sample
from weightscape.picture.network_memory import handed_in
from weightscape.picture.probability import is_left_to_shading, left_to_shading, taken
from weightscape.picture.questions import PrecisionName, question
from weightscape.scene.scene import Scene
from weightscape.scene.shading import bounded, centred, plain

SIZE = (40, 30)


def net(classes: int = 3) -> Network:
    return mixed((2, 8, 8, classes), "tanh tanh softmax")


def asked(made: Network, precision: PrecisionName = "single", **fields: Any) -> Question:
    with handed_in(made) as name:
        return question(Scene(weights=name, **fields), SIZE, precision)


def test_all_outputs_as_they_are_leave_it_to_the_shader() -> None:
    for classes in (1, 2, 3, 4):
        before = asked(net(classes))
        after, shading = left_to_shading(before, plain(classes))
        assert after.network is before.network.logits
        assert (after.taps, after.grid, shading.curve) == (before.taps, before.grid, "softmax")


def test_all_else_stays_as_it_is() -> None:
    three = asked(net())
    relative = replace(plain(3), is_relative=True)
    for each, shading in (
        (asked(net(5)), plain(5)),
        (asked(net(), "double"), plain(3)),
        (asked(net(), "perturbed"), plain(3)),
        (asked(net(), lens="unit", unit=1), plain(1)),
        (replace(three, taps=(Tap(1),)), plain(8)),
        (replace(three, answer="derivatives"), plain(3)),
        (asked(mixed((2, 8, 3), "tanh sigmoid")), plain(3)),
        (three, bounded(3)),
        (three, centred(3)),
        (three, relative),
    ):
        assert not is_left_to_shading(each, shading)
        assert left_to_shading(each, shading) == (each, shading)


def test_what_comes_back_is_taken_as_engines_take_it(numpy_engine: NumpyEngine) -> None:
    before = asked(net())
    came = taken(numpy_engine.field(left_to_shading(before, plain(3))[0]))
    assert came.data.dtype == np.float32
    assert np.abs(came.values - numpy_engine.field(before).values).max() < 1e-7


class FullEngine(NumpyEngine):
    """Say that it holds answers, and have no room for one."""

    def holds(self, question: Question) -> bool:
        return "softmax" not in question.network.activations

    def held(self, question: Question, cancelled: Any = bool) -> Field:
        self.asked = question
        return self.field(question, cancelled)


@pytest.mark.parametrize("lens", ["outputs", "cut"])
def test_a_picture_whose_answers_come_back_is_the_same(lens: str) -> None:
    engine = FullEngine()
    with handed_in(net()) as name:
        scene = Scene(weights=name, lens=lens)
        exposure = exposure_of(Evaluator(engine, Pace()), Part(scene, SIZE), "single")
        patches = [patch for patch in exposure.expose(1, Order()) if isinstance(patch, Patch)]
        expected = engine.field(question(scene, SIZE)).values
    assert engine.asked.network.activations[-1] == "identity"
    assert len(patches) == 1
    assert np.abs(np.asarray(patches[0].values) - expected).max() < 1e-6
    engine.release()


def test_so_are_its_samples() -> None:
    engine = FullEngine()
    with handed_in(net()) as name:
        exposure = exposure_of(Evaluator(engine, Pace()), Part(Scene(weights=name), SIZE), "single")
        list(exposure.expose(1, Order()))
        vars(exposure)["_is_away"] = True  # as if the first pass had stayed
        samples = [each for each in exposure.take_sample(1, Order()) if isinstance(each, Sample)]
    assert len(samples) == 2
    assert all(np.allclose(np.asarray(each.patch.values).sum(-1), 1.0, atol=1e-6) for each in samples)
    engine.release()
