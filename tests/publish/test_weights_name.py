"""Weights are named from where the file that names them lies, and are known by what they contain."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weightscape.cli.cli import run
from weightscape.explore.task.record import Recorder
from weightscape.file.npz import write_weights
from weightscape.file.png import read_text
from weightscape.publish import caption, gallery
from weightscape.publish.capture import write_capture
from weightscape.scene.scene import Scene, from_text

SMALL = ("--size", "8x6", "--engine", "numpy")
FILM = ("--vary", "angle=0:9", "--seconds", "0.1", "--size", "8x6", "--engine", "numpy")


@pytest.fixture(autouse=True)
def place(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of somebody's home, with a network in its folder models."""
    home = tmp_path / "homes" / "alice"
    (home / "job" / "models").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home / "job")
    written("models/net.npz", 1)
    return home / "job"


def written(path: str | Path, seed: int) -> None:
    """Write a network of one layer, of the same size for every seed."""
    write_weights(path, [np.random.default_rng(seed).normal(size=(2, 3))], [np.zeros(3)], ["sigmoid"])


def made(*args: str) -> None:
    assert run(args) == 0


def told(path: str | Path) -> dict[str, Any]:
    """Read what a file says of its scene."""
    if str(path).endswith((".json", ".gif")):
        return dict(json.loads(Path(path).with_suffix(Path(path).suffix.replace("gif", "gif.json")).read_text()))
    text = read_text(path, caption.KEYWORD) if str(path).endswith(".png") else gallery._text(path)
    return dict(json.loads(text or "{}"))


def weights(path: str | Path) -> str:
    found = told(path)
    return str(found.get("scene", found)["weights"])


def same(a: str | Path, b: str | Path) -> bool:
    return Path(a).read_bytes() == Path(b).read_bytes()


@pytest.mark.parametrize("given", ["models/net.npz", "{}/models/net.npz", "./models/../models/net.npz"])
@pytest.mark.parametrize(
    ("output", "name"),
    [("pic.png", "models/net.npz"), ("models/pic.png", "net.npz"), ("out/pic.png", "../models/net.npz")],
)
def test_a_picture_names_its_weights_from_where_it_lies(given: str, output: str, name: str, place: Path) -> None:
    Path("out").mkdir()
    made("render", "--weights", given.format(place), *SMALL, "-o", output)
    assert weights(output) == name
    data = Path(output).read_bytes()
    assert b"alice" not in data
    assert b"homes" not in data
    again = os.path.join(os.path.dirname(output), "again.png")
    made("render", "--scene", output, "--engine", "numpy", "-o", again)
    assert same(again, output)


@pytest.mark.parametrize("output", ["a.mp4", "a.webm", "a.gif", "frames/000001.png", "a.json"])
def test_so_do_films_frames_and_scenes(output: str, place: Path) -> None:
    pytest.importorskip("av")
    where = os.path.dirname(output) or output
    command = ("export",) if output.endswith(".json") else ("animate", *FILM)
    made(*command, "--weights", f"{place}/models/net.npz", "-o", where)
    assert weights(output) == ("../" if "/" in output else "") + "models/net.npz"
    assert not any(b"alice" in path.read_bytes() for path in Path().rglob("*") if path.is_file())


def test_so_do_captures_and_recordings(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("av")
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(place / "shots"))
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    scene = Scene(weights=f"{place}/models/net.npz")
    first = write_capture(scene, (8, 6))
    assert weights(first) == "../models/net.npz"
    assert write_capture(scene, (8, 6)) == first, "the same picture is written anew"
    recorder = Recorder(lambda: None)
    recorder.toggle(scene, (32, 32), 0.0)
    recorder.see(np.zeros((32, 32, 3), np.uint8), 0.1)
    recorder.toggle(scene, (32, 32), 0.2)  # close() would end it by the machine's own clock
    recorder.close()
    film = next((place / "shots").glob("*.mp4"))
    assert weights(film) == "../models/net.npz"


