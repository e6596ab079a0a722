"""Pictures are read back by Pillow, text by us; damaged files are refused and never believed."""

import itertools
import os
import random
import re
import struct
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, PngImagePlugin

from weightscape.file import png
from weightscape.file.png import MAX_TEXT, SIGNATURE, read_text, write_png
from weightscape.file.whole_file import FileError

Pixels = npt.NDArray[np.uint8]

SCENE = '{"seed": 43, "note": "σ × √3, 日本, 🙂"}'


def noise(width: int, height: int) -> Pixels:
    return np.random.default_rng(width).integers(0, 256, (height, width, 3), np.uint8)


def waves(width: int, height: int) -> Pixels:
    y, x = np.mgrid[:height, :width] / 40.0
    return (127.5 + 127 * np.stack([np.sin(x * y), np.cos(x + y), np.sin(y)], axis=-1)).astype(np.uint8)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Read a sound PNG's chunks (type, body), without the code under test."""
    found, place = [], 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert data[place : place + 12 + length] == chunk(kind, body)
        found.append((kind, body))
        place += 12 + length
    return found


HEAD = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\1\2\3"))
END = chunk(b"IEND", b"")


def text_of(path: Path, *parts: bytes) -> str | None:
    path.write_bytes(HEAD + b"".join(parts) + END)
    return read_text(path, "weightscape")


def failure(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        read_text(path, "weightscape")
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (33, 17), (640, 401), (1, 90_000), (90_000, 3)])
@pytest.mark.parametrize("make", [noise, waves])
def test_pillow_reads_the_picture_and_the_text(tmp_path: Path, size: tuple[int, int], make: object) -> None:
    pixels = noise(*size) if make is noise else waves(*size)
    write_png(tmp_path / "a.png", size, [pixels], {"weightscape": SCENE, "Title": "a picture"})
    with Image.open(tmp_path / "a.png") as picture:
        picture.load()
        assert isinstance(picture, PngImagePlugin.PngImageFile)
        assert (picture.mode, picture.size) == ("RGB", size)
        assert picture.text == {"weightscape": SCENE, "Title": "a picture"}
        assert picture.info["srgb"] == 0
        assert np.array_equal(np.asarray(picture), pixels)


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_each_filter_is_chosen_where_it_is_best(tmp_path: Path, kind: int) -> None:
    row = np.random.default_rng(3).integers(90, 166, (1, 50, 3), np.uint8)
    spikes = np.zeros((50, 50, 3), np.uint8)
    spikes[np.arange(50), np.arange(50) * 7 % 50] = 100
    column = np.array([64, 192] * 25, np.uint8).reshape(50, 1, 1)
    pixels = (spikes, np.broadcast_to(column, (50, 50, 3)), np.broadcast_to(row, (50, 50, 3)))[kind]
    write_png(tmp_path / "a.png", (50, 50), [pixels], {})
    packed = b"".join(body for name, body in chunks((tmp_path / "a.png").read_bytes()) if name == b"IDAT")
    filters = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(50, 151)[:, 0]
    assert (filters[1:] == kind).all()
    with Image.open(tmp_path / "a.png") as picture:
        assert np.array_equal(np.asarray(picture), pixels)


def test_rows_follow_on_from_one_strip_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_png(tmp_path / "a.png", (64, 64), [waves(64, 64)], {})
    monkeypatch.setattr(png, "STRIP_BYTES", 64 * 3 * 5)
    write_png(tmp_path / "b.png", (64, 64), [waves(64, 64)], {})
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_the_bytes_do_not_depend_on_the_bands(tmp_path: Path) -> None:
    pixels = waves(700, 500)
    cuts = [[500], [1] * 500, [499, 1], [64] * 7 + [52], [0, 3, 0, 497]]
    for name, rows in enumerate(cuts):
        ends = list(itertools.accumulate(rows))
        bands = [pixels[end - n : end] for n, end in zip(rows, ends, strict=True)]
        write_png(tmp_path / f"{name}.png", (700, 500), iter(bands), {"weightscape": SCENE * 100})
    assert len({(tmp_path / f"{name}.png").read_bytes() for name in range(len(cuts))}) == 1


