"""Shipped scenes are what they are named for; files give back the scene they carry, or one clear reason."""

import json
from pathlib import Path

import numpy as np
import pytest

from weightscape.file.png import write_png
from weightscape.file.video import write_video
from weightscape.file.whole_file import FileError
from weightscape.publish import gallery
from weightscape.publish.caption import KEYWORD, caption
from weightscape.scene.json_text import json_object
from weightscape.scene.scene import Scene, from_mapping, from_text
from weightscape.scene.scene_error import SceneError

PIXEL = [np.zeros((1, 1, 3), np.uint8)]


def test_figure_11_is_the_default_scene_and_figure_12_the_same_with_40_layers() -> None:
    assert gallery.scene("figure-11") == Scene()
    assert gallery.scene("figure-12") == Scene(layers=40)


@pytest.mark.parametrize("name", gallery.names())
def test_a_shipped_scene_stands_in_its_complete_text_form(name: str) -> None:
    text = (Path(gallery.__file__).parents[3] / "assets" / "scenes" / f"{name}.json").read_text("utf-8")
    assert json.loads(text) == json.loads(gallery.scene(name).to_text())


def test_there_is_a_scene_for_each_of_nine_keys() -> None:
    assert len(set(gallery.presets())) == 9
    assert {each.file for each in gallery.presets()} <= set(gallery.names())


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        gallery.scene("../figure-11")


def test_a_picture_gives_back_all_it_carries(tmp_path: Path) -> None:
    scene = Scene(seed=2**64 - 1, center=("0.1000000000000000000000000001", "-2e-5"))  # type: ignore[arg-type]
    write_png(tmp_path / "a.png", (1, 1), PIXEL, {KEYWORD: caption(scene, (1, 1), 3, "double", tmp_path / "a.png")})
    carried = gallery.inside(tmp_path / "a.png")
    assert from_mapping(carried["scene"]) == scene
    assert (carried["size"], carried["samples"], carried["precision"]) == ([1, 1], 3, "double")


def test_a_json_file_may_hold_a_scene_or_a_caption(tmp_path: Path) -> None:
    about = caption(Scene(seed=5), (2, 3), 1, "single", tmp_path / "a.json")
    for text in (Scene(seed=5).to_text(), about, '\ufeff{"seed": 5}'):
        (tmp_path / "a.json").write_text(text, "utf-8")
        assert from_mapping(gallery.inside(tmp_path / "a.json")["scene"]) == Scene(seed=5)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "truncated"),
        (b"\x89PNG", "truncated|not a PNG"),
        (b"\xff\xd8\xff\xe0 a photo", "neither a picture nor a film made here nor JSON text"),
        (b" " * 300_000, "at most 65536 characters"),
    ],
)
def test_a_file_without_a_scene_says_so(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(FileError, match=reason):
        gallery.inside(tmp_path / "a")


def test_a_picture_without_a_scene_says_so(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", (1, 1), PIXEL, {})
    with pytest.raises(FileError, match="carries no scene"):
        gallery.inside(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 60_000, "not JSON"),
        ('{"scene": 3}', "not a JSON object"),
        ('{"scene": {}, "colour": 1}', "colour: no such field"),
        ('{"scene": {}, "fingerprints": ["a"]}', "fingerprints: not a JSON object of names"),
        ('{"seed": 5, "fingerprints": {"a.npz": 3}}', "fingerprints: not a JSON object of names"),
    ],
)
def test_text_that_is_no_scene_says_what_it_is(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(SceneError, match=reason):
        gallery.inside(tmp_path / "a.json")


def test_a_film_carries_its_course_beside_the_scene() -> None:
    about = {"scene": {"seed": 5}, "size": [4, 3], "animation": {"frames": 9, "vary": {}}}
    assert gallery.carried(json.dumps(about)) == about


@pytest.mark.parametrize("text", ["", "[1]", "[" * 60_000, " " * 65_537, "1" * 5000, '{"a"'])
def test_a_scene_and_what_carries_one_are_refused_alike(text: str) -> None:
    said = []
    for read in (from_text, gallery.carried, json_object):
        with pytest.raises(SceneError) as caught:
            read(text)
        said.append(str(caught.value))
    assert said == [said[0]] * 3


def test_weights_are_found_beside_the_file_that_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def named(path: str) -> str:
        return str(gallery.inside(path)["scene"]["weights"])

    scene = Scene(weights="net.npz")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    write_png("sub/a.png", (1, 1), PIXEL, {KEYWORD: json.dumps({"scene": json.loads(scene.to_text())})})
    (tmp_path / "sub" / "a.json").write_text(scene.to_text())
    (tmp_path / "sub" / "b.json").write_text('{"weights": "deep/net.npz"}')
    assert named("sub/a.png") == "net.npz"  # it is nowhere: the name is told as it stands
    for place in ("sub/net.npz", "sub/deep/net.npz"):
        (tmp_path / place).write_bytes(b"")
    assert (named("sub/a.png"), named("sub/a.json")) == ("sub/net.npz", "sub/net.npz")
    assert named("sub/b.json") == "sub/deep/net.npz"
    (tmp_path / "net.npz").write_bytes(b"")
    assert named("sub/a.png") == "sub/net.npz"  # never the current folder's
    (tmp_path / "sub" / "b.json").write_text(json.dumps({"weights": str(tmp_path / "gone.npz")}))
    assert named("sub/b.json") == str(tmp_path / "gone.npz")


@pytest.mark.parametrize("weights", ["3", '"\\u0000"', '"\\ud800"', "null"])
def test_weights_that_are_no_file_name_are_left_to_the_scene(tmp_path: Path, weights: str) -> None:
    (tmp_path / "a.json").write_text(f'{{"weights": {weights}}}')
    assert gallery.inside(tmp_path / "a.json")["scene"]["weights"] == json.loads(weights)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.gif", r"the film carries no scene, and there is no \S+a\.gif\.json$"),
        ("b.png", r"the picture carries no scene$"),
    ],
)
def test_a_film_without_the_file_beside_it_says_so(tmp_path: Path, name: str, reason: str) -> None:
    write_video(tmp_path / name, (4, 4), 10, [np.zeros((4, 4, 3), np.uint8)])
    with pytest.raises(FileError, match=reason):
        gallery.inside(tmp_path / name)


@pytest.mark.parametrize("comment", ["", "Made by hand"])
def test_another_programs_film_carries_no_scene(tmp_path: Path, comment: str) -> None:
    write_video(tmp_path / "a.mp4", (4, 4), 10, [np.zeros((4, 4, 3), np.uint8)], comment)
    with pytest.raises(FileError, match=r"the film carries no scene$"):
        gallery.inside(tmp_path / "a.mp4")
