"""Bands in a folder: whole or made again, of one picture, for one program at a time; no fault loses any."""

import json
import os
import random
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.file import band_folder
from weightscape.file.band_folder import BandFolder, difference, folder_of, kept_about, opened_bands
from weightscape.file.whole_file import FileError, sweep

ABOUT: dict[str, Any] = {"engine": ["numpy"], "size": "20x30", "scene": {"seed": 43, "radius": 2.6}}
BAND = (10, 4, 20, 3)
FUZZED = 300


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.png"


def pixels(kind: npt.DTypeLike = np.uint8) -> npt.NDArray[Any]:
    return np.random.default_rng(4).integers(0, 256, BAND[1:]).astype(kind)


def kept(path: Path) -> Path:
    """Keep one band beside a file; tell the band's own file."""
    with opened_bands(path, ABOUT, 4) as folder:
        folder.write(10, pixels())
    return Path(folder.place) / "0000000010.band"


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_a_band_comes_back_as_it_was(path: Path, kind: npt.DTypeLike) -> None:
    with opened_bands(path, ABOUT, 4) as folder:
        assert not folder.has(BAND, kind)
        assert folder.read(BAND, kind) is None
        folder.write(10, pixels(kind))
        assert folder.has(BAND, kind)
        found = folder.read(BAND, kind)
        assert found is not None
        assert found.dtype == kind
        assert np.array_equal(found, pixels(kind))


def test_bands_outlive_the_program_and_keep_their_height(path: Path) -> None:
    kept(path)
    assert kept_about(path) == (ABOUT, 4)
    with opened_bands(path, ABOUT, 9) as folder:
        assert (folder.rows, folder.count()) == (4, 1)
        assert folder.read(BAND) is not None


@pytest.mark.parametrize("change", ["cut", "longer", "empty", "altered", "head", "folder", "other"])
def test_a_band_that_is_not_whole_counts_as_missing(path: Path, change: str) -> None:
    file = kept(path)
    data = bytearray(file.read_bytes())
    if change == "altered":
        data[-1] ^= 1
    elif change == "head":
        data[10] ^= 1
    file.write_bytes({"cut": data[:-1], "longer": data + b"\0", "empty": b""}.get(change, data))
    if change == "folder":
        file.unlink()
        file.mkdir()
    band = (BAND[0], 5, *BAND[2:]) if change == "other" else BAND
    with opened_bands(path, ABOUT, 4) as folder:
        assert folder.read(band) is None
        if change != "folder":
            folder.write(10, pixels())
            assert folder.read(BAND) is not None


def test_a_band_of_another_kind_counts_as_missing(path: Path) -> None:
    kept(path)
    with opened_bands(path, ABOUT, 4) as folder:
        assert folder.read(BAND, np.int8) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"engine": ["jit"]}, 'engine ["numpy"], not ["jit"]'),
        ({"size": "30x30"}, "size 20x30, not 30x30"),
        ({"scene": {"seed": 44, "radius": 2.6}}, "seed 43, not 44"),
        ({"scene": {"seed": 43, "radius": 2.6, "new": None, "more": 1}}, "more null, not 1"),
        ({"scene": {"seed": 43}}, "radius 2.6, not null"),
    ],
)
def test_other_bands_are_refused_and_stay(path: Path, change: dict[str, Any], said: str) -> None:
    file = kept(path)
    with pytest.raises(FileError) as caught, opened_bands(path, ABOUT | change, 4):
        pass
    assert str(caught.value) == f"{folder_of(path)} holds other bands, {said}: --fresh starts anew"
    assert file.exists()
    assert kept_about(path) == (ABOUT, 4)


def test_a_fresh_start_forgets_them(path: Path) -> None:
    file = kept(path)
    with opened_bands(path, ABOUT | {"size": "1x1"}, 7, fresh=True) as folder:
        assert not file.exists()
        assert folder.rows == 7
        folder.write(0, pixels())
    assert kept_about(path)[0]["size"] == "1x1"


def test_long_values_are_cut_short() -> None:
    said = difference({"a": "x" * 1000}, {"a": "y\n"})
    assert said == f'a {"x" * band_folder.MAX_VALUE}..., not "y\\n"'


