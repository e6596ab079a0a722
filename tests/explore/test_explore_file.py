"""weightscape FILE: a file that a desktop hands over is opened as one that is dropped."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from display import until
from patience import ran
from program import running

from weightscape.file.npz import write_weights
from weightscape.file.png import read_text, write_png
from weightscape.network.activation import ACTIVATIONS as TABLE
from weightscape.publish.caption import KEYWORD, caption
from weightscape.scene.link import link
from weightscape.scene.scene import Scene

ACTIVATIONS = list(TABLE)
SEVEN = Scene(seed=7, layers=3, width=6)


def given(folder: Path, suffix: str) -> Path:
    """Make a file of one kind."""
    path = folder / f"own file{suffix}"
    if suffix == ".png":
        pixels = [np.zeros((1, 2, 3), np.uint8)]
        write_png(path, (2, 1), pixels, {KEYWORD: caption(SEVEN, (2, 1), 1, "single", path)})
    elif suffix == ".npz":
        np.savez(path, W1=np.ones((2, 4)), b1=np.ones(4), W2=np.ones((4, 3)), b2=np.zeros(3))
    else:
        path.write_text(SEVEN.to_text())
    return path


@pytest.mark.parametrize("suffix", [".png", ".weightscape", pytest.param(".json", marks=pytest.mark.long)])
def test_a_file_is_opened(tmp_path: Path, suffix: str) -> None:
    path = given(tmp_path, suffix)
    with running(tmp_path, "--size", "160x120", str(path)) as program:
        program.told(f"opened {path.name} (Backspace goes back)")
        until(lambda: program.scene() == SEVEN, "the file's scene")
        assert program.asked_after("backspace") == Scene()


def test_what_cannot_be_opened_is_told_in_the_window(tmp_path: Path) -> None:
    write_png(tmp_path / "other.png", (2, 1), [np.zeros((1, 2, 3), np.uint8)], {})
    with running(tmp_path, "--size", "160x120", str(tmp_path / "other.png")) as program:
        program.told("the picture carries no scene")
        assert program.scene() == Scene()


def test_a_link_is_opened(tmp_path: Path) -> None:
    with running(tmp_path, "--size", "160x120", f"https://example.org/#{link(SEVEN).partition('#')[2]}") as program:
        until(lambda: program.scene() == SEVEN, "the link's scene")


@pytest.mark.parametrize("words", [["explore"], []])
def test_without_a_display_a_still_of_it_is_made(tmp_path: Path, words: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment |= {"WEIGHTSCAPE_OUTPUT_DIR": str(tmp_path / "captures"), "WEIGHTSCAPE_ENGINE": "numpy"}
    command = [sys.executable, "-m", "weightscape", *words, str(given(tmp_path, ".png")), "--size", "40x30"]
    done = ran(*command, env=environment)
    assert done.returncode == 0, done.stderr
    assert '"seed": 7' in str(read_text(Path(done.stdout.strip()), KEYWORD))


def test_a_command_is_one_also_where_a_file_has_its_name(tmp_path: Path) -> None:
    (tmp_path / "show").write_text("a file")
    done = ran(sys.executable, "-m", "weightscape", "show", "--help", cwd=tmp_path)
    assert "Print the scene inside a picture" in done.stdout


def test_weights_are_opened_and_a_file_that_does_not_tell_its_activations_gets_others_by_keys(tmp_path: Path) -> None:
    path = given(tmp_path, ".npz")
    with running(tmp_path, "--size", "160x120", str(path)) as program:
        program.told("hidden layers are tanh, the last layer is sigmoid; others by key A, key O")
        until(lambda: program.scene() == Scene(weights=str(path)), "the file's scene")
        following = ACTIVATIONS[(ACTIVATIONS.index("tanh") + 1) % len(ACTIVATIONS)]
        assert program.asked_after("a") == Scene(weights=str(path), activation=following)
        assert program.asked_after("o").output_activation != "sigmoid"
        program.said_after("t", "this network was loaded from a file and stays as it is")
        program.told(f"opened {path.name} (Backspace goes back)")
        while program.scene().weights:
            program.asked_after("backspace")
        assert program.scene() == Scene()


def test_a_file_named_by_an_option_says_so_in_the_window_too(tmp_path: Path) -> None:
    path = given(tmp_path, ".npz")
    with running(tmp_path, "--size", "160x120", "--weights", str(path), "--activation", "relu") as program:
        program.told("the last layer is sigmoid; others by key O")
        until(lambda: program.scene() == Scene(weights=str(path), activation="relu"), "the scene")


def test_outputs_that_colours_cannot_show_have_a_hint(tmp_path: Path) -> None:
    write_weights(tmp_path / "net.npz", [np.eye(2, 3) * 9.0], [np.zeros(3)], ["identity"])
    with running(tmp_path, "--size", "640x400", "--weights", str(tmp_path / "net.npz")) as program:
        program.settled()
        until(lambda: program.said("found"), "what is seen")
        assert program.asked_after("enter") == Scene(weights=str(tmp_path / "net.npz"), levels="auto")
