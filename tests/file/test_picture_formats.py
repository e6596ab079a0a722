"""PNG of 16 bits, TIFF, OpenEXR and DeepZoom, as Pillow, libvips, tifffile, OpenEXR and a page of tiles read them."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import OpenEXR
import pytest
import pyvips
import tifffile
from PIL import Image

from weightscape.file import half_folder
from weightscape.file.deepzoom import OVERLAP, TILE, write_deepzoom
from weightscape.file.exr import write_exr
from weightscape.file.png import read_text, write_png
from weightscape.file.tiff import write_tiff
from weightscape.file.vips import stream
from weightscape.file.whole_file import FileError
from weightscape.stop import AGAIN_S, stoppable

Pixels = npt.NDArray[Any]
W, H = 700, 531
TEXT = '{"scene": {"seed": 43}, "note": "a--b---"}'


def picture(depth: int, width: int = W, height: int = H) -> Pixels:
    """Waves, noise and a flat place."""
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(depth).random((height, width))
    values = np.stack([0.5 + 0.5 * np.sin(x * y / 900.0), noise, np.where(x < 90, 0.25, y / height)], axis=-1)
    if depth == 32:
        return values.astype(np.float32)
    return np.asarray(np.floor((2**depth - 1) * values + 0.5), f"u{depth // 8}")


def bands(pixels: Pixels, rows: int) -> Iterator[Pixels]:
    yield from (pixels[top : top + rows] for top in range(0, len(pixels), rows))


def png(path: Path, depth: int, parts: Iterator[Pixels]) -> None:
    write_png(path, (W, H), parts, {"weightscape": TEXT}, depth, 300)


def tif(path: Path, depth: int, parts: Iterator[Pixels]) -> None:
    write_tiff(path, (W, H), parts, TEXT, depth, 300)


def dzi(path: Path, depth: int, parts: Iterator[Pixels]) -> None:
    write_deepzoom(path, (W, H), parts, TEXT, depth)


def exr(path: Path, depth: int, parts: Iterator[Pixels]) -> None:
    write_exr(path, (W, H), parts, {"weightscape": TEXT}, 300)


WRITERS: dict[str, Callable[[Path, int, Iterator[Pixels]], None]] = {"png": png, "tif": tif, "dzi": dzi, "exr": exr}
CASES = [("png", 16), ("tif", 8), ("tif", 16), ("dzi", 8), ("dzi", 16), ("exr", 32)]


def vips(path: Path, **options: Any) -> Any:
    return pyvips.Image.new_from_file(str(path), **options)


def test_a_png_of_16_bits_is_read_to_the_bit(tmp_path: Path) -> None:
    pixels, path = picture(16), tmp_path / "a.png"
    png(path, 16, bands(pixels, 50))

    read = vips(path)
    assert np.array_equal(read.numpy(), pixels)
    assert (read.interpretation, round(read.xres * 25.4, 1)) == ("rgb16", 300.0)
    assert read.get("png-comment-0-weightscape") == TEXT
    assert read_text(path, "weightscape") == TEXT
    with Image.open(path) as image:
        assert (image.size, image.text["weightscape"]) == ((W, H), TEXT)  # type: ignore[attr-defined]
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        assert np.array_equal(np.asarray(image), pixels >> 8)


@pytest.mark.parametrize(("kind", "depth"), [("png", 16), ("tif", 16), ("exr", 32)])
def test_bytes_do_not_follow_the_bands(tmp_path: Path, kind: str, depth: int) -> None:
    pixels, found = picture(depth), set()
    for rows in (H, 1, 17):
        WRITERS[kind](tmp_path / "a", depth, bands(pixels, rows))
        found.add((tmp_path / "a").read_bytes())
    WRITERS[kind](tmp_path / "a", depth, bands(pixels.astype(pixels.dtype.newbyteorder(">")), 64))
    found.add((tmp_path / "a").read_bytes())

    assert len(found) == 1


@pytest.mark.parametrize("depth", [8, 16])
def test_a_tiff_is_a_pyramid_of_tiles(tmp_path: Path, depth: int) -> None:
    pixels, path = picture(depth), tmp_path / "a.tif"
    tif(path, depth, bands(pixels, 50))

    with tifffile.TiffFile(path) as read:
        assert np.array_equal(read.asarray(), pixels)
        assert read.is_bigtiff
        assert [page.shape for page in read.pages] == [(531, 700, 3), (265, 350, 3), (132, 175, 3)]
        first = read.pages.first
        assert first.is_tiled
        assert (first.tilewidth, first.tilelength, first.description) == (256, 256, f"weightscape {TEXT}")
        assert (first.resolution, first.resolutionunit) == ((300.0, 300.0), tifffile.RESUNIT.INCH)
    assert np.array_equal(vips(path).numpy(), pixels)
    assert vips(path).get("n-pages") == 3
    half = vips(path, page=1).numpy().astype(float)
    mean = pixels[:530].reshape(265, 2, 350, 2, 3).mean(axis=(1, 3))
    assert np.abs(half - mean).max() <= 1
    with Image.open(path) as image:
        assert (image.size, image.tag_v2[270]) == ((W, H), f"weightscape {TEXT}")  # type: ignore[attr-defined]
        assert np.array_equal(np.asarray(image), pixels if depth == 8 else pixels >> 8)


def test_an_exr_is_read_to_the_bit_and_says_what_it_holds(tmp_path: Path) -> None:
    pixels, path = picture(32), tmp_path / "a.exr"
    exr(path, 32, bands(pixels, 50))

    with OpenEXR.File(str(path)) as read:
        head = dict(read.header())
        assert np.array_equal(read.channels()["RGB"].pixels, pixels)
    assert (head["weightscape"], head["xDensity"], head["pixelAspectRatio"]) == (TEXT, 300.0, 1.0)
    assert head["chromaticities"] == pytest.approx((0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329))
    assert "linear light" in head["colorEncoding"]
    assert head["compression"] == OpenEXR.ZIP_COMPRESSION
    assert path.stat().st_size < 0.8 * pixels.nbytes


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (37, 16), (5, 17)])
def test_small_ones_and_such_as_cannot_be_compressed(tmp_path: Path, size: tuple[int, int]) -> None:
    bits = np.random.default_rng(1).integers(0, 0x7F000000, (size[1], size[0], 3), np.uint32)
    floats = bits.view(np.float32)
    write_exr(tmp_path / "a.exr", size, [floats], {})
    with OpenEXR.File(str(tmp_path / "a.exr")) as read:
        assert np.array_equal(read.channels()["RGB"].pixels, floats)
    deep = (bits >> 8).astype(np.uint16)
    write_png(tmp_path / "a.png", size, [deep], {}, 16)
    write_tiff(tmp_path / "a.tif", size, [deep], depth=16)
    write_deepzoom(tmp_path / "a.dzi", size, [deep], depth=16)
    top = int(np.ceil(np.log2(max(size))))
    for name in ("a.png", "a.tif", f"a_files/{top}/0_0.png"):
        assert np.array_equal(vips(tmp_path / name).numpy().reshape(deep.shape), deep)


@pytest.mark.parametrize("depth", [8, 16])
def test_the_tiles_make_up_the_picture(tmp_path: Path, depth: int) -> None:
    pixels = picture(depth)
    dzi(tmp_path / "a b.dzi", depth, bands(pixels, 50))

    assert {each.name for each in tmp_path.iterdir()} == {"a b.dzi", "a b.html", "a b_files"}
    levels = sorted(int(each.name) for each in (tmp_path / "a b_files").iterdir())
    assert levels == list(range(11))  # 2^10 is above 700
    found = np.zeros_like(pixels)
    for tile in (tmp_path / "a b_files" / "10").iterdir():
        column, row = map(int, tile.stem.split("_"))
        left, top = max(column * TILE - OVERLAP, 0), max(row * TILE - OVERLAP, 0)
        seen = vips(tile).numpy()
        assert np.array_equal(seen, pixels[top : top + len(seen), left : left + seen.shape[1]])
        found[top : top + len(seen), left : left + seen.shape[1]] = seen
    assert np.array_equal(found, pixels)


def test_a_dzi_tells_size_and_scene(tmp_path: Path) -> None:
    dzi(tmp_path / "a.dzi", 8, bands(picture(8), 50))

    text = (tmp_path / "a.dzi").read_text("utf-8")
    image = ElementTree.fromstring(text)
    assert image.attrib == {"Format": "png", "Overlap": "1", "TileSize": "254"}
    assert [each.attrib for each in image] == [{"Width": "700", "Height": "531"}]
    (comment,) = re.findall(r"<!-- weightscape (.*) -->", text)
    assert "--" not in comment
    assert json.loads(comment) == json.loads(TEXT)


def test_the_page_asks_for_tiles_beside_it_and_nothing_else(tmp_path: Path) -> None:
    write_deepzoom(tmp_path / "a<b&.dzi", (W, H), bands(picture(8), 50))

    page = (tmp_path / "a<b&.html").read_text("utf-8")
    assert "<title>a&lt;b&amp;</title>" in page
    (told,) = re.findall(r"const picture = (.*);", page)
    assert "<" not in told
    assert json.loads(told) == {"name": "a<b&", "width": W, "height": H, "tile": TILE, "overlap": OVERLAP}
    assert "http" not in page
    assert page.count("src") == 1
    assert "@" not in page


def test_the_second_picture_replaces_the_first(tmp_path: Path) -> None:
    dzi(tmp_path / "a.dzi", 8, bands(picture(8), 50))
    small = picture(8, 300, 20)
    write_deepzoom(tmp_path / "a.dzi", (300, 20), [small])

    assert {each.name for each in tmp_path.iterdir()} == {"a.dzi", "a.html", "a_files"}
    assert {int(each.name) for each in (tmp_path / "a_files").iterdir()} == set(range(10))
    assert 'Width="300"' in (tmp_path / "a.dzi").read_text("utf-8")


def test_what_others_have_made_is_not_replaced(tmp_path: Path) -> None:
    """A browser saves a page as NAME.html with its pictures in NAME_files."""
    (tmp_path / "a_files").mkdir()
    (tmp_path / "a_files" / "mine.png").write_bytes(b"1")
    with pytest.raises(FileError, match=r"a_files is there and holds other things$"):
        dzi(tmp_path / "a.dzi", 8, bands(picture(8), 50))
    (tmp_path / "b.html").write_text("mine")
    with pytest.raises(FileError, match=r"b\.html is there and is another page$"):
        dzi(tmp_path / "b.dzi", 8, bands(picture(8), 50))

    assert {each.name for each in tmp_path.iterdir()} == {"a_files", "b.html"}
    assert (tmp_path / "a_files" / "mine.png").is_file()


@pytest.mark.parametrize(("kind", "depth"), CASES)
def test_a_fault_of_the_bands_leaves_nothing(tmp_path: Path, kind: str, depth: int) -> None:
    def broken(fault: BaseException) -> Iterator[Pixels]:
        yield picture(depth)[:100]
        raise fault

    for fault in (ZeroDivisionError(), KeyboardInterrupt()):
        with pytest.raises(type(fault)):
            WRITERS[kind](tmp_path / "a", depth, broken(fault))
    with pytest.raises(ValueError, match="bands end after 100 rows of 531"):
        WRITERS[kind](tmp_path / "a", depth, bands(picture(depth)[:100], 50))
    with pytest.raises(ValueError, match="a band of"):
        WRITERS[kind](tmp_path / "a", depth, bands(picture(depth).astype(np.int8), 50))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("kind", "depth"), CASES)
def test_a_full_disk_is_told_in_a_line_and_leaves_nothing(tmp_path: Path, kind: str, depth: int) -> None:
    code = f"""