def test_a_second_program_says_so(path: Path) -> None:
    with opened_bands(path, ABOUT, 4) as folder:
        folder.write(10, pixels())
        for fresh in (False, True):
            with pytest.raises(FileError, match="is being made by another program") as caught, ExitStack() as stack:
                stack.enter_context(opened_bands(path, ABOUT, 4, fresh))
            assert "\n" not in str(caught.value)
        assert folder.read(BAND) is not None


def test_a_folder_without_bands_goes(path: Path) -> None:
    with opened_bands(path, ABOUT, 4):
        assert os.listdir(path.parent) == ["a.png.part"]
    assert os.listdir(path.parent) == []
    kept(path)
    with opened_bands(path, ABOUT, 4) as folder:
        folder.clear()
    assert os.listdir(path.parent) == []


def test_what_is_not_the_programs_stays(path: Path) -> None:
    kept(path)
    (Path(folder_of(path)) / "notes.txt").write_text("mine")
    with opened_bands(path, ABOUT, 4) as folder:
        folder.clear()
    assert os.listdir(folder_of(path)) == ["notes.txt"]


def test_nobody_sweeps_bands(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = kept(path)
    for each in (file, file.parent):
        os.utime(each, (0, 0))
    sweep(path.parent)
    sweep(file.parent)
    assert file.exists()


@pytest.mark.parametrize("fault", ["no folder", "a file", "read-only"])
def test_a_place_that_cannot_be_had_is_told_in_one_line(
    path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    if fault == "no folder":
        path = path.parent / "none" / "a.png"
    elif fault == "a file":
        Path(folder_of(path)).write_text("mine")
    else:
        monkeypatch.setattr(os, "mkdir", refused)
    with pytest.raises(FileError) as caught, opened_bands(path, ABOUT, 4):
        pass
    assert re.fullmatch(r"cannot keep bands in .*a\.png\.part: .+", str(caught.value))


def mutated(text: bytes, chance: random.Random) -> bytes:
    """Change a text in one of the ways in which files go wrong."""
    data = bytearray(text)
    for _ in range(chance.choice((1, 1, 2, 8))):
        place = chance.randrange(len(data))
        way = chance.randrange(6)
        if way == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif way == 1:
            data[place : place + chance.randrange(1, 40)] = b""
        elif way == 2:
            data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
        elif way == 3:
            data = data[: max(place, 1)]
        elif way == 4:
            data[place:place] = chance.choice([b"[" * 5000, b'{"a":' * 5000, b"9" * 5000, b"NaN", b"-1e999", b"null"])
        else:
            data[place : place + 1] = chance.choice([b"0", b"1e9", b'"', b"true", b"\\ud800"])
    return bytes(data)


def test_a_mutated_manifest_is_refused_in_one_line_and_loses_nothing(path: Path) -> None:
    file = kept(path)
    manifest = file.parent / band_folder.MANIFEST
    text, band, chance, said = manifest.read_bytes(), file.read_bytes(), random.Random(16), []
    for _ in range(FUZZED):
        manifest.write_bytes(mutated(text, chance))
        try:
            with opened_bands(path, ABOUT, 9) as folder:
                assert folder.rows == 4  # what was changed means nothing
        except FileError as error:
            said.append(str(error))
        assert file.read_bytes() == band
    assert len(said) > FUZZED / 2
    assert set(said) == {f"{manifest} is damaged: --fresh starts anew"}
    manifest.unlink()
    with pytest.raises(FileError, match="is damaged"), opened_bands(path, ABOUT, 4):
        pass
    manifest.write_bytes(text)
    with opened_bands(path, ABOUT, 4) as folder:
        assert folder.read(BAND) is not None


def test_a_manifest_of_any_size_takes_little(path: Path) -> None:
    manifest = kept(path).parent / band_folder.MANIFEST
    manifest.write_bytes(json.dumps({"about": ABOUT, "rows": 4, "check": "0"}).encode() + b" " * (1 << 21))
    with pytest.raises(FileError, match="is damaged"):
        kept_about(path)


def test_the_folder_is_named_like_the_picture() -> None:
    assert BandFolder("b/a.png", 4).place == "b/a.png.part"
