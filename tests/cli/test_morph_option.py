"""`weightscape animate --to SCENE`: which scenes the frames are, and what is refused in a line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from weightscape.cli.animate_option import AnimateCommand
from weightscape.cli.cli import run
from weightscape.file.png import read_text
from weightscape.picture.render import render
from weightscape.publish.caption import KEYWORD
from weightscape.scene.link import link
from weightscape.scene.morph import Morph, Way
from weightscape.scene.scene import Scene, from_mapping

A, B, C = Scene(), Scene(seed=17, radius=0.5), Scene(seed=5, scale=0.9)


def morph(*words: str) -> tuple[Morph, Any]:
    """Read a command line as `animate` does."""
    found: dict[str, Any] = {}
    command = AnimateCommand("animate", callback=lambda **given: found.update(given))
    command.main([*words], standalone_mode=False)
    assert isinstance(found["animation"], Morph)
    return found["animation"], found["fps"]


def test_scenes_are_named_as_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    file.write_text(B.to_text())
    made, _ = morph("--to", str(file), "--to", C.to_text(), "--to", link(B), "--to", "figure-11")
    assert made.scenes[:4] == (A, B, C, B)
    assert made.scenes[4].to_text() == A.to_text()
    started, _ = morph("--scene", B.to_text(), "--scale", "0.9", "--to", C.to_text())
    assert started.scenes == (Scene(seed=17, radius=0.5, scale=0.9), C)


def test_a_frame_is_an_even_step_at_an_eased_pace() -> None:
    made, fps = morph("--to", B.to_text(), "--seconds", "0.5", "--fps", "10")
    assert (made.frames, fps, made.loop) == (5, 10, False)
    assert [made.at(k) for k in range(5)] == [Way(A, B).at(part) for part in (0, 5 / 32, 0.5, 27 / 32, 1)]
    even, _ = morph("--to", B.to_text(), "--seconds", "0.5", "--fps", "10", "--ease", "linear")
    assert [even.at(k) for k in range(5)] == [Way(A, B).at(k / 4) for k in range(5)]


def test_each_way_lasts_four_seconds_and_a_loop_leads_back() -> None:
    assert morph("--to", B.to_text())[0].frames == 120
    looped, _ = morph("--to", B.to_text(), "--loop")
    assert (looped.frames, looped.loop) == (240, True)
    assert (looped.at(0), looped.at(120)) == (A, B)
    assert morph("--to", B.to_text(), "--to", A.to_text(), "--loop")[0].frames == 240


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", '{"layers": 12}'], "--to: no morph of these scenes: layers: 27 and 12 differ, and a morph keeps it"),
        (
            ["--to", '{"tied": false}'],
            "--to: no morph of these scenes: tied/--independent: tied and independent differ",
        ),
        (["--to", "nowhere"], "--to: nowhere is neither JSON text, nor a link, nor a file, nor one of "),
        (["--to", '{"seed": -1}'], "--to: seed: -1 is not in 0..18446744073709551615"),
        (["--to", "{}", "--vary", "scale=1:2"], "--vary: nothing else varies where --to names what comes"),
        (["--to", "{}", "--keys", "scale=0:1,1:2"], "--keys: nothing else varies"),
        (["--to", "{}", "--ease", "geometric"], "--ease: 'geometric' is not one of linear, smooth"),
        (["--to", "{}", "--seconds", "0"], "--seconds: 0 is not above 0"),
        (["--to", "{}", "--seconds", "86400", "--fps", "240"], "--seconds: 20736000 is not in 1..1000000"),
        (["runs", "--to", "{}"], "--to: nothing else varies in a film of networks"),
    ],
)
def test_what_makes_no_morph_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["animate", "-o", "no.mp4", *words]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"weightscape: {said}")
    assert err.count("\n") == 1


def test_a_folder_s_frames_are_the_pictures_of_their_scenes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--engine", "numpy", "--size", "24x16", "--seconds", "0.5", "--fps", "10", "--loop"]
    assert run(["animate", "--to", B.to_text(), "--to", C.to_text(), *words, "-o", "frames"]) == 0
    made = Morph((A, B, C), 5, loop=True)
    names = sorted(path.name for path in (tmp_path / "frames").iterdir())
    assert len(names) == 5
    for k, name in enumerate(names):
        pixels = np.asarray(Image.open(tmp_path / "frames" / name).convert("RGB"))
        assert (pixels == render(made.at(k), size=(24, 16), engine="numpy")).all()
        assert from_mapping(json.loads(read_text(tmp_path / "frames" / name, KEYWORD))["scene"]) == made.at(k)


def test_a_film_carries_its_first_scene_and_what_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--engine", "numpy", "--size", "24x16", "--seconds", "0.2", "--fps", "10"]
    assert run(["animate", "--to", B.to_text(), *words, "-o", "m.png"]) == 0
    told = json.loads((tmp_path / "m.png.json").read_text())
    assert told["animation"] == {
        "frames": 2, "fps": "10", "loop": False, "ease": "smooth", "to": [{"seed": 17, "radius": 0.5}]
    }  # fmt: skip
    capsys.readouterr()
    assert run(["show", "m.png.json"]) == 0
    assert from_mapping(json.loads(capsys.readouterr().out)) == A