def test_bands_of_any_layout_are_taken(tmp_path: Path) -> None:
    pixels = waves(30, 20)
    write_png(tmp_path / "a.png", (30, 20), [np.asfortranarray(pixels[::-1])], {})
    with Image.open(tmp_path / "a.png") as picture:
        assert np.array_equal(np.asarray(picture), pixels[::-1])


def test_the_chunks_come_in_order(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", (2, 2), [noise(2, 2)], {"weightscape": SCENE, "b": "x" * 5000})
    found = chunks((tmp_path / "a.png").read_bytes())
    assert [kind for kind, _ in found] == [b"IHDR", b"sRGB", b"iTXt", b"iTXt", b"IDAT", b"IEND"]
    assert found[2][1] == b"weightscape\0\0\0\0\0" + SCENE.encode()
    assert len(found[3][1]) < 100


def test_large_pictures_have_few_chunks(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", (1000, 1000), [noise(1000, 1000)], {})
    sizes = [len(body) for kind, body in chunks((tmp_path / "a.png").read_bytes()) if kind == b"IDAT"]
    assert len(sizes) == 3
    assert min(sizes[:-1]) >= 1 << 20
    assert read_text(tmp_path / "a.png", "weightscape") is None


@pytest.mark.parametrize(
    ("bands", "reason"),
    [
        ([], "end after 0 rows of 4"),
        ([noise(3, 3)], "end after 3 rows of 4"),
        ([noise(3, 4), noise(3, 1)], "more than 4 rows"),
        ([noise(4, 4)], r"a band of uint8 \(4, 4, 3\)"),
        ([noise(3, 4)[..., :2]], r"want uint8 \(rows, 3, 3\)"),
        ([noise(3, 4).astype(np.float32)], "a band of float32"),
        ([noise(3, 4)[0]], "a band of uint8"),
    ],
)
def test_bands_that_do_not_fit_leave_no_file(tmp_path: Path, bands: list[Pixels], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        write_png(tmp_path / "a.png", (3, 4), bands, {})
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("size", [(0, 1), (1, 0), (-1, 5), (1 << 31, 1), (1, 1 << 31)])
def test_impossible_sizes_are_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be a PNG"):
        write_png(tmp_path / "a.png", size, [], {})


@pytest.mark.parametrize("keyword", ["", "x" * 80, " a", "a ", "a  b", "a\nb", "a\0", "σ", "\xa0"])
def test_impossible_keywords_are_refused(tmp_path: Path, keyword: str) -> None:
    with pytest.raises(ValueError, match=r"keyword|latin-1"):
        write_png(tmp_path / "a.png", (1, 1), [noise(1, 1)], {keyword: "text"})
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("text", ["a\0b", "x" * (MAX_TEXT + 1), "\ud800"])
def test_texts_that_could_not_be_read_back_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"longer|surrogates"):
        write_png(tmp_path / "a.png", (1, 1), [noise(1, 1)], {"weightscape": text})


@pytest.mark.parametrize("length", [0, 1, 1023, 1024, 1025, MAX_TEXT])
def test_texts_of_any_length_come_back(tmp_path: Path, length: int) -> None:
    text = "".join(random.Random(length).choices("abcdefghijklmnop{}\n", k=length))
    write_png(tmp_path / "a.png", (1, 1), [noise(1, 1)], {"other": "x", "weightscape": text})
    assert read_text(tmp_path / "a.png", "weightscape") == text
    assert read_text(tmp_path / "a.png", "other") == "x"
    assert read_text(tmp_path / "a.png", "weight") is None


def test_text_of_other_writers_is_found(tmp_path: Path) -> None:
    for zipped, text in itertools.product((False, True), ("plain é", SCENE)):
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", "x" * 200_000)
        (info.add_text if text != SCENE else info.add_itxt)("weightscape", text, zip=zipped)
        Image.new("RGB", (5, 5)).save(tmp_path / "a.png", pnginfo=info)
        assert read_text(tmp_path / "a.png", "weightscape") == text


def test_text_after_the_pixels_is_found_and_the_first_one_wins(tmp_path: Path) -> None:
    itxt = [chunk(b"iTXt", b"weightscape\0\0\0en\0key\0" + word) for word in (b"one", b"two")]
    assert text_of(tmp_path / "a.png", PIXELS, itxt[0]) == "one"
    assert text_of(tmp_path / "a.png", itxt[1], PIXELS, itxt[0]) == "two"
    assert text_of(tmp_path / "a.png", chunk(b"tEXt", b"weightscape\0t"), PIXELS, itxt[0]) == "t"
    assert text_of(tmp_path / "a.png", PIXELS) is None
    assert text_of(tmp_path / "a.png", chunk(b"tEXt", b"weightscape"), PIXELS) is None


def test_bytes_behind_the_end_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(HEAD + PIXELS + END + b"more")
    assert read_text(tmp_path / "a.png", "weightscape") is None


def test_pixels_are_not_decoded(tmp_path: Path) -> None:
    broken = struct.pack(">I", 4) + b"IDAT" + b"nonsense"
    assert text_of(tmp_path / "a.png", chunk(b"tEXt", b"weightscape\0here"), broken) == "here"


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"GIF89a" * 9, SIGNATURE.replace(b"\r\n", b"\n") + END])
def test_what_is_no_png_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    assert failure(tmp_path / "a.png") == f"cannot read {tmp_path}/a.png: it is not a PNG picture"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert failure(tmp_path).endswith("it is a folder")
    assert failure(tmp_path / "none.png").endswith("it does not exist")


