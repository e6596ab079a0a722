"""Every number of a scene varies in a film, and the picture with it; what does not is listed with its reason."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.picture.render import render
from weightscape.scene.animation import VARIABLE, Animation, Track
from weightscape.scene.scene import Scene

SMALL = Scene(layers=4, width=8)
PLANE = replace(SMALL, origin=(0.3, -0.2), u=(1.0, 0.5), v=(0.2, 1.0))
LAND = replace(SMALL, lens="height")
# Of each number: a scene that it has an effect on, and two values.
CASES: dict[str, tuple[Scene, Any, Any]] = {
    "seed": (SMALL, 1, 9),
    "layers": (SMALL, 2, 5),
    "width": (SMALL, 4, 12),
    "scale": (SMALL, 0.5, 1.5),
    "bias_scale": (replace(SMALL, rule="he", scale=None), 0.1, 1.0),
    "to_seed": (replace(SMALL, to_seed=5, part=0.5), 5, 9),
    "part": (replace(SMALL, to_seed=5), 0.0, 1.0),
    "inputs": (replace(SMALL, inputs=("x", "y", "0.5")), "x,y,-1", "x,y,1"),
    "inputs.2": (replace(SMALL, inputs=("x", "y", "0.5")), -1.0, 1.0),
    "origin": (PLANE, (0.0, 0.0), (1.0, -1.0)),
    "origin.1": (PLANE, -1.0, 1.0),
    "u": (PLANE, (1.0, 0.0), (-1.0, 1.0)),
    "u.0": (PLANE, -1.0, 1.0),
    "v": (PLANE, (0.0, 1.0), (1.0, 1.0)),
    "v.1": (PLANE, -1.0, 1.0),
    "center": (SMALL, ("0", "0"), ("1", "-1")),
    "radius": (SMALL, 1.0, 3.0),
    "angle": (SMALL, 0.0, 45.0),
    "time": (replace(SMALL, inputs=("x", "y", "cos_t")), 0.0, 0.5),
    "layer": (replace(SMALL, lens="cut"), 1, 3),
    "unit": (replace(SMALL, lens="unit", layer=2), 0, 5),
    "units": (replace(SMALL, lens="rgb", layer=2), (0, 1, 2), (5, 6, 7)),
    "units.1": (replace(SMALL, lens="rgb", layer=2), 1, 7),
    "probe": (replace(SMALL, lens="slice"), (0.0, 0.0), (0.5, 0.5)),
    "probe.1": (replace(SMALL, lens="slice"), 0.0, 0.5),
    "gamma": (SMALL, 0.5, 2.0),
    "cycle": (replace(SMALL, time=0.3), 0.0, 1.0),
    "turn": (LAND, 30.0, 60.0),
    "tilt": (LAND, 50.0, 80.0),
    "lift": (LAND, 1.0, 2.0),
}
# Numbers that do not vary.
STILL = {
    "outputs": "one of two networks, of which one is grey: nothing lies between",
    "beside": "JSON of the right half, where what it does not name varies with the left one",
}


def numbers() -> set[str]:
    """Find the fields of a scene that hold numbers, whatever the film thinks of them."""
    told = {"low", "row"}
    found = {each.name for each in fields(Scene) if told & each.metadata.keys() or each.name in ("center", "inputs")}
    choices = {each.name for each in fields(Scene) if isinstance(each.metadata.get("choices", ("",))[0], int)}
    return found | choices | {"beside"}


def test_every_number_has_a_case_or_a_reason() -> None:
    assert len(numbers()) >= 24
    assert numbers() == {name.partition(".")[0] for name in CASES} | STILL.keys()
    assert set(VARIABLE) == numbers() - STILL.keys()


@pytest.mark.parametrize("name", CASES)
def test_the_picture_changes_with_the_number(name: str) -> None:
    scene, first, last = CASES[name]
    film = Animation(scene, (Track(name, (first, last)),), 3, loop=False)
    pictures = [picture(film.at(k)) for k in range(3)]
    assert not np.array_equal(pictures[0], pictures[2])
    assert not np.array_equal(pictures[0], pictures[1])


def picture(scene: Scene) -> npt.NDArray[np.uint8]:
    return render(scene, size=(96, 64), engine="numpy")
