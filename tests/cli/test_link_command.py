"""`weightscape link` prints a link; wherever a scene is taken, a link is one, and a bad one is told in a line."""

import json
import os
import re
from pathlib import Path

import pytest

from weightscape.cli.cli import run
from weightscape.cli.command import explore as explore_file
from weightscape.file.npz import write_weights
from weightscape.picture.network_memory import network
from weightscape.scene.link import link
from weightscape.scene.scene import Scene

SEVEN = Scene(seed=7, layers=5, width=8)
LINK = link(SEVEN)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder without a display, where captures go, too."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path))
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Run what fails; give the status and the line on stderr."""
    status = run(args)
    said = capsys.readouterr()
    assert said.out == ""
    found = re.fullmatch(r"weightscape: ([^\n]+)\n", said.err)
    assert found
    return status, found[1]


def test_the_link_of_a_scene_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["link", "--seed", "7", "--layers", "5", "--width", "8"]) == 0
    assert capsys.readouterr().out == f"{LINK}\n"
    assert run(["link", "--scene", LINK, "--seed", "8"]) == 0
    assert capsys.readouterr().out == f"{link(Scene(seed=8, layers=5, width=8))}\n"


@pytest.mark.parametrize("text", [LINK, f"https://example.org/page#{LINK.partition('#')[2]}", f"<{LINK}>"])
def test_a_link_is_a_scene_for_every_command(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["render", "--scene", text, "--size", "4x3", "-o", "a.png"]) == 0
    capsys.readouterr()
    for shown in ("a.png", text):
        assert run(["show", shown]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(SEVEN.to_text())


@pytest.mark.parametrize("words", [["explore"], []])
def test_a_link_alone_opens(words: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, LINK, "--size", "4x3"]) == 0
    assert os.path.basename(capsys.readouterr().out.strip()).startswith("weightscape-7-")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LINK[:-3], "link: it is cut: 8 of its 11 characters are there"),
        ("weightscape:", "link: it is cut: 0 characters are left after the #"),
        (f"{LINK}A", "link: it is broken: it has 12 characters and says 11"),
        (f"{LINK[:-1]}z", "link: it is broken: its last four characters do not fit the others"),
    ],
)
def test_a_bad_link_is_one_line(text: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, text) == (2, words)
    assert refused(capsys, "explore", text) == (2, words)
    assert refused(capsys, "show", text) == (2, words)
    assert refused(capsys, "render", "--scene", text, "-o", "a.png") == (2, f"--scene: {words}")
    assert not os.path.exists("a.png")


def test_what_no_link_holds_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    made = network(Scene(layers=2, width=3))
    write_weights("own.npz", made.weights, made.biases, made.activations)
    status, said = refused(capsys, "link", "--weights", "own.npz")
    assert (status, said) == (1, "no link: it cannot hold 'own.npz', a file of yours: send a picture and that file")
    status, said = refused(capsys, "link", "--scene", "digits")
    assert (status, said[:31]) == (1, "no link: it would be over 4,095")


def test_a_file_of_that_name_wins_over_a_link(place: Path) -> None:
    (place / LINK).write_text(SEVEN.to_text())
    assert explore_file.linked(LINK) is None
    assert explore_file.linked(LINK.replace("weightscape", "https")) == SEVEN
