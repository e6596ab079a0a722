"""The legend in the window says which colour means how much, also of a flat picture, and of nothing else."""

import json

import numpy as np
import pytest

from weightscape.draw.plate import signed
from weightscape.explore.tell.legend import Rates, legend, rates, stretched
from weightscape.lens.stretch import FULL_RATE
from weightscape.scene.scene import Scene
from weightscape.window.message import Legend


def test_the_colours_of_the_stretch_have_numbers() -> None:
    found = told(Scene(lens="stretch"))
    assert found.title == "how a small step changes, layer by layer"
    assert found.marks == ("0.61 × or less", "1 ×", "1.6 × or more")
    assert found.colours[0] == tuple(signed(np.array(-FULL_RATE), FULL_RATE).tolist())
    assert found.note == "here from about 0.98 × to 1.1 ×"
    unseen = legend(Scene(lens="stretch"), None)
    assert unseen.note == "", "numbers come later"


def test_one_colour_everywhere_is_a_number() -> None:
    found = told(Scene(lens="stretch", layers=1, output_activation="identity"))
    assert found.title == "how a small step changes"
    assert found.note.startswith("the same everywhere: 1.")
    assert rates(Scene(lens="stretch", layers=1)).is_beyond
    assert not rates(Scene(lens="stretch")).is_beyond


def test_stretched_to_the_view_the_ends_are_told() -> None:
    found = told(Scene(lens="stretch", levels="auto"))
    assert found.marks[0].startswith("about 0.5")
    assert found.marks[2].startswith("about 3")


def test_other_lenses_have_none_and_a_half_has_its_own() -> None:
    assert stretched(Scene()) is None
    assert stretched(Scene(beside=json.dumps({"lens": "stretch"}))) == Scene(lens="stretch")
    assert stretched(Scene(beside="{")) is None


@pytest.mark.parametrize("rule", ["fixed", "he"])
def test_the_deepest_network_has_numbers_too(rule: str) -> None:
    activation = "relu" if rule == "he" else "tanh"
    found = told(Scene(lens="stretch", width=100, layers=256, tied=True, rule=rule, activation=activation))
    assert found.note, "however far they are from 1"


def told(scene: Scene) -> Legend:
    found = rates(scene)
    assert isinstance(found, Rates)
    return legend(scene, found)
