"""Text is found in TIFF of every form, OpenEXR and DeepZoom files; what is cut, huge or circular is one reason."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from carrier import attribute, dzi, exr, gif, tiff
from PIL import Image

from weightscape.file.dzi_text import read_dzi_text
from weightscape.file.exr_text import read_exr_text
from weightscape.file.gif_text import read_gif_text
from weightscape.file.png import MAX_TEXT
from weightscape.file.tiff_text import MAX_DIRECTORIES, read_tiff_text
from weightscape.file.whole_file import FileError
from weightscape.publish import gallery

TEXT = '{"scene": {"seed": 5}, "sign": "σ"}'
FORMS = [(order, big) for order in "<>" for big in (False, True)]


@pytest.mark.parametrize(("order", "big"), FORMS)
@pytest.mark.parametrize("before", [0, 3])
@pytest.mark.parametrize("text", [TEXT, "abc", "abcdefg", "", "x" * MAX_TEXT])
def test_a_tiff_gives_back_its_description(tmp_path: Path, order: str, big: bool, before: int, text: str) -> None:
    (tmp_path / "a").write_bytes(tiff(text.encode(), order, big, before))
    assert read_tiff_text(tmp_path / "a") == text
    (tmp_path / "b").write_bytes(tiff(f"weightscape {text}".encode(), order, big, before))
    assert read_tiff_text(tmp_path / "b") == text


@pytest.mark.parametrize(("order", "big"), FORMS)
def test_a_tiff_cut_anywhere_says_so(tmp_path: Path, order: str, big: bool) -> None:
    data = tiff(TEXT.encode(), order, big)
    for length in range(len(data)):
        (tmp_path / "a").write_bytes(data[:length])
        with pytest.raises(FileError, match=r"^cannot read \S+: (the TIFF is truncated|it is not a TIFF picture)$"):
            read_tiff_text(tmp_path / "a")


def test_a_tiff_without_a_description_has_none(tmp_path: Path) -> None:
    for data in (tiff(TEXT.encode(), tag=271), tiff(TEXT.encode(), kind=7), b"II*\0" + bytes(4)):
        (tmp_path / "a").write_bytes(data)
        assert read_tiff_text(tmp_path / "a") is None


def test_a_tiff_that_goes_round_in_a_circle_ends(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"II*\0" + struct.pack("<IHI", 8, 0, 8))
    with pytest.raises(FileError, match=f"more than {MAX_DIRECTORIES} directories"):
        read_tiff_text(tmp_path / "a")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"II*\0" + struct.pack("<IH", 8, 65535), "a directory of 65535 entries"),
        (b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, 1 << 63), "a directory of 9223372036854775808 entries"),
        (b"II+\0" + struct.pack("<HHQ", 8, 0, (1 << 64) - 1), "truncated"),
        (b"II+\0" + struct.pack("<HHQ", 4, 0, 16), "not a TIFF"),
        (tiff(b"x" * (MAX_TEXT + 13)), "its description is too long"),
        (tiff(b"\xff\xfe\xfd\xfc" * 2), "its description is not Unicode text"),
    ],
)
def test_what_a_tiff_claims_is_held_against_limits(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(FileError, match=reason):
        read_tiff_text(tmp_path / "a")


def test_pillows_tiff_is_read(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((40, 30, 3), np.uint8)).save(tmp_path / "a.tif", description='{"seed": 5}')
    assert gallery.inside(tmp_path / "a.tif") == {"scene": {"seed": 5}}


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_an_exr_gives_back_its_attribute(tmp_path: Path, parts: int) -> None:
    for text in (TEXT, "", "x" * MAX_TEXT):
        (tmp_path / "a").write_bytes(exr(text.encode(), parts))
        assert read_exr_text(tmp_path / "a", "weightscape") == text
    assert read_exr_text(tmp_path / "a", "owner") == "nobody"
    assert read_exr_text(tmp_path / "a", "dataWindow") is None


@pytest.mark.slow
def test_an_exr_cut_anywhere_says_so(tmp_path: Path) -> None:
    data = exr(TEXT.encode(), 2)
    there = data.index(TEXT.encode()) + len(TEXT.encode())
    for length in range(there):
        (tmp_path / "a").write_bytes(data[:length])
        with pytest.raises(FileError, match=r"^cannot read \S+: the OpenEXR header is truncated$"):
            read_exr_text(tmp_path / "a", "weightscape")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (exr(b"x" * (MAX_TEXT + 1)), "its text is too long"),
        (exr(b"\xff"), "its text is not Unicode"),
        (exr(b"")[:8] + b"n" * 300, "header is damaged"),
        (exr(b"")[:8] + b"a\0string\0\xff\xff\xff\xff", "header is damaged"),
        (exr(b"")[:8] + attribute(b"a", b"b", b"") * 10_001, "more than 10000 attributes"),
        (b"\x76\x2f\x31\x01\3\0\0\0", "it is not an OpenEXR picture"),
    ],
)
def test_what_an_exr_claims_is_held_against_limits(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(FileError, match=reason):
        read_exr_text(tmp_path / "a", "weightscape")


def test_a_deepzoom_description_gives_back_its_comment(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(dzi('{"seed": 5, "sign": "--->"}'))
    assert read_dzi_text(tmp_path / "a") == '{"seed": 5, "sign": "-\\u002d->"}'
    (tmp_path / "a").write_bytes(dzi('{"seed": 5, "weights": "a---b.npz"}'))
    assert gallery.inside(tmp_path / "a")["scene"] == {"seed": 5, "weights": "a---b.npz"}
    for data, reason in ((b"<?xml " + b" " * 300_000, "at most"), (b"<?xml \xff", "not UTF-8")):
        (tmp_path / "a").write_bytes(data)
        with pytest.raises(FileError, match=reason):
            read_dzi_text(tmp_path / "a")


def test_a_gif_gives_back_its_comment_and_is_still_a_gif(tmp_path: Path) -> None:
    for text in ("a", TEXT, "x" * 255, "x" * MAX_TEXT):
        (tmp_path / "a").write_bytes(gif(text))
        assert read_gif_text(tmp_path / "a") == text
        with Image.open(tmp_path / "a") as image:
            image.load()
            assert image.info["comment"] == text.encode()
    (tmp_path / "a").write_bytes(b"GIF87a")
    assert read_gif_text(tmp_path / "a") is None
    for data, reason in ((gif("x" * (MAX_TEXT + 1)), "too long"), (gif("x")[:20], "truncated")):
        (tmp_path / "a").write_bytes(data)
        with pytest.raises(FileError, match=reason):
            read_gif_text(tmp_path / "a")


def test_a_comment_of_another_gif_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gif("Made by hand"))
    with pytest.raises(FileError, match="the film carries no scene, and there is no"):
        gallery.inside(tmp_path / "a")
    (tmp_path / "a.json").write_text('{"seed": 5}')
    assert gallery.inside(tmp_path / "a") == {"scene": {"seed": 5}}


@pytest.mark.parametrize("make", [tiff, exr, lambda text: dzi(text.decode())])
def test_files_are_known_by_how_they_begin(tmp_path: Path, make: Callable[[bytes], bytes]) -> None:
    for text in (TEXT[:21] + "}", '{"seed": 5}'):
        (tmp_path / "a.txt").write_bytes(make(text.encode()))
        assert gallery.inside(tmp_path / "a.txt") == {"scene": {"seed": 5}}
    (tmp_path / "a.txt").write_bytes(make(b"made by hand"))
    with pytest.raises(FileError, match="the picture carries no scene"):
        gallery.inside(tmp_path / "a.txt")
