"""The legend in the window says which colour means how much, also of a flat picture, and of nothing else."""

import json

import numpy as np

from weightscape.draw.plate import signed
from weightscape.explore.tell.legend import legend
from weightscape.lens.stretch import FULL_RATE
from weightscape.scene.scene import Scene


def test_the_colours_of_the_stretch_have_numbers() -> None:
    found = legend(Scene(lens="stretch"), True)
    assert found
    assert found.title == "how a small step changes, layer by layer"
    assert found.marks == ("0.61 × or less", "1 ×", "1.6 × or more")
    assert found.colours[0] == tuple(signed(np.array(-FULL_RATE), FULL_RATE).tolist())
    assert found.note == "here from about 0.98 × to 1.1 ×"
    unseen = legend(Scene(lens="stretch"), False)
    assert unseen
    assert unseen.note == "", "numbers come with the picture"


def test_one_colour_everywhere_is_a_number() -> None:
    found = legend(Scene(lens="stretch", layers=1, output_activation="identity"), True)
    assert found
    assert found.title == "how a small step changes"
    assert found.note.startswith("the same everywhere: 1.")
    assert legend(Scene(lens="stretch", layers=1), True).note.endswith(": L tells them apart")  # type: ignore[union-attr]


def test_stretched_to_the_view_the_ends_are_told() -> None:
    found = legend(Scene(lens="stretch", levels="auto"), True)
    assert found
    assert found.marks[0].startswith("about 0.5")
    assert found.marks[2].startswith("about 3")


def test_other_lenses_have_none_and_a_half_has_its_own() -> None:
    assert legend(Scene(), True) is None
    assert legend(Scene(beside=json.dumps({"lens": "stretch"})), True)
    assert legend(Scene(beside="{"), True) is None


def test_a_large_network_is_not_waited_for() -> None:
    found = legend(Scene(lens="stretch", width=512, layers=60), True)
    assert found
    assert found.note == ""
