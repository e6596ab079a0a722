"""The command `sheet`: each picture is that of its scene, or one line says why there is none."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import weightscape
from weightscape.cli.cli import run
from weightscape.publish.contact import GAP, LINE_PX

NET = ("--layers", "4", "--width", "8", "--independent")
SMALL = ("--size", "40x24", "--samples", "1", "--engine", "numpy")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_picture_is_that_of_its_scene() -> None:
    words = ("--across", "edits.2:5:3=-2:2", "--up", "edits.3:1:4=-1:1", "--columns", "3", "--rows", "2")
    assert run(["sheet", *NET, *SMALL, *words, "-o", "sheet.png"]) == 0
    with Image.open("sheet.png") as picture:
        seen = np.asarray(picture)
    assert seen.shape == (2 * (24 + 2 * LINE_PX + GAP) + GAP, 3 * (40 + GAP) + GAP, 3)
    for n in range(6):
        left, top = GAP + n % 3 * (40 + GAP), GAP + n // 3 * (24 + 2 * LINE_PX + GAP)
        edits = f"2:5:3={(-2, 0, 2)[n % 3]},3:1:4={(1, -1)[n // 3]}"
        scene = weightscape.Scene(layers=4, width=8, tied=False, edits=edits)
        wanted = weightscape.render(scene, size=(40, 24), samples=1, engine="numpy")
        assert np.array_equal(seen[top : top + 24, left : left + 40], wanted), n


def test_a_film_of_one_weight_has_the_frames_of_its_scenes() -> None:
    words = ("--vary", "edits.2:5:3=-2:2", "--seconds", "1", "--fps", "3")
    assert run(["animate", *NET, *SMALL, *words, "-o", "frames"]) == 0
    found = sorted(Path("frames").glob("*.png"))
    assert len(found) == 3
    for value, path in zip((-2, 0, 2), found, strict=True):
        scene = weightscape.Scene(layers=4, width=8, tied=False, edits=f"2:5:3={value}")
        with Image.open(path) as picture:
            wanted = weightscape.render(scene, size=(40, 24), samples=1, engine="numpy")
            assert np.array_equal(np.asarray(picture), wanted)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("--across edits.2:5=1:2 --up layers=2:4", 2, "--across, --up: edits.2:5: '2:5' is not LAYER:INPUT:UNIT"),
        ("--across scale=1 --up layers=2:4", 2, "--across: 'scale=1' is not NAME=A:B"),
        ("--across scale=1:2 --up scale=2:4", 2, "--across, --up: scale: varies twice"),
        ("--across scale=1:2 --up layers=2:4 --rows 33", 2, "--rows: '33' is not a whole number in 1..32"),
        ("--across edits.9:0:0=1:2 --up layers=2:4", 1, "edits: layer 9 is not in 1..4"),
    ],
)
def test_a_fault_is_one_line(words: str, status: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet", *NET, *SMALL, *words.split(), "-o", "x.png"]) == status
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not Path("x.png").exists()
