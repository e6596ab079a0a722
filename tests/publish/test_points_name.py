"""Points are named from where the file that names them lies, known by their contents, and in no link."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from spirals import written

from weightscape.cli.cli import run
from weightscape.explore.keep.history import Step
from weightscape.explore.keep.session import Lines, Session, session
from weightscape.file.png import read_text
from weightscape.publish.bookmark import in_words
from weightscape.publish.caption import KEYWORD
from weightscape.publish.capture import scene_hash
from weightscape.scene.link import from_link, link
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.scene_error import SceneError

SMALL = ("--size", "20x15", "--engine", "numpy")


@pytest.fixture(autouse=True)
def place(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with network and points in its folder data."""
    (tmp_path / "job" / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "job")
    written(Path("data"))
    return tmp_path


def made(*args: str) -> None:
    assert run(args) == 0


def told(path: str) -> dict[str, Any]:
    return dict(json.loads(str(read_text(path, KEYWORD))))


def render(output: str, *args: str) -> None:
    made("render", "--weights", "data/spirals.npz", "--points", "data/spirals.csv", *SMALL, *args, "-o", output)


def test_a_picture_names_its_points_as_it_names_its_weights(place: Path) -> None:
    Path("out").mkdir()
    render("out/a.png")
    found = told("out/a.png")
    assert found["scene"]["points"] == "../data/spirals.csv"
    assert {*found["fingerprints"]} == {"../data/spirals.csv", "../data/spirals.npz"}
    shutil.move("../job", "../elsewhere")
    made("render", "--scene", str(place / "elsewhere/out/a.png"), "-o", str(place / "b.png"))
    seen, again = (np.asarray(Image.open(place / each)) for each in ("elsewhere/out/a.png", "b.png"))
    assert np.array_equal(seen, again)


def test_other_points_in_their_place_are_drawn_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    render("a.png")
    Path("data/spirals.csv").write_text("0.5,0.5,1\n")
    capsys.readouterr()
    made("render", "--scene", "a.png", "-o", "b.png")
    assert "data/spirals.csv has changed since this was made: other points (fingerprint" in capsys.readouterr().err
    assert Path("a.png").read_bytes() != Path("b.png").read_bytes()


def test_points_that_are_gone_are_missed_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    render("a.png")
    Path("data/spirals.csv").unlink()
    assert run(("render", "--scene", "a.png", "-o", "b.png")) == 1
    assert "does not exist (the scene names it; --points FILE takes another)" in capsys.readouterr().err
    made("render", "--scene", "a.png", "--points", "", "-o", "b.png")


def test_no_link_holds_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SceneError, match=r"cannot hold 'spirals\.csv', a file of yours"):
        link(Scene(points="data/spirals.csv"))
    with pytest.raises(SceneError, match="a file of yours"):
        link(Scene(beside='{"points": "data/spirals.csv"}'))
    lined = Scene(axes=True, contour=True)
    assert from_link(link(lined)) == lined
    assert run(("link", "--points", "data/spirals.csv")) != 0
    assert "a file of yours" in capsys.readouterr().err


def test_what_lies_over_a_picture_is_silent_in_the_text_of_one_that_has_nothing() -> None:
    assert not {"points", "axes", "contour"} & {*json.loads(Scene().to_text())}
    scene = Scene(points="a.csv", axes=True, contour=True)
    assert from_text(scene.to_text()) == scene


def test_captures_are_known_by_the_files_name_alone() -> None:
    assert scene_hash(Scene(points="a/b.csv")) == scene_hash(Scene(points="c/b.csv"))
    assert scene_hash(Scene(points="a/b.csv")) != scene_hash(Scene(points="a/c.csv"))
    assert in_words(Scene(points="a/b.csv"))


def test_the_session_keeps_their_whole_path_and_drops_what_is_gone() -> None:
    scene = Scene(points="data/spirals.csv")
    kept = Session((Step(Scene()), Step(scene)), 1, (0, 0, 90, 60), is_fullscreen=False)
    text = Lines().text(kept)
    found, lost = session(text)
    assert found.steps[1].scene == replace(scene, points=str(Path("data/spirals.csv").resolve()))
    assert lost == 0
    Path("data/spirals.csv").unlink()
    assert session(text)[1] == 1
