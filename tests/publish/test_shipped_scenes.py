"""The shipped scenes: every one is listed, can be drawn and shows something, and together they show what there is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from weightscape.picture.render import render
from weightscape.publish import gallery
from weightscape.scene.lens_name import LENSES
from weightscape.scene.palette import PALETTES
from weightscape.scene.scene import Scene, has_time

ASSETS = Path(__file__).parents[2] / "assets"
LISTED: list[dict[str, Any]] = json.loads((ASSETS / "gallery.json").read_text("utf-8"))
FILES = [each["file"] for each in LISTED]
SCENES = {name: gallery.scene(name) for name in FILES}
# Charts, not pictures: the tour shows the first, and the docs both.
UNSHOWN = {"norms", "role"}
# Steps of 8 bits by which the pixels of some colour deviate from their mean.
LEAST_SPREAD = 8.0


def spread(scene: Scene) -> float:
    picture = render(scene, size=(64, 40), engine="numpy").astype(float)
    return float(picture.std(axis=(0, 1)).max())


def test_every_shipped_scene_is_listed_once_with_a_name_and_a_line() -> None:
    assert sorted(FILES) == sorted(path.stem for path in (ASSETS / "scenes").glob("*.json"))
    assert len(FILES) >= 24
    assert all(set(each) == {"file", "name", "about"} for each in LISTED)
    assert len({each["name"] for each in LISTED}) == len(LISTED)
    assert [each for each in LISTED if not re.fullmatch(r"[^\n]{10,110}\.", each["about"])] == []


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_scene_shows_something(name: str) -> None:
    assert spread(SCENES[name]) > LEAST_SPREAD


def test_a_flat_picture_would_be_found() -> None:
    assert spread(Scene(scale=0.05)) < LEAST_SPREAD


def test_the_first_nine_differ_in_kind() -> None:
    kinds = [(SCENES[name].lens, SCENES[name].activation, SCENES[name].outputs) for name in FILES[:9]]
    assert len(set(kinds)) >= 8


def test_the_scenes_show_what_there_is() -> None:
    scenes = SCENES.values()
    assert {scene.lens for scene in scenes} == LENSES.keys() - UNSHOWN
    assert {scene.shape for scene in scenes} == {"uniform", "normal"}
    assert {scene.tied for scene in scenes} == {True, False}
    assert {scene.rule for scene in scenes} == {"fixed", "lecun", "glorot", "he", "orthogonal"}
    assert len({scene.palette for scene in scenes if scene.outputs == 1} & {*PALETTES}) >= 5
    assert len({scene.activation for scene in scenes}) >= 8
    assert sum(scene.radius < 1e-6 for scene in scenes) >= 1
    assert sum(map(has_time, scenes)) >= 2
    assert any(scene.beside for scene in scenes)
    assert any(scene.to_seed is not None for scene in scenes)
    assert any(scene.layers >= 100 for scene in scenes)
    assert any(scene.width <= 3 for scene in scenes)
