"""A session as text: it comes back as it was, can be read, and what is broken in it costs as little as can be."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training import data

from weightscape.explore.keep.history import Step
from weightscape.explore.keep.session import Lines, Session, SessionError, session
from weightscape.publish import gallery
from weightscape.scene.command import COMMANDS, apply
from weightscape.scene.epoch import epoch_name
from weightscape.scene.scene import Scene

FRAME = 10, 20, 640, 400


def walk() -> tuple[Step, ...]:
    """Do each command once, on each of the keys' scenes."""
    steps = [Step(Scene())]
    for each in gallery.presets():
        steps.append(Step(gallery.scene(each.file)))
        for command in COMMANDS:
            if command.change:
                steps.append(Step(apply(command, steps[-1].scene, len(steps))))
    steps.append(replace(steps[-1], is_paused=True))
    steps.append(replace(steps[-1], is_paneled=True))
    steps.append(replace(steps[-1], scene=Scene(seed=5), bred="child"))
    return tuple(steps)


STEPS = walk()


def broken(**changes: Any) -> str:
    """Write a session of three steps with other values at its top."""
    values = json.loads(Lines().text(Session(STEPS[:3], 1, FRAME)))
    return json.dumps(values | changes)


@pytest.mark.slow
def test_a_session_comes_back_as_it_was() -> None:
    left = Session(STEPS[-400:], 123, (-5, 20, 640, 400), is_fullscreen=True)
    assert session(Lines().text(left)) == (left, 0)
    assert len(STEPS) > 300


def test_a_step_is_a_line_that_says_what_differs() -> None:
    steps = (
        Step(Scene()),
        Step(Scene(seed=7)),
        Step(Scene(seed=7, rule="he")),
        Step(Scene(seed=7)),
        Step(Scene(seed=7), is_paneled=True),
    )
    lines = Lines().text(Session(steps, 4, FRAME)).splitlines()
    assert lines[6:10] == [
        '{"seed": 7},',
        '{"rule": "he", "scale": 1.0, "bias_scale": 0.3},',
        '{"bias_scale": null, "rule": "fixed", "scale": 0.7},',
        '{"is_paneled": true}',
    ]
    assert '"seed": 43' in lines[5]


def test_lines_that_were_written_before_are_the_same_after_steps_were_added_and_cut_off() -> None:
    lines = Lines()
    for steps in (STEPS[:40], STEPS[:60], (*STEPS[:30], *STEPS[70:80]), STEPS[5:90], (STEPS[0],) * 3):
        left = Session(steps, 0, FRAME)
        assert lines.text(left) == Lines().text(left)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "[]",
        "{}",
        "[" * 100_000,
        Lines().text(Session(STEPS[:9], 1, FRAME))[:-200],
        broken(version=2),
        broken(version=True),
        broken(steps=[]),
        broken(steps="many"),
        broken(steps=[1, 2, 3]),
        broken(steps=[{"seed": -1}]),
        broken(place=3),
        broken(place=-1),
        broken(place="1"),
        broken(window=[]),
        broken(window={"left": 0, "top": 0, "width": 0, "height": 9}),
        broken(window={"left": 1e9, "top": 0, "width": 9, "height": 9}),
    ],
)
def test_what_is_no_session_is_refused(text: str) -> None:
    with pytest.raises(SessionError):
        session(text)


def test_a_step_that_cannot_be_is_left_out_and_the_others_are_there() -> None:
    lines = [{}, {"seed": 7}, {"layers": 1000}, {"layers": 3}, {"dragon": 1}, {"dragon": None, "seed": 8}]
    found, lost = session(broken(steps=lines, place=4))
    assert lost == 2
    assert [(step.scene.seed, step.scene.layers) for step in found.steps] == [(43, 27), (7, 27), (7, 3), (8, 3)]
    assert found.place == 2  # the one before the one that is lost


def test_steps_whose_weights_are_gone_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("own.npz", W1=np.ones((2, 3)), b1=np.zeros(3))
    mine = Scene(weights="own.npz", beside='{"weights": "street-light"}')
    steps = Step(Scene()), Step(mine), Step(gallery.scene("digits")), Step(Scene(beside='{"weights": "own.npz"}'))
    text = Lines().text(Session(steps, 1, FRAME))
    monkeypatch.chdir("/")
    found, lost = session(text)
    assert lost == 0
    assert found.steps[1].scene == replace(mine, weights=str(tmp_path / "own.npz"))
    (tmp_path / "own.npz").unlink()
    found, lost = session(text)
    assert (lost, [step.scene for step in found.steps], found.place) == (2, [steps[0].scene, steps[2].scene], 0)


def test_names_that_are_no_text_are_kept_too() -> None:
    step = Step(Scene(weights="\udcff.npz"))
    text = Lines().text(Session((Step(Scene()), step), 0, FRAME))
    text.encode("utf-8")
    assert session(text)[1] == 1  # no such file


def test_500_steps_of_wheel_and_keys_are_not_large() -> None:
    scene, steps = Scene(), [Step(Scene())]
    for n in range(500):
        scene = replace(scene, seed=n) if n % 2 else scene.looking(replace(scene.view, radius=scene.radius * 0.9))
        steps.append(Step(scene))
    assert len(Lines().text(Session(tuple(steps), 500, FRAME))) < 30_000


def test_networks_that_one_file_held_one_after_the_other_are_one_step_of_a_text(tmp_path: Path) -> None:
    file = tmp_path / "net.npz"
    file.write_bytes(data(1))
    scenes = [Scene(seed=2), *(Scene(weights=epoch_name(str(file), n)) for n in (1, 2, 3)), Scene(seed=5)]
    steps = tuple(map(Step, (*scenes, Scene(seed=5))))
    kept = Step(scenes[0]), Step(scenes[1]), Step(scenes[4]), Step(scenes[4])
    for place, expected in enumerate((0, 1, 1, 1, 2, 3)):
        found, lost = session(Lines().text(Session(steps, place, FRAME)))
        assert (found.steps, found.place, lost) == (kept, expected, 0)