ITXT = b"weightscape\0"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([chunk(b"iTXt", ITXT)], "its text chunk is damaged"),
        ([chunk(b"iTXt", ITXT + b"\0\0\0")], "its text chunk is damaged"),
        ([chunk(b"iTXt", ITXT + b"\2\0\0\0x")], "its text chunk is damaged"),
        ([chunk(b"iTXt", ITXT + b"\0\0\0\0\xff\xfe")], "its text chunk is damaged"),
        ([chunk(b"iTXt", ITXT + b"\1\0\0\0no zlib")], "its text chunk is damaged"),
        ([chunk(b"iTXt", ITXT + b"\1\1\0\0" + zlib.compress(b"x"))], "its text chunk is damaged"),
        ([chunk(b"iTXt", ITXT + b"\1\0\0\0" + zlib.compress(b"x" * 99)[:-5])], "its text chunk is damaged"),
        ([chunk(b"zTXt", ITXT)], "its text chunk is damaged"),
        ([chunk(b"iTXt", ITXT + b"\1\0\0\0" + zlib.compress(b"x" * (MAX_TEXT + 1)))], "its text is too long"),
        ([chunk(b"iTXt", ITXT + b"\0\0\0\0" + b"x" * (MAX_TEXT + 1))], "its text is too long"),
        ([chunk(b"tEXt", ITXT + b"x")[:-1] + b"!"], "its tEXt chunk fails the check"),
        ([chunk(b"teXt", b"x")[:-1] + b"!"], "its teXt chunk fails the check"),
        ([chunk(b"t\0Xt", b"x")], "damaged at byte 33"),
        ([HEAD[8:]], "damaged at byte 33"),
        ([b"\xff\xff\xff\xffiTXt" + ITXT], "truncated"),
    ],
)
def test_damage_is_named(tmp_path: Path, parts: list[bytes], reason: str) -> None:
    (tmp_path / "a.png").write_bytes(HEAD + b"".join(parts) + END)
    assert reason in failure(tmp_path / "a.png")


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count"), [(b"teXt", 10_000), (b"IDAT", 1_000_001)])
def test_more_chunks_than_any_picture_has_are_refused(tmp_path: Path, kind: bytes, count: int) -> None:
    (tmp_path / "a.png").write_bytes(HEAD + chunk(kind, b"") * count + END)
    assert "too many chunks" in failure(tmp_path / "a.png")


