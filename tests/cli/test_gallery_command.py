"""The command `gallery`: a sheet with every scene and its name, or one line that says why there is none."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from weightscape.cli.cli import run
from weightscape.publish import contact, gallery
from weightscape.publish.bookmark import FILE, Bookmarks
from weightscape.publish.contact import GAP, LINE_PX, Contact, Subject, sheet_size, write_contact
from weightscape.scene.scene import Scene

SMALL = ("--size", "40x24", "--columns", "3", "--samples", "1", "--engine", "numpy")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path / "captures"))
    return tmp_path


def pixels(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(name) as picture:
        return np.asarray(picture)


@pytest.mark.slow
def test_every_shipped_scene_is_on_the_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gallery", "-o", "sheet.png", *SMALL]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("sheet.png\n", "")
    sheet, count = pixels("sheet.png"), len(gallery.listed())
    rows = -(-count // 3)
    assert sheet.shape == (rows * (24 + 2 * LINE_PX + GAP) + GAP, 3 * (40 + GAP) + GAP, 3)
    for n in range(count):
        top, left = GAP + n // 3 * (24 + 2 * LINE_PX + GAP), GAP + n % 3 * (40 + GAP)
        assert np.ptp(sheet[top : top + 24, left : left + 40]) > 60, n
        assert np.ptp(sheet[top + 24 : top + 24 + LINE_PX, left : left + 40]) > 100, n  # its name


def test_own_bookmarks_have_a_sheet_too_and_a_broken_one_does_not_break_it(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "captures").mkdir()
    entries = [{"name": "gone", "scene": {"weights": "gone.npz"}}, {"name": "future", "scene": {"hue": 1}}]
    (folder / "captures" / FILE).write_text(json.dumps(entries))
    Bookmarks().star(Scene(layers=2))
    assert run(["gallery", "--mine", "-o", "mine.png", *SMALL]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("weightscape: future: scene: hue: this program knows no such field")
    assert second.startswith("weightscape: gone: cannot read ")
    assert pixels("mine.png").shape[1] == 3 * (40 + GAP) + GAP


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("", 2, "Missing option '-o' / '--output'"),
        ("-o x.jpg", 2, "-o: 'x.jpg' does not end in .png"),
        ("-o x.png --columns 0", 2, "--columns: '0' is not a whole number in 1..100"),
        ("-o x.png --size 9", 2, "--size: '9' is not WIDTHxHEIGHT"),
        ("-o x.png --size 60000x10", 2, "--size: the sheet would have 360112x"),
        ("-o x.png --samples 0", 2, "--samples: '0' is not a whole number in 1..1024"),
        ("-o x.png --engine warp", 2, "--engine: 'warp' is not one of"),
        ("-o no/x.png", 1, "cannot write no/x.png: the folder "),
        ("-o x.png --mine", 1, "no bookmarks yet: Ctrl+B in the window stars what is seen"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    words: str, status: int, said: str, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert run(["gallery", *words.split()]) == status
    lines = capsys.readouterr().err.splitlines()
    assert said in lines[-1]
    assert len([line for line in lines if not line.startswith("engine: ")]) == 1
    assert list(folder.iterdir()) == []


def test_a_broken_file_of_bookmarks_is_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "captures").mkdir()
    (folder / "captures" / FILE).write_text("{")
    assert run(["gallery", "--mine", "-o", "x.png"]) == 1
    assert "bookmarks.json: not JSON" in capsys.readouterr().err


def test_progress_goes_from_scene_to_scene_to_the_end() -> None:
    subjects = [Subject(f"n{n}", "", lambda: Scene(layers=2)) for n in range(5)]
    seen: list[float] = []
    write_contact("a.png", subjects, Contact((8, 8), 2, 1, "numpy"), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert {0.2, 0.4, 0.6, 0.8} <= {round(done, 9) for done in seen}


def test_fewer_scenes_than_columns_make_a_narrow_sheet() -> None:
    assert sheet_size(2, Contact((40, 24))) == (2 * (40 + GAP) + GAP, 24 + 2 * LINE_PX + 2 * GAP)
    assert len(contact.shipped()) == len(gallery.names())
