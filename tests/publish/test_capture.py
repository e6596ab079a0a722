"""Captures go where the user wants them and never overwrite another picture."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from display import until

from weightscape.file.png import write_png
from weightscape.file.whole_file import FileError
from weightscape.publish import capture
from weightscape.publish.caption import KEYWORD
from weightscape.scene.scene import Scene


def test_captures_go_to_the_variable_then_the_file_then_the_pictures(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert capture.captures() == tmp_path / "Pictures" / "weightscape"
    config.write_text(f'output_dir = "{(tmp_path / "config dir").as_posix()}"')
    assert capture.captures() == tmp_path / "config dir"
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path / "deep" / "er"))
    assert capture.captures() == tmp_path / "deep" / "er"
    assert capture.captures().is_dir()


def test_without_a_pictures_folder_the_data_folder_serves(config: Path, tmp_path: Path) -> None:
    (tmp_path / "Pictures").write_text("a file in the way")
    assert capture.captures() == tmp_path / "data" / "captures"
    (tmp_path / "data" / "captures").rmdir()
    (tmp_path / "data").rmdir()
    (tmp_path / "data").write_text("and another")
    with pytest.raises(FileError, match=r"no folder for captures .*WEIGHTSCAPE_OUTPUT_DIR"):
        capture.captures()


def test_a_chosen_folder_is_never_swapped(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path / "file" / "x"))
    with pytest.raises(FileError, match="file"):
        capture.captures()


def test_a_capture_is_named_by_seed_and_scene_and_numbered_when_taken(config: Path) -> None:
    first = capture.capture_path(Scene(seed=7))
    assert first.name.startswith("weightscape-7-")
    assert capture.capture_path(Scene(seed=7, layers=3)).name != first.name
    pixels = [np.zeros((1, 1, 3), np.uint8)]
    write_png(first, (1, 1), pixels, {KEYWORD: "one"})
    second = capture.capture_path(Scene(seed=7))
    assert second.name == f"{first.stem}-2.png"
    second.symlink_to("nowhere")
    assert capture.capture_path(Scene(seed=7)).name == f"{first.stem}-3.png"
    assert capture.capture_path(Scene(seed=7), "one") == first
    assert capture.capture_path(Scene(seed=7), "two").name == f"{first.stem}-3.png"


def test_captures_of_weights_have_their_name_and_do_not_tell_where_they_lie(config: Path) -> None:
    def name(weights: str) -> str:
        return capture.capture_path(Scene(weights=weights)).name

    assert name("/a/net.npz") == name("b/net.npz") == name("C:\\b\\net.npz")
    assert name("net.npz").startswith("weightscape-net-")
    assert name("net.safetensors").startswith("weightscape-net-")
    assert name("my net (2).npz").startswith("weightscape-my_net_2-")
    assert name("x" * 300).startswith(f"weightscape-{'x' * 40}-")
    assert name("\0 .npz").startswith("weightscape-network-")
    assert name("other/net.npz") != name("other/nets.npz")
    assert capture.capture_path(Scene()).name == f"weightscape-43-{capture.scene_hash(Scene())}.png"
    assert capture.scene_hash(Scene()) == "52f63fb5"


def test_a_capture_tells_of_the_engine_that_makes_it(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    heard = []
    path = capture.write_capture(Scene(layers=2), (4, 3), opening=lambda choice: heard.append(choice.engine.name))
    assert path == capture.captures() / path.name
    assert heard == ["numpy"]


def test_what_a_killed_program_left_half_written_is_swept_and_no_folder_is_made(config: Path) -> None:
    capture.tidy()
    assert not capture.places()[0].exists()
    half = capture.captures() / f".weightscape-{'0' * 16}.part"
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    film = capture.captures() / "weightscape-43-0.unfinished.mp4"
    film.write_bytes(b"can be played")
    capture.tidy()
    assert list(capture.captures().iterdir()) == [film]


def test_a_capture_that_is_written_leaves_no_thread(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    taking = capture.Capture(lambda: None)
    for seed in (1, 2):
        taking.take(Scene(layers=2, seed=seed), (4, 3), 1)
        (path,) = until(taking.fetch, "the picture")
        assert isinstance(path, Path)
        until(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("capture")], "its end")
    taking.close()
