"""Scenes grow safely: what the first scenes were they still are, whatever fields have been added since.

tests/data/first_scenes.json was written by the program of commit bc89757: the fields of a scene with their defaults,
and of each shipped scene the SHA-256 of its text, that of its network's numbers in steps of 2^-20, and, of a picture
of the plane, 9 x 7 pixels.
"""

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape import Scene, SceneError, render
from weightscape.picture.network_memory import network
from weightscape.publish import gallery
from weightscape.scene.scene import from_mapping, from_text

FIRST: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "first_scenes.json").read_text())
SCENES: dict[str, dict[str, Any]] = FIRST["scenes"]


def test_no_field_has_gone_and_no_default_has_changed() -> None:
    now = {each.name: json.loads(json.dumps(getattr(Scene(), each.name), default=str)) for each in fields(Scene)}
    assert len(FIRST["defaults"]) == 35
    assert {name: now[name] for name in FIRST["defaults"]} == FIRST["defaults"]


@pytest.mark.parametrize("name", SCENES)
def test_a_first_scene_is_what_it_was(name: str) -> None:
    scene = gallery.scene(name)
    known = {*FIRST["defaults"], "version"}
    text = {field: value for field, value in sorted(json.loads(scene.to_text()).items()) if field in known}
    made = network(scene)
    pairs = zip(made.weights, made.biases, strict=True)
    numbers = [each.ravel() for pair in pairs for each in pair]
    steps = np.rint(np.concatenate(numbers) * 2.0**20).astype("<i8")

    assert hashlib.sha256(json.dumps(text, separators=(",", ":")).encode()).hexdigest() == SCENES[name]["scene"]
    assert hashlib.sha256(steps.tobytes()).hexdigest() == SCENES[name]["network"]


@pytest.mark.parametrize("name", [name for name, first in SCENES.items() if "pixels" in first])
def test_a_first_picture_is_what_it_was(name: str) -> None:
    picture = render(gallery.scene(name), size=(9, 7), engine="numpy", precision="double")
    # Libraries of mathematics differ in the last digit, and half a step of 8 bits is either one.
    assert np.abs(picture.reshape(-1, 3).astype(int) - SCENES[name]["pixels"]).max() <= 1


def test_what_a_newer_program_has_added_is_refused_by_its_name() -> None:
    with pytest.raises(SceneError, match="halo: this program knows no such field; a newer one may"):
        from_mapping({"seed": 3, "halo": 0.5})
    with pytest.raises(SceneError, match="halo"):
        from_text('{"version": 1, "halo": 0.5}')


def test_what_was_added_since_is_left_out_of_nothing() -> None:
    """A scene without the newer fields is the scene with their defaults."""
    first = {name: value for name, value in FIRST["defaults"].items() if value is not None}
    assert from_mapping(first) == Scene()