import resource, sys
sys.path[:0] = {[str(Path(__file__).parent)]}
from test_picture_formats import *
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    WRITERS["{kind}"](Path("a"), {depth}, bands(picture({depth}), 50))
except FileError as fault:
    print(fault)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == "cannot write a: the file grows larger than is allowed here\n"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_wait_for_libvips_lasts_until_it_has_ended() -> None:
    done: list[float] = []

    def save(image: Any) -> None:
        image.avg()
        for _ in range(3):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            time.sleep(2 * AGAIN_S)
        done.append(1.0)

    def interrupted() -> None:
        try:
            stream("x", (W, H), bands(picture(8), 50), 8, save)
        finally:
            assert done == [1.0]

    with pytest.raises(KeyboardInterrupt), stoppable():
        interrupted()


def test_where_libvips_fails_the_bands_stop_soon_and_nothing_stays_open() -> None:
    size = (2000, 3000)
    noise = picture(8, *size)
    drawn: list[int] = []

    def counted() -> Iterator[Pixels]:
        for band in bands(noise, 10):
            drawn.append(len(band))
            yield band

    def failing(image: Any) -> None:
        image.crop(0, 0, 2000, 20).avg()
        raise RuntimeError("no more")

    free = next_handle()
    for _ in range(3):
        drawn.clear()
        with pytest.raises(FileError, match=r"^cannot write x: no more$"):
            stream("x", size, counted(), 8, failing)
        assert 0 < sum(drawn) < 1500
    found: list[float] = []
    stream("x", size, bands(noise, 10), 8, lambda image: found.append(image.avg()))
    assert found == [pytest.approx(noise.mean())]
    # A saver that looks at a part alone leaves the rest unread.
    stream("x", size, bands(noise, 10), 8, lambda image: found.append(image.crop(0, 0, 2000, 20).avg()))
    assert found[1] == pytest.approx(noise[:20].mean())
    assert next_handle() == free