def test_a_header_must_come_first(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(SIGNATURE + PIXELS + HEAD[8:] + END)
    assert "damaged at byte 8" in failure(tmp_path / "a.png")


def test_many_pixel_chunks_are_usual(tmp_path: Path) -> None:
    assert text_of(tmp_path / "a.png", *[PIXELS] * 20_000, chunk(b"tEXt", b"weightscape\0x")) == "x"


def test_an_animation_may_have_many_frames(tmp_path: Path) -> None:
    assert text_of(tmp_path / "a.png", *[chunk(b"fcTL", bytes(26)) + chunk(b"fdAT", bytes(4))] * 20_000) is None


def sample(path: Path) -> bytes:
    write_png(path, (40, 30), [noise(40, 30)], {"weightscape": SCENE * 40, "Title": "short"})
    return path.read_bytes()


def test_a_truncated_file_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    data = sample(tmp_path / "a.png")
    bounds = [8, *itertools.accumulate((len(body) + 12 for _, body in chunks(data)), initial=8)][:-1]
    places = {place + shift for place in bounds for shift in (-1, 0, 1, 4, 8)}
    places |= set(random.Random(5).sample(range(len(data)), 200))
    for place in sorted(places - {len(data)}):
        (tmp_path / "cut.png").write_bytes(data[:place])
        assert re.search("truncated|not a PNG", failure(tmp_path / "cut.png")), place


def mutants(data: bytes, count: int) -> Iterator[bytes]:
    """Change bytes anywhere, or inside a chunk whose check is then made right again."""
    random_ = random.Random(17)
    parts = chunks(data)
    for number in range(count):
        if number % 2:
            changed = bytearray(data)
            for _ in range(random_.randint(1, 4)):
                changed[random_.randrange(len(data))] = random_.randrange(256)
            yield bytes(changed)
            continue
        picked = random_.choice([i for i, (kind, _) in enumerate(parts) if kind == b"iTXt"])
        body = bytearray(parts[picked][1])
        for _ in range(random_.randint(1, 3)):
            place = random_.randrange(min(len(body), 60) if random_.random() < 0.7 else len(body))
            body[place : place + random_.randint(0, 2)] = random_.randbytes(random_.randint(0, 2))
        kind = random_.choice([b"iTXt", b"iTXt", b"zTXt", b"tEXt"])
        new = [(kind, bytes(body)) if i == picked else part for i, part in enumerate(parts)]
        yield SIGNATURE + b"".join(itertools.starmap(chunk, new))


@pytest.mark.slow
def test_no_mutant_does_more_than_fail(tmp_path: Path) -> None:
    data = sample(tmp_path / "a.png")
    outcomes = {"text": 0, "none": 0, "refused": 0}
    tracemalloc.start()
    for mutant in mutants(data, 2000):
        (tmp_path / "b.png").write_bytes(mutant)
        try:
            text = read_text(tmp_path / "b.png", "weightscape")
        except FileError as fault:
            outcomes["refused" if "\n" not in str(fault) else "several lines"] += 1
        else:
            outcomes["none" if text is None else "text"] += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert min(outcomes.values()) > 50, outcomes
    assert peak < 4_000_000


def test_memory_does_not_grow_with_the_picture(tmp_path: Path) -> None:
    def bands() -> Iterator[Pixels]:
        for _ in range(40):
            yield np.zeros((100, 4000, 3), np.uint8)

    tracemalloc.start()
    write_png(tmp_path / "a.png", (4000, 4000), bands(), {"weightscape": SCENE})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000  # the pixels are 48,000,000 bytes
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (4000, 4000)


@pytest.mark.parametrize(
    "part",
    [
        chunk(b"eXIf", bytes(30_000_000)),
        chunk(b"tEXt", b"Comment\0" + b"x" * 30_000_000),
        chunk(b"tEXt", b"weightscape\0" + b"x" * 30_000_000),
        chunk(b"zTXt", b"weightscape\0\0" + zlib.compress(bytes(100_000_000))),
        chunk(b"iTXt", b"weightscape\0\1\0\0\0" + zlib.compress(random.Random(1).randbytes(1_000_000))),
    ],
    ids=["exif", "comment", "plain", "bomb", "packed"],
)
def test_a_long_chunk_costs_no_memory(tmp_path: Path, part: bytes) -> None:
    (tmp_path / "a.png").write_bytes(HEAD + part + PIXELS + END)
    tracemalloc.start()
    if b"weightscape" in part:
        assert failure(tmp_path / "a.png").endswith("its text is too long")
    else:
        assert read_text(tmp_path / "a.png", "weightscape") is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


KILLED = """
import sys
import numpy as np
from weightscape.file.png import write_png
def bands():
    yield np.random.default_rng(1).integers(0, 256, (999, 1000, 3), np.uint8)
    print("half", flush=True)
    sys.stdin.read()
write_png(sys.argv[1], (1000, 1000), bands(), {})
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_killed_writer_leaves_no_picture(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "a.png")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
        process.wait()
    assert not (tmp_path / "a.png").exists()
