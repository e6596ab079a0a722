"""The command `page`, and `export -o net.html`: one file, whole or not at all, and a line for what no page can show."""

import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from weightscape.cli.cli import run
from weightscape.engine.choice import opened
from weightscape.page import fit
from weightscape.page.gallery import cards, fitting
from weightscape.page.page import page
from weightscape.picture.network_memory import network
from weightscape.publish import gallery
from weightscape.scene.link import from_link
from weightscape.scene.scene import Scene

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(file: str) -> dict[str, Any]:
    """Read what a page is told."""
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', Path(file).read_text("utf-8"), re.S)
    assert found
    values: dict[str, Any] = json.loads(found[1])
    return values


def test_a_scene_is_written_as_a_page_by_both_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["page", "--seed", "7", "--layers", "5", "-o", "net.html"]) == 0
    assert run(["export", "--seed", "7", "--layers", "5", "-o", "net2.html"]) == 0
    assert capsys.readouterr().out == "net.html\nnet2.html\n"
    assert Path("net2.html").read_text("utf-8").replace("net2.html", "net.html") == Path("net.html").read_text("utf-8")
    assert told("net.html")["scene"] == json.loads(Scene(seed=7, layers=5).to_text())


def test_a_page_tells_the_command_that_makes_it_again() -> None:
    assert run(["page", "--seed", "7", "-o", "net.html"]) == 0
    made = told("net.html")["made"]
    assert made.startswith("weightscape page --scene 'weightscape:#")
    assert made.endswith("-o net.html")
    assert from_link(made.split("'")[1]) == Scene(seed=7)


@pytest.mark.slow
def test_without_a_scene_the_gallery_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "numpy")
    few = list(fitting())[:2]
    monkeypatch.setattr("weightscape.page.gallery.fitting", lambda: iter(few))
    assert run(["page", "-o", "gallery.html"]) == 0
    shown = told("gallery.html")["gallery"]
    assert [each["name"] for each in shown] == [listed.name for listed, _ in few]
    assert [from_link(f"#{each['link']}") for each in shown] == [scene for _, scene in few]
    assert all(each["picture"].startswith("data:image/jpeg;base64,") for each in shown)


@pytest.mark.slow
def test_the_gallery_has_what_a_page_can_show() -> None:
    shown = {listed.file: scene for listed, scene in fitting()}
    assert len(shown) > 30
    assert {scene.lens for scene in shown.values()} == set(fit.LENSES)
    assert not {"abyss", "fjords", "twins", "digits", "stained-glass"} & shown.keys()
    assert list(shown) == [each.file for each in gallery.listed() if each.file in shown]


class Addresses(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note what a tag loads."""
        self.found += [value or "" for name, value in attributes if name in ("src", "href", "srcset", "data", "poster")]


def test_a_page_refers_to_nothing_outside() -> None:
    assert run(["page", "--layers", "3", "-o", "net.html"]) == 0
    text = Path("net.html").read_text("utf-8")
    addresses = Addresses()
    addresses.feed(text)
    assert len(addresses.found) == 1
    assert all(each.startswith("data:") for each in addresses.found)
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert "url(" not in text


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("page -o net.htm", 2, "-o: 'net.htm' does not end in .html"),
        ("page --layers 0 -o net.html", 2, "--layers: 0 is not in 1..256"),
        ("page", 2, "Missing option '-o'"),
        ("page --seed 1 -o nowhere/net.html", 1, "cannot write nowhere/net.html: the folder"),
        ("page --lens height -o net.html", 2, "--lens: a page cannot show height; it shows outputs, cut, rgb, unit"),
        ("page --lens role -o net.html", 2, "--lens: a page cannot show role; it shows outputs, cut, rgb, unit"),
        ("export --lens atlas -o net.html", 2, "--lens: a page cannot show atlas; it shows outputs, cut, rgb, unit"),
        ("page --scene twins -o net.html", 2, "--beside: a page shows one picture, not a split view"),
        (
            "page --contour -o net.html",
            2,
            "--contour/--no-contour: a page lays no contour over its picture: render does",
        ),
        ("page --scene abyss -o net.html", 2, "single precision, and this picture needs perturbed: render shows it"),
        ("page --radius 1e-40 -o net.html", 2, "--radius: a page has single precision, and this picture needs more"),
        ("page --center 1e9,-3 --radius 1 -o net.html", 2, "--center: a page has single precision, and this"),
        ("page --layers 60 --width 64 -o net.html", 2, "--layers: a page has single precision, and this picture needs"),
        ("page --seed 1 --format png -o net", 2, "No such option '--format'"),
        ("export --seed 1 --format html -o net.json", 2, "--format: html is not the format of a name"),
    ],
)
def test_a_fault_gives_one_line_and_leaves_nothing(
    words: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words.split()) == status
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), list(Path().iterdir())) == ("", 1, [])
    assert said in err


def test_too_many_loaded_weights_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = network(Scene(layers=2, width=2, tied=False))
    monkeypatch.setattr(fit, "network", lambda scene: made)
    monkeypatch.setattr(fit, "MAX_TABLE", 9)
    with pytest.raises(ValueError, match="10 weights are too many for a page, the limit is 9"):
        fit.check(Scene(weights="net.npz"))


SIZED = {
    "27 x 30 tanh": Scene(),
    "60 x 64 tanh": Scene(layers=60, width=64, rule="lecun", tied=False),
    "8 x 256 relu": Scene(layers=8, width=256, rule="he", activation="relu", tied=False),
    "256 x 512 tanh": Scene(layers=256, width=512, rule="lecun", scale=0.9),
    "the shipped digits": replace(gallery.scene("digits"), lens="unit", layer=2),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SIZED)
def test_a_page_is_as_small_as_the_readme_says(name: str) -> None:
    data = page(SIZED[name], "net.html").encode()
    row = re.search(rf"^\| {name}.* \| (\d+) \| (\d+) \|$", README, re.M)
    assert row
    found = [len(data) / 1000, len(gzip.compress(data, mtime=0)) / 1000]
    assert found == pytest.approx([int(row[1]), int(row[2])], rel=0.02)
    assert SIZED[name].weights or len(data) < 300_000


def test_both_commands_write_into_a_pipe(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for words in ("page --seed 1 -o -", "export --seed 1 -o - --format html"):
        assert run(words.split()) == 0
        assert capsysbinary.readouterr().out.startswith(b"<!doctype html>")


@pytest.mark.slow
def test_a_card_is_a_small_picture() -> None:
    with opened("numpy") as choice:
        heard: list[float] = []
        made = cards(choice.engine, (24, 15), 1, heard.append)
    assert len(made) == len(list(fitting()))
    assert heard[-1] == 1.0
    assert max(len(each.picture) for each in made) < 4000
