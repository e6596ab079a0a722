"""Palettes of files: three formats, what is said of them, and hostile ones, each refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from weightscape.cli.cli import run
from weightscape.explore.task.opening import changed_since, opened
from weightscape.file.colour_file import is_colours, read_stops
from weightscape.file.whole_file import FileError
from weightscape.scene.link import from_link
from weightscape.scene.palette import table
from weightscape.scene.scene import Scene
from weightscape.scene.stops import stops_table

GPL = "GIMP Palette\nName: dawn\nColumns: 3\n# a word\n 10  20  60\tnight\n200  80 120\trose hip\n255 230 190\n\n"
FILES = {
    "dawn.gpl": GPL,
    "dawn.MAP": "10 20 60 night\r\n200 80 120\r\n255 230 190  The default\r\n",
    "dawn.json": '["#0a143c", "c85078", "#FFE6BE"]',
    "numbers.json": "[[10, 20, 60], [200, 80, 120], [255, 230, 190]]",
    "parts.json": " [[0.039, 0.0784, 0.2353], [0.7843, 0.3137, 0.4706], [1, 0.902, 0.7451]]",
}
HOSTILE: dict[str, bytes] = {
    "empty.gpl": b"",
    "other.gpl": b"GIMP Gradient\n1 2 3\n",
    "one.map": b"1 2 3\n",
    "large.map": b"1 2 300\n4 5 6\n",
    "minus.map": b"1 2 -3\n4 5 6\n",
    "words.map": b"red green blue\n",
    "arabic.map": "\u0661 \u0662 \u0663\n1 2 3\n".encode(),
    "binary.map": b"\0\1\2",
    "huge.map": b"1 2 3\n" * 100_000,
    "many.map": b"1 2 3\n" * 5000,
    "deep.json": b"[" * 100_000,
    "broken.json": b'["#000000", ',
    "mixed.json": b'["#000000", [1, 2, 3]]',
    "nan.json": b"[[NaN, 0, 0], [1, 1, 1]]",
    "infinite.json": b"[[1e999, 0, 0], [1, 1, 1]]",
    "true.json": b"[[true, true, true], [0, 0, 0]]",
    "four.json": b"[[1, 2, 3, 4], [1, 2, 3, 4]]",
    "names.json": b'["red", "blue"]',
    "digits.json": b'["#\xd9\xa1\xd9\xa1\xd9\xa1", "#000"]',
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_becomes_the_same_stops(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], newline="")
    assert is_colours(path)
    stops, told = read_stops(path)
    assert stops == "#0a143c@0 #c85078@0.5 #ffe6be@1"
    assert told == f"{name}: 3 colours as 3 stops"


def test_a_large_palette_is_brought_to_sixteen_stops_and_the_error_is_told(tmp_path: Path) -> None:
    path = tmp_path / "phase.map"
    path.write_text("".join(f"{r} {g} {b}\n" for r, g, b in table("phase")))
    stops, told = read_stops(path)
    error = int(np.abs(stops_table(stops).astype(int) - table("phase")).max())
    assert told == f"phase.map: 256 colours as 16 stops, off by at most {error} of 255"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(FileError) as raised:
        read_stops(path)
    assert name in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1
    assert len(str(raised.value)) < 300


def test_a_scene_is_no_palette(tmp_path: Path) -> None:
    (tmp_path / "scene.json").write_text(Scene().to_text())
    assert not is_colours(tmp_path / "scene.json")
    assert not is_colours(tmp_path / "missing.json")
    assert not is_colours(tmp_path / "net.npz")


def test_the_command_line_takes_a_file_for_a_palette(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dawn.gpl"
    path.write_text(GPL)
    assert run(["link", "--outputs", "1", "--palette", str(path)]) == 0
    said = capsys.readouterr()
    assert said.err == "weightscape: dawn.gpl: 3 colours as 3 stops\n"
    assert from_link(said.out) == Scene(outputs=1, stops="#0a143c@0 #c85078@0.5 #ffe6be@1")
    for words in (["--palette", str(tmp_path / "none.gpl")], ["--palette", str(path), "--stops", "000000,ffffff"]):
        assert run(["link", *words]) in (1, 2)
        (line,) = capsys.readouterr().err.splitlines()[-1:]
        assert "none.gpl" in line or "--stops is given, too" in line


def test_a_dropped_palette_colours_what_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "dawn.gpl"
    path.write_text(GPL)
    now = Scene(layers=3)
    found = opened((str(path),), now, (64, 48), 0)
    assert (found.stops, found.reading) == ("#0a143c@0 #c85078@0.5 #ffe6be@1", "palette")
    assert changed_since((str(path),)) == ["dawn.gpl: 3 colours as 3 stops"]
    assert opened((str(path),), Scene(layers=3, reading="hsv"), (64, 48), 0).reading == "hsv"