def test_a_way_through_the_home_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "public").mkdir()
    picture = tmp_path / "public" / "pic.png"
    made("render", "--weights", "models/net.npz", *SMALL, "-o", str(picture))
    assert weights(picture) == "net.npz"
    capsys.readouterr()
    assert run(["render", "--scene", str(picture), "-o", "again.png"]) == 1
    assert (
        f"cannot read {tmp_path}/public/net.npz: it does not exist (the scene names it; --weights FILE takes "
        "another)" in capsys.readouterr().err
    )
    made("render", "--scene", str(picture), "--weights", "models/net.npz", "--engine", "numpy", "-o", "again.png")


def test_who_the_user_is_is_not_told_where_home_is_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "public").mkdir()
    picture = tmp_path / "public" / "pic.png"
    monkeypatch.setenv("HOME", str(tmp_path / "public"))
    for each in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(each, raising=False)
    made("render", "--weights", "models/net.npz", *SMALL, "-o", str(picture))
    assert weights(picture) == "../homes/alice/job/models/net.npz"
    monkeypatch.setenv("LOGNAME", "alice")
    made("render", "--weights", "models/net.npz", *SMALL, "-o", str(picture))
    assert weights(picture) == "net.npz"


def test_folders_that_are_links_are_followed(place: Path) -> None:
    Path("far/away").mkdir(parents=True)
    Path("link").symlink_to(place / "far" / "away")
    made("render", "--weights", "models/net.npz", *SMALL, "-o", "link/pic.png")
    assert weights("link/pic.png") == "../../models/net.npz"
    for picture in ("link/pic.png", "far/away/pic.png"):
        made("render", "--scene", picture, "--engine", "numpy", "-o", "far/away/again.png")
        assert same("far/away/again.png", "far/away/pic.png")
    Path("models/shortcut.png").symlink_to(place / "far" / "away" / "pic.png")
    made("render", "--scene", "models/shortcut.png", "--engine", "numpy", "-o", "far/away/again.png")
    assert same("far/away/again.png", "far/away/pic.png")


def test_shipped_names_stay() -> None:
    made("render", "--weights", "street-light", "--inputs", "x,y,1", *SMALL, "-o", "models/pic.png")
    assert weights("models/pic.png") == "street-light"
    assert list(told("models/pic.png")["fingerprints"]) == ["street-light"]
    made("render", "--scene", "models/pic.png", "--engine", "numpy", "-o", "models/again.png")
    assert same("models/pic.png", "models/again.png")