def next_handle() -> int:
    """Tell the number of the next file that is opened: the least that is free."""
    handle = os.open(os.devnull, os.O_RDONLY)
    os.close(handle)
    return handle


@pytest.mark.parametrize(("kind", "depth"), CASES)
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, kind: str, depth: int) -> None:
    with pytest.raises(FileError, match=r"^cannot write [^\n]+: the folder [^\n]+ does not exist$"):
        WRITERS[kind](tmp_path / "none" / "a", depth, bands(picture(depth), 50))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["tif", "exr"])
def test_a_pipe_is_refused_where_a_file_has_to_be_gone_back_to(tmp_path: Path, kind: str) -> None:
    reading, writing = os.pipe()
    try:
        with pytest.raises(FileError, match=r"^cannot write [^\n]+ needs a [^\n]+$"):
            WRITERS[kind](Path(f"/dev/fd/{writing}"), 8, bands(picture(8 if kind == "tif" else 32), 50))
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.parametrize(("kind", "depth"), CASES)
def test_names_may_have_any_characters(tmp_path: Path, kind: str, depth: int) -> None:
    folder = tmp_path / "a [b=1], % c"
    folder.mkdir()
    WRITERS[kind](folder / f"ü [d=2].{kind}", depth, bands(picture(depth), 50))

    assert f"ü [d=2].{kind}" in {each.name for each in folder.iterdir()}
    assert [each.name for each in tmp_path.iterdir()] == [folder.name]


