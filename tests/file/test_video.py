"""Films: what is decoded is what was written, in the format's colours, in constant memory, whole or not at all."""

import json
import math
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import partial
from itertools import chain, repeat
from operator import itemgetter, methodcaller
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from weightscape.file.film_comment import read_comment
from weightscape.file.film_file import FilmFile
from weightscape.file.video import film_rate, film_size, film_writer, write_video
from weightscape.file.whole_file import FileError
from weightscape.stop import stoppable

Frame = npt.NDArray[np.uint8]
W, H = 64, 48
SUFFIXES = (".mp4", ".webm", ".gif", ".png")
# dB of smooth colours: 4:2:0 halves the colours' resolution, a gif frame has 256 of them, APNG loses nothing.
LEAST_PSNR = {".mp4": 35.0, ".webm": 35.0, ".gif": 27.0, ".png": math.inf}
COMMENT = '{"scene": {"seed": 5}, "sign": "σ"}'


def picture(k: int, size: tuple[int, int] = (W, H)) -> Frame:
    """Colours that run smoothly over the picture and from frame to frame."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    waves = [np.sin(x / 14 + k / 8), np.sin(y / 11 - x / 30), np.cos(x / 20 - y / 16 + k / 9)]
    return np.asarray(127.5 + 110.0 * np.stack(waves, -1), np.uint8)


def decoded(path: Path) -> tuple[list[Frame], dict[str, Any]]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        context = stream.codec_context
        tags = (context.color_range, context.color_primaries, context.color_trc, context.colorspace)
        about = {name.lower(): value for name, value in container.metadata.items()}
        return frames, about | {"tags": tags, "codec": context.name, "rate": stream.average_rate}


def psnr(a: Frame, b: Frame) -> float:
    error = np.mean((a.astype(np.float64) - b) ** 2)
    return math.inf if error == 0 else 10.0 * math.log10(255.0**2 / error)


def memory_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_film_has_every_frame_in_order(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_video(path, (W, H), 25, (picture(k) for k in range(12)), COMMENT)
    frames, about = decoded(path)
    assert len(frames) == 12
    assert {frame.shape for frame in frames} == {(H, W, 3)}
    assert about["rate"] == 25
    for k, frame in enumerate(frames):
        assert psnr(frame, picture(k)) >= LEAST_PSNR[suffix], k


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_a_film_carries_its_comment_and_tells_its_colours(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_video(path, (W, H), 30, [picture(0)], COMMENT)
    about = decoded(path)[1]
    assert about["comment"] == COMMENT
    assert about["tags"] == (1, 1, 1, 1)  # 16..235, bt709 three times
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_frames_are_the_same_bytes_whatever_else_the_memory_holds(tmp_path: Path, suffix: str) -> None:
    def noisy(noise: int) -> Iterator[Frame]:
        others: list[Frame] = []
        for k in range(15):
            others = [*others[-2:], np.full((k * 7919 + noise * 104_729) % 900_001, noise, np.uint8)]
            yield picture(k, (200, 150))

    for noise in range(4):
        write_video(tmp_path / f"{noise}{suffix}", (200, 150), 25, noisy(noise))
    assert len({(tmp_path / f"{noise}{suffix}").read_bytes() for noise in range(4)}) == 1


def test_several_films_take_the_same_frames_at_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        films = [stack.enter_context(film_writer(tmp_path / f"a{suffix}", (W, H), 25, COMMENT)) for suffix in SUFFIXES]
        for k in range(5):
            for film in films:
                film.write(picture(k))
    for suffix in SUFFIXES:
        frames = decoded(tmp_path / f"a{suffix}")[0]
        assert len(frames) == 5
        assert all(psnr(frame, picture(k)) >= LEAST_PSNR[suffix] for k, frame in enumerate(frames))
    assert len(os.listdir(tmp_path)) == 6  # two have a file beside them


def test_a_fault_between_two_films_leaves_neither(tmp_path: Path) -> None:
    def write() -> None:
        with film_writer(tmp_path / "a.mp4", (W, H), 25) as a, film_writer(tmp_path / "a.gif", (W, H), 25, "{}") as b:
            a.write(picture(0))
            b.write(picture(0).astype(np.float32))

    with pytest.raises(ValueError, match="a frame of float32"):
        write()
    assert os.listdir(tmp_path) == []


def test_the_film_that_fails_is_named_whichever_else_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(frame: Frame) -> Any:
        raise av.error.InvalidDataError(1, "broken")

    def write() -> None:
        with film_writer(tmp_path / "a.mp4", (W, H), 25) as a, film_writer(tmp_path / "b.gif", (W, H), 25):
            a.write(picture(0))

    monkeypatch.setattr("weightscape.file.video.converter", lambda *_: failed)
    with pytest.raises(FileError, match=r"a\.mp4: FFmpeg: broken$"):
        write()
    assert os.listdir(tmp_path) == []


def test_the_index_of_an_mp4_stands_before_its_frames(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (150, H, W, 3), np.uint8)
    write_video(tmp_path / "a.mp4", (W, H), 30, noise, COMMENT)
    data = (tmp_path / "a.mp4").read_bytes()
    assert len(data) > 1 << 18  # more than waits in a buffer
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    frames, about = decoded(tmp_path / "a.mp4")
    assert (len(frames), about["comment"]) == (150, COMMENT)
    assert psnr(frames[0], noise[0]) > 12.0


def test_a_film_that_is_given_up_is_not_moved_to_make_room_for_its_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def noted(*args: Any) -> Any:
        read.append(args)
        return open(*args)

    read: list[Any] = []
    monkeypatch.setattr("weightscape.file.film_file.open", noted, raising=False)
    with pytest.raises(ValueError, match="a frame of float32"):
        write_video(tmp_path / "a.mp4", (W, H), 30, [picture(0), picture(0).astype(np.float32)])  # type: ignore[list-item]
    assert (read, os.listdir(tmp_path)) == ([], [])
    write_video(tmp_path / "a.mp4", (W, H), 30, [picture(0)])
    assert len(read) == 1


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("fault", [FileError("the disk is full"), KeyboardInterrupt()])
@pytest.mark.parametrize("count", [1, 30])  # the first write is the last, and there are some on the way
def test_a_fault_of_the_file_is_told_once(
    tmp_path: Path,
    suffix: str,
    fault: BaseException,
    count: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def failed(self: Any, data: Any) -> Any:
        raise fault

    noise = np.random.default_rng(1).integers(0, 256, (count, 192, 256, 3), np.uint8)
    monkeypatch.setattr("weightscape.file.whole_file._Raw.write", failed)
    with pytest.raises(type(fault)) as caught:
        write_video(tmp_path / f"a{suffix}", (256, 192), 30, noise)
    assert caught.value is fault
    assert (os.listdir(tmp_path), capfd.readouterr().err) == ([], "")


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_a_comment_is_read_whatever_its_signs_and_the_files_name(tmp_path: Path, suffix: str) -> None:
    write_video(tmp_path / f"a{suffix}", (W, H), 30, [picture(0)], COMMENT)
    (tmp_path / f"a{suffix}").rename(tmp_path / "a.txt")
    assert read_comment(tmp_path / "a.txt", suffix) == COMMENT
    write_video(tmp_path / f"b{suffix}", (W, H), 30, [picture(0)])
    assert read_comment(tmp_path / f"b{suffix}", suffix) is None
    write_video(tmp_path / f"c{suffix}", (W, H), 30, [picture(0)], " " * 65_537)
    with pytest.raises(FileError, match=r"comment is longer than 65536 characters"):
        read_comment(tmp_path / f"c{suffix}", suffix)


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_whatever_is_wrong_with_a_film_is_one_line(
    tmp_path: Path, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    write_video(tmp_path / "a.mp4", (W, H), 30, [picture(0)], COMMENT)
    write_video(tmp_path / "a.webm", (W, H), 30, [picture(0)], COMMENT)
    whole, path, random = (tmp_path / f"a{suffix}").read_bytes(), tmp_path / "bad", np.random.default_rng(3)
    other = (tmp_path / f"a{'.webm' if suffix == '.mp4' else '.mp4'}").read_bytes()
    playlist = b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"
    for data in (b"", b"\0" * 100, playlist, other):
        path.write_bytes(data)
        with pytest.raises(FileError, match=r"^cannot read [^\n]+$"):
            read_comment(path, suffix)
    for _ in range(200):
        data = bytearray(whole[: random.integers(len(whole))] if random.random() < 0.3 else whole)
        for place in random.integers(len(whole), size=random.integers(1, 20)):
            data[place : place + 1] = bytes([random.integers(256)])
        path.write_bytes(data)
        try:
            read_comment(path, suffix)
        except FileError as fault:
            assert "\n" not in str(fault)  # noqa: PT017 - damage that harms nothing is no fault
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("suffix", [".gif", ".png"])
def test_a_film_written_anew_without_a_scene_has_no_old_one_beside_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    for comment, names in (("{}", {path.name, f"{path.name}.json"}), ("", {path.name}), ("", {path.name})):
        write_video(path, (W, H), 25, [np.zeros((H, W, 3), np.uint8)], comment)
        assert {*os.listdir(tmp_path)} == names


@pytest.mark.parametrize("suffix", [".gif", ".png"])
def test_a_format_without_a_comment_gets_a_file_beside_it(tmp_path: Path, suffix: str) -> None:
    write_video(tmp_path / f"a{suffix}", (3, 5), 30, [picture(0, (3, 5))], COMMENT)
    assert json.loads((tmp_path / f"a{suffix}.json").read_text("utf-8")) == json.loads(COMMENT)
    write_video(tmp_path / f"b{suffix}", (3, 5), 30, [picture(0, (3, 5))])
    assert not (tmp_path / f"b{suffix}.json").exists()


def test_grey_stays_grey_and_white_white_in_limited_range(tmp_path: Path) -> None:
    levels = np.repeat(np.linspace(0, 255, W).astype(np.uint8)[None, :, None], H, 0).repeat(3, 2)
    write_video(tmp_path / "a.mp4", (W, H), 30, [levels])
    frame = decoded(tmp_path / "a.mp4")[0][0]
    assert np.abs(frame.astype(int) - levels).max() <= 6


def test_a_rest_of_many_frames_is_the_same_array_again(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", (W, H), 30, [picture(0)] * 5)
    assert len(decoded(tmp_path / "a.mp4")[0]) == 5


def test_small_films_and_those_without_the_av1_encoder_are_vp9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = np.zeros((8, 8, 3), np.uint8), np.zeros((64, 64, 3), np.uint8)

    def codec(image: npt.NDArray[np.uint8]) -> str:
        write_video(tmp_path / "a.webm", image.shape[1::-1], 30, [image])
        return str(decoded(tmp_path / "a.webm")[1]["codec"])

    assert codec(large) in ("libdav1d", "av1")
    assert "vp9" in codec(small)
    monkeypatch.setattr(av, "codecs_available", av.codecs_available - {"libsvtav1"})
    assert "vp9" in codec(large)
    monkeypatch.setattr(av, "codecs_available", frozenset())
    with pytest.raises(FileError, match="no encoder libsvtav1 or libvpx-vp9"):
        write_video(tmp_path / "c.webm", (W, H), 30, [picture(0)])


def test_sides_become_even_where_the_format_needs_it() -> None:
    assert film_size("a.mp4", (321, 201)) == (320, 200)
    assert film_size("a.WEBM", (3, 2)) == (2, 2)
    assert film_size("a.gif", (321, 201)) == (321, 201)
    with pytest.raises(ValueError, match=r"1x9 is too small for .mp4, which takes at least 2x2"):
        film_size("a.mp4", (1, 9))
    with pytest.raises(ValueError, match="does not end in"):
        film_size("a.avi", (8, 8))


def test_rates_beyond_the_format_are_refused() -> None:
    assert film_rate("a.mp4", 29.97) * 100 == 2997
    for path, rate in (("a.gif", 60), ("a.mp4", 0.5), ("a.webm", 241)):
        with pytest.raises(ValueError, match=f"{rate} is not in 1.."):
            film_rate(path, rate)


@pytest.mark.parametrize(
    ("size", "frames", "reason"),
    [
        ((W, H), [], "needs a frame"),
        ((W, H + 1), [picture(0)], "even sides"),
        ((W, H), [picture(0, (W, H + 2))], "a frame of uint8"),
        ((W, H), [picture(0).astype(np.float32)], "a frame of float32"),
    ],
)
def test_frames_that_do_not_fit_leave_nothing(tmp_path: Path, size: Any, frames: list[Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        write_video(tmp_path / "a.mp4", size, 30, frames)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_a_fault_on_the_way_leaves_the_old_file(tmp_path: Path, suffix: str, fault: type[BaseException]) -> None:
    def frames() -> Iterator[Frame]:
        yield from (picture(k) for k in range(3))
        raise fault

    (tmp_path / f"a{suffix}").write_bytes(b"old")
    with pytest.raises(fault):
        write_video(tmp_path / f"a{suffix}", (W, H), 30, frames(), COMMENT)
    assert os.listdir(tmp_path) == [f"a{suffix}"]
    assert (tmp_path / f"a{suffix}").read_bytes() == b"old"


def interrupted(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Send an interrupt in the so manyth call of FFmpeg's, before FilmFile begins to try.

    All of it is C, as FFmpeg is: the interrupt comes in the very lines that FFmpeg calls.
    """
    begin, tried = FilmFile.__init__, FilmFile._tried
    sent = chain(repeat(None, number), map(signal.raise_signal, [signal.SIGINT]), repeat(None))

    def init(file: Any, target: Any) -> None:
        begin(file, target)
        file.next = partial(next, map(itemgetter(1), zip(sent, repeat(partial(tried, file)), strict=False)))

    monkeypatch.setattr(FilmFile, "__init__", init)
    monkeypatch.setattr(FilmFile, "_tried", property(methodcaller("next")))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_interrupt_in_any_call_of_ffmpegs_leaves_no_film_with_a_hole(
    tmp_path: Path, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    stopped = 0  # as often as there are calls
    while not (tmp_path / f"a{suffix}").exists():
        with pytest.MonkeyPatch.context() as patch, suppress(KeyboardInterrupt), stoppable():
            interrupted(patch, stopped)
            write_video(tmp_path / f"a{suffix}", (W, H), 30, [picture(k) for k in range(5)])
        files = os.listdir(tmp_path)
        assert files == [] or stopped > 3
        stopped += not files
    assert files == [f"a{suffix}"]
    assert capfd.readouterr().err == ""


def test_what_the_encoder_refuses_is_told_before_the_first_frame(tmp_path: Path) -> None:
    def frames() -> Iterator[Frame]:
        pytest.fail("a frame was asked for")
        yield picture(0)

    with pytest.raises(FileError, match=r"libx264 refuses 40000x40000 pixels"):
        write_video(tmp_path / "a.mp4", (40_000, 40_000), 30, frames())
    with pytest.raises(FileError, match="does not exist"):
        write_video(tmp_path / "no" / "a.mp4", (W, H), 30, frames())
    assert os.listdir(tmp_path) == []


def test_without_pyav_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(FileError, match=r"pip install 'weightscape\[video\]'"):
        write_video(tmp_path / "a.mp4", (W, H), 30, [picture(0)])
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "count"), [(".mp4", 500), (".webm", 400), (".gif", 300), (".png", 300)])
def test_memory_does_not_grow_with_the_film(tmp_path: Path, suffix: str, count: int) -> None:
    size = (128, 96)
    seen = []

    def frames() -> Iterator[Frame]:
        for k in range(count):
            seen.append(memory_mb())
            yield picture(k % 50, size)

    write_video(tmp_path / f"a{suffix}", size, 30, frames())
    # Encoders look ahead over many frames; what is held then does not grow any more. All frames are over 10 MB.
    assert seen[-1] - seen[count // 2] < 0.25 * count / 2 * 3 * size[0] * size[1] / 2**20


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_bytes_that_are_no_text_are_read_as_replaced_signs(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_video(path, (16, 16), 10, [picture(k, (16, 16)) for k in range(2)], "QWERTYQ")
    data = path.read_bytes()
    assert b"QWERTYQ" in data
    path.write_bytes(data.replace(b"QWERTYQ", b"QW\xff\xfeTYQ"))
    assert read_comment(path, suffix) == "QW\ufffd\ufffdTYQ"