def test_a_picture_lies_beside_its_network_and_the_readers_folder_has_another(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, seed in (("A", 1), ("B", 2)):
        Path(folder).mkdir()
        written(f"{folder}/net.npz", seed)
    monkeypatch.chdir("A")
    made("render", "--weights", "net.npz", *SMALL, "-o", "pic.png")
    monkeypatch.chdir("../B")
    capsys.readouterr()
    made("render", "--scene", "../A/pic.png", "--engine", "numpy", "-o", "../A/again.png")
    assert same("../A/pic.png", "../A/again.png")
    assert capsys.readouterr().err == ""
    os.remove("../A/net.npz")
    assert run(["render", "--scene", "../A/pic.png", "-o", "again.png"]) == 1
    assert "cannot read ../A/net.npz: it does not exist" in capsys.readouterr().err


def test_of_several_networks_of_the_name_the_one_of_the_picture_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    for folder, seed in (("A", 1), ("B", 2), ("C", 3)):
        Path(folder).mkdir()
        written(f"{folder}/net.npz", seed)
    made("render", "--weights", "A/net.npz", *SMALL, "-o", "A/pic.png")
    Path("B/link.png").symlink_to(Path("A/pic.png").resolve())
    capsys.readouterr()
    made("render", "--scene", "B/link.png", "--engine", "numpy", "-o", "A/again.png")
    assert same("A/pic.png", "A/again.png")
    Path("net.npz").write_bytes(Path("A/net.npz").read_bytes())
    written("A/net.npz", 4)
    for picture in ("A/pic.png", "B/link.png"):
        made("render", "--scene", picture, "--engine", "numpy", "-o", "again.png")
        assert same("A/pic.png", "again.png")
    assert capsys.readouterr().err == ""
    os.remove("net.npz")
    made("render", "--scene", "B/link.png", "--engine", "numpy", "-o", "again.png")
    assert "B/net.npz has changed since this was made" in capsys.readouterr().err


def test_another_network_of_the_name_is_told_and_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    made("render", "--weights", "models/net.npz", *SMALL, "-o", "pic.png")
    written("other.npz", 2)
    shutil.copy("other.npz", "models/net.npz")
    capsys.readouterr()
    made("render", "--scene", "pic.png", "--engine", "numpy", "-o", "again.png")
    line = "weightscape: models/net.npz has changed since this was made: another network (fingerprint "
    assert capsys.readouterr().err.startswith(line)
    assert not same("pic.png", "again.png")
    made("render", "--scene", "again.png", "--engine", "numpy", "-o", "third.png")
    made("render", "--scene", "pic.png", "--weights", "other.npz", "--engine", "numpy", "-o", "third.png")
    made("render", "--scene", "pic.png", "--weights", "", "--engine", "numpy", "-o", "third.png")
    assert capsys.readouterr().err == "", "what is asked for by name is no mistake"


def test_both_halves_of_a_split_view_are_named_and_known(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    written("models/right.npz", 3)
    right = json.dumps({"weights": f"{place}/models/right.npz"})
    Path("out").mkdir()
    made("render", "--weights", "models/net.npz", "--beside", right, *SMALL, "-o", "out/pic.png")
    found = told("out/pic.png")
    assert json.loads(found["scene"]["beside"]) == {"weights": "../models/right.npz"}
    assert set(found["fingerprints"]) == {"../models/net.npz", "../models/right.npz"}
    written("models/right.npz", 4)
    capsys.readouterr()
    made("render", "--scene", "out/pic.png", "--engine", "numpy", "-o", "again.png")
    assert "out/../models/right.npz has changed since this was made" in capsys.readouterr().err


def test_pictures_without_a_fingerprint_work_as_they_did(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    text = Scene(weights="models/net.npz").to_text()
    Path("out/old.json").write_text(text)  # written when names were those of the current folder
    made("render", "--scene", "out/old.json", *SMALL, "-o", "a.png")
    said = "models/net.npz is not beside the file that names it: taken from the current folder"
    assert capsys.readouterr().err == f"weightscape: {said}\n"
    Path("old.json").write_text(text)
    made("render", "--scene", "old.json", *SMALL, "-o", "b.png")
    made("render", "--scene", text, *SMALL, "-o", "c.png")
    assert capsys.readouterr().err == ""
    assert same("a.png", "b.png")
    assert same("a.png", "c.png")


def test_an_exported_scene_is_flat_and_its_text_can_be_pasted() -> None:
    made("export", "--weights", "models/net.npz", "-o", "a.json")
    found = json.loads(Path("a.json").read_text())
    assert found["weights"] == "models/net.npz"
    assert list(found["fingerprints"]) == ["models/net.npz"]
    assert from_text(Path("a.json").read_text()) == Scene(weights="models/net.npz")


def test_no_scene_leaves_no_scene() -> None:
    pytest.importorskip("av")
    made("render", "--weights", "models/net.npz", "--no-scene", *SMALL, "-o", "a.png")
    assert read_text("a.png", caption.KEYWORD) is None
    for film in ("a.mp4", "a.gif", "film/"):
        made("animate", *FILM, "--weights", "models/net.npz", "--no-scene", "-o", film)
    made("render", "--no-scene", "--size", "8x6", "--engine", "numpy", "-o", "b.png")
    shared = [path for path in Path().rglob("*") if path.is_file() and path.suffix != ".npz"]
    assert {path.name for path in shared} >= {"a.png", "a.mp4", "a.gif", "b.png", "000001.png"}
    for path in shared:
        data = path.read_bytes()
        assert b'"scene"' not in data
        assert b"net.npz" not in data
        assert b"iTXt" not in data


def test_frames_that_tell_no_scene_are_made_anew(place: Path) -> None:
    pytest.importorskip("av")
    made("animate", *FILM, "--no-scene", "-o", "film/")
    first = Path("film/000001.png").stat().st_ino
    made("animate", *FILM, "--no-scene", "-o", "film/")
    assert Path("film/000001.png").stat().st_ino != first