@pytest.mark.parametrize("kind", ["tif", "dzi"])
def test_without_the_extra_it_is_named(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvips", None)

    with pytest.raises(FileError) as caught:
        WRITERS[kind](tmp_path / "a", 8, bands(picture(8), 50))

    needed = "TIFF and DeepZoom pictures need libvips: pip install 'weightscape[files]'"
    assert str(caught.value) == f"cannot write {tmp_path / 'a'}: {needed}"
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_killed_writer_is_swept_and_that_of_a_living_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(half_folder, "FRESH_S", -1.0)
    dead = tmp_path / ".weightscape-0123456789abcdef.part"
    (dead / "new_files").mkdir(parents=True)
    with half_folder.half_folder(tmp_path / "a") as living, half_folder.half_folder(tmp_path / "b"):
        assert not dead.exists()
        assert os.path.isdir(living)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_picture_that_breaks_off_is_not_saved_to_its_end() -> None:
    saved: list[float] = []
    size = (2000, 3000)
    broken = (band if n < 20 else 1 / 0 for n, band in enumerate(bands(picture(8, *size), 100)))

    with pytest.raises(ZeroDivisionError):
        stream("x", size, broken, 8, lambda image: saved.append(image.avg()))  # type: ignore[arg-type]

    assert saved == []
