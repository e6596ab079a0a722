"""A flight of the autopilot as a film: as many frames as asked for, no jump between two, the same again."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from weightscape.cli.cli import run
from weightscape.file.png import read_text
from weightscape.picture.render import render
from weightscape.publish import gallery
from weightscape.publish.caption import KEYWORD
from weightscape.publish.flight_film import Flown
from weightscape.scene.scene import Scene, from_mapping
from weightscape.scene.scene_error import SceneError

SIZE = (64, 40)
JUNGLE = gallery.scene("jungle")
FPS = Fraction(10)


def pictures(scenes: list[Scene]) -> list[np.ndarray]:  # type: ignore[type-arg]
    return [render(scene, size=SIZE, samples=4, engine="numpy").astype(float) for scene in scenes]


def steps(seen: list[np.ndarray]) -> list[float]:  # type: ignore[type-arg]
    """Measure how far pictures differ from the ones before, of 255 levels."""
    return [float(np.abs(other - one).mean()) for one, other in pairwise(seen)]


def test_the_same_film_again_and_in_any_order() -> None:
    one, other = (Flown(JUNGLE, 60, FPS, SIZE) for _ in range(2))
    backwards = [other.at(k) for k in reversed(range(60))][::-1]
    assert [one.at(k) for k in range(60)] == backwards
    assert one.at(0) == JUNGLE
    assert one.at(59).radius < 0.6 * JUNGLE.radius
    for k in (-1, 60):
        with pytest.raises(IndexError, match=r"is not in 0\.\.59"):
            one.at(k)


@pytest.mark.slow
def test_no_picture_jumps_from_the_one_before() -> None:
    """Through two goals and the way back: a step is never much larger than the ones beside it, as a cut would be."""
    film = Flown(gallery.scene("digits"), 180, FPS, SIZE)
    flown = [film.at(k) for k in range(film.frames)]
    radii = [scene.radius for scene in flown]
    turns = [k for k in range(1, 179) if (radii[k] - radii[k - 1]) * (radii[k + 1] - radii[k]) < 0.0]
    assert len(turns) >= 2
    moved = steps(pictures([replace(scene, lens="outputs") for scene in flown]))
    assert jump(moved) < 1.5
    cut = flown[:90] + flown[100:]
    assert jump(steps(pictures([replace(scene, lens="outputs") for scene in cut]))) > 3.0


def jump(moved: list[float]) -> float:
    """Tell how many times a step is as large as the larger one of those beside it, at most; small ones do not count."""
    typical = float(np.median(moved))
    return max(b / max(a, c, typical) for a, b, c in zip(moved, moved[1:], moved[2:], strict=False))


def test_what_varies_does_and_the_rest_stays() -> None:
    scene = replace(gallery.scene("mask"), time=0.25)
    still, timed, both = (Flown(scene, 40, FPS, SIZE, vary) for vary in ((), ("time",), ("time", "weights")))
    assert still.at(39).time == scene.time
    assert 0.25 < timed.at(39).time < 0.6
    assert (timed.at(39).seed, timed.at(39).mix) == (scene.seed, scene.mix)
    assert both.at(39).mix
    assert both.told() == {"autopilot": ["time", "weights"]}


def test_what_cannot_be_flown_is_refused() -> None:
    with pytest.raises(SceneError, match=r"^lens: the autopilot flies over the plane, and weights shows a chart"):
        Flown(replace(JUNGLE, lens="weights"), 2, FPS, SIZE)
    with pytest.raises(SceneError, match=r"^radius: 2\.6 shows a flat picture, from farther away, too"):
        Flown(Scene(scale=0.0), 2, FPS, SIZE)
    with pytest.raises(SceneError, match=r"^frames: 0 is not in 1\.\."):
        Flown(JUNGLE, 0, FPS, SIZE)
    with pytest.raises(SceneError, match=r"^time: it moves nothing here"):
        Flown(JUNGLE, 2, FPS, SIZE, ("time",))


def test_animate_writes_its_frames_and_each_tells_its_scene(tmp_path: Path) -> None:
    words = ("--scene", "digits", "--autopilot", "--seconds", "1.5", "--fps", "4", "--size", "64x40")
    assert run(["animate", *words, "-o", str(tmp_path / "film")]) == 0
    files = sorted((tmp_path / "film").glob("*.png"))
    film = Flown(gallery.scene("digits"), 6, Fraction(4), SIZE)
    told = [from_mapping(json.loads(read_text(file, KEYWORD))["scene"]) for file in files]
    assert [each.view for each in told] == [film.at(k).view for k in range(6)]
    before = [file.stat().st_mtime_ns for file in files]
    assert run(["animate", *words, "-o", str(tmp_path / "film")]) == 0  # goes on where nothing is missing
    assert [file.stat().st_mtime_ns for file in files] == before
