"""Writes frames as a film: mp4 (H.264), webm (AV1, else VP9), gif and animated PNG, in constant memory.

FFmpeg does the work, through PyAV, which is an extra (weightscape[video]) and is loaded when a film is written.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from weightscape.file.film_file import FilmFile
from weightscape.file.film_frame import BT709, LIMITED, Conversion, Frame, Size, converter
from weightscape.file.film_pipe import spooled
from weightscape.file.whole_file import REASON, FileError, FilePath, shown, whole_file
from weightscape.stop import heed

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

Telling = Callable[[], AbstractContextManager[None]]

# FFmpeg's own text on stderr is not for the user of this program.
SILENT_AV1 = {"SVT_LOG": "0"}  # fatal ones alone: a film that is stopped is no error


@dataclass(frozen=True)
class Codec:
    """Say how FFmpeg calls an encoder, what it takes and what it is told; `least` is the shortest side."""

    name: str
    pixels: str
    options: dict[str, str] = field(default_factory=dict)
    least: int = 1


@dataclass(frozen=True)
class Format:
    """Say what a kind of file is made of: encoders, the first that is there is taken; `buffer`: bytes at a time.

    `piped`: options in place of `options` where there is no going back to what is written.
    """

    name: str
    codecs: tuple[Codec, ...]
    has_comment: bool
    fastest: int = 240
    options: dict[str, str] = field(default_factory=dict)
    buffer: int = 1 << 15
    piped: dict[str, str] = field(default_factory=dict)

    @property
    def needs_even(self) -> bool:
        """Tell whether colours are stored for 2x2 pixels at a time."""
        return self.codecs[0].pixels == "yuv420p"


# Else x264 codes the same frames with other bytes, by what lies about in the memory that it is given (AVX-512).
SAME_BYTES = {"x264-params": "cpu-independent=1"}
# A film and its track else have random numbers.
NO_CHANCE = {"fflags": "+bitexact"}
# Pieces of half a second, each with its own index, after a head without one.
FRAGMENTS = {"movflags": "+delay_moov+default_base_moof", "frag_duration": "500000", "flush_packets": "1"}
FORMATS = {
    # With its index first a film plays before it has come through the net whole.
    ".mp4": Format(
        "mp4",
        (Codec("libx264", "yuv420p", {"crf": "16"} | SAME_BYTES, 2),),
        True,
        options={"movflags": "+faststart"},
        piped=FRAGMENTS,
    ),
    # SVT-AV1 takes 8 x 8 pixels and writes past its buffers (PyAV 19): less than one of its blocks is VP9's.
    ".webm": Format(
        "webm",
        (
            Codec("libsvtav1", "yuv420p", {"crf": "24", "preset": "7"}, 64),
            Codec("libvpx-vp9", "yuv420p", {"crf": "22", "b": "0", "row-mt": "1", "cpu-used": "3"}, 2),
        ),
        True,
        options=NO_CHANCE,
    ),
    # A gif counts in hundredths of a second, and players take less than two of them for ten.
    ".gif": Format("gif", (Codec("gif", "pal8"),), False, 50, {"loop": "0"}),
    ".png": Format("apng", (Codec("apng", "rgb24", {"pred": "mixed"}),), False, options={"plays": "0"}),
}


def film_size(path: FilePath, size: Size) -> Size:
    """Tell the size that a film of this name can have: even sides where the format needs them.

    Raises ValueError for a suffix that is no film's and a size that is too small for it.
    """
    made = _format(path)
    width, height = (side // 2 * 2 for side in size) if made.needs_even else size
    least = made.codecs[-1].least
    if min(width, height) < least:
        raise ValueError(f"{size[0]}x{size[1]} is too small for {_suffix(path)}, which takes at least {least}x{least}")
    return width, height


def film_rate(path: FilePath, fps: float | Fraction) -> Fraction:
    """Tell the frames a second that a film of this name can have. Raises ValueError with value and range."""
    fastest = _format(path).fastest
    if not 1 <= fps <= fastest:
        raise ValueError(f"{fps} is not in 1..{fastest} frames a second, the range of {_suffix(path)}")
    return Fraction(fps).limit_denominator(1001)


class FilmWriter:
    """Encodes the frames that it is handed, one after another."""

    def __init__(
        self, telling: Telling, container: "OutputContainer", stream: "VideoStream", converted: Conversion
    ) -> None:
        self._telling, self._container, self._stream, self._converted = telling, container, stream, converted
        self.is_empty = True

    def write(self, frame: Frame) -> None:
        """Add a frame uint8 (height, width, 3), sRGB. Raises FileError, ValueError for one of another kind."""
        with self._telling():
            self._container.mux(self._stream.encode(self._converted(frame)))
        self.is_empty = False

    def finish(self) -> None:
        """Write what the encoder still holds, and the index. Raises FileError, ValueError where no frame came."""
        if self.is_empty:
            raise ValueError("a film needs a frame")
        with self._telling():
            self._container.mux(self._stream.encode(None))
            self._container.close()


@contextmanager
def film_writer(
    path: FilePath, size: Size, fps: float | Fraction, comment: str = "", kind: str = ""
) -> Iterator[FilmWriter]:
    """Open a film of `size` (width, height) at `fps` frames a second, to be handed its frames.

    `kind`, or else the suffix, tells the format. `comment` stands in the file or, for gif and png, in a .json file
    beside it; those hold it where they go into a pipe. The file appears, whole, when the block ends
    without an exception. Raises FileError where it cannot be written or PyAV is missing, ValueError for another suffix,
    size, rate or no frame.
    """
    named = f"film{kind}" if kind else path
    made, rate = _format(named), film_rate(named, fps)
    if film_size(named, size) != size:
        raise ValueError(f"{_suffix(named)} needs even sides, not {size[0]}x{size[1]}")
    check_library(path)
    with ExitStack() as stack:
        whole = stack.enter_context(whole_file(path))
        is_piped = not whole.seekable()
        target = (
            stack.enter_context(spooled(whole, _suffix(named), comment)) if is_piped and not made.has_comment else whole
        )
        yield stack.enter_context(encoded(path, target, made, size, rate, comment))
    if made.has_comment or is_piped:
        return
    if comment:
        with whole_file(beside(path)) as text:
            text.write(comment.encode() + b"\n")
    else:
        _forget(beside(path))


def _forget(path: FilePath) -> None:
    """Remove what stood beside a film that has been written anew. Raises FileError."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    except OSError as fault:
        raise FileError(f"cannot remove {shown(path)}: {REASON.get(fault.errno or 0, fault.strerror)}") from None


@contextmanager
def encoded(
    path: FilePath, target: BinaryIO, made: Format, size: Size, rate: Fraction, comment: str
) -> Iterator[FilmWriter]:
    """Encode frames into an open file, as film_writer() does; a fault names `path`."""
    file = FilmFile(target)
    told = partial(telling, path, file)
    with opened_container(told, file, made) as container:
        if comment and made.has_comment:
            container.metadata["comment"] = comment
        with told():
            stream = _encoder(container, made, size, rate)
        film = FilmWriter(told, container, stream, converter(stream, size, rate))
        yield film
        film.finish()


def write_video(path: FilePath, size: Size, fps: float | Fraction, frames: Iterable[Frame], comment: str = "") -> None:
    """Write frames as a film, all that film_writer() says; the first is not asked for before the file is open."""
    with film_writer(path, size, fps, comment) as film:
        for frame in frames:
            film.write(frame)


def files_of(path: FilePath, kind: str = "") -> list[str]:
    """Name the files that a film with a comment consists of."""
    return (
        [os.fspath(path)] if _format(f"film{kind}" if kind else path).has_comment else [os.fspath(path), beside(path)]
    )


def beside(path: FilePath) -> str:
    """Name the file for the comment of a film that holds none."""
    return os.fspath(path) + ".json"


def check_library(path: FilePath, verb: str = "write") -> None:
    """Raise FileError when PyAV is missing; `verb`: what cannot be done with `path` then."""
    for name, value in SILENT_AV1.items():
        os.environ.setdefault(name, value)
    try:
        import av  # noqa: F401
    except ImportError as fault:
        raise FileError(
            f"cannot {verb} {shown(path)}: films need PyAV: pip install 'weightscape[video]' ({fault})"
        ) from None


def _suffix(path: FilePath) -> str:
    return os.path.splitext(os.fspath(path))[1].lower()


def _format(path: FilePath) -> Format:
    suffix = _suffix(path)
    if suffix not in FORMATS:
        raise ValueError(f"{os.fspath(path)!r} does not end in {', '.join(FORMATS)}")
    return FORMATS[suffix]


@contextmanager
def telling(path: FilePath, file: FilmFile) -> Iterator[None]:
    """Turn a fault of FFmpeg into one line, and raise a fault of the file; those of the frames pass.

    An interrupt that came where FFmpeg called has waited, and is raised.
    """
    import av

    try:
        yield
    except av.FFmpegError as fault:
        heed()
        raise file.fault or FileError(f"cannot write {shown(path)}: FFmpeg: {fault.strerror}") from fault
    heed()
    if file.fault:
        raise file.fault


@contextmanager
def opened_container(told: Telling, file: FilmFile, made: Format) -> "Iterator[OutputContainer]":
    """Open a container, and close it when the block fails."""
    import av

    with told():
        # To put the index first FFmpeg opens again what it has written, and moves it.
        options, io_open = dict(made.options if file.seekable() else made.piped or made.options), file.again
        container = av.open(file, "w", format=made.name, options=options, buffer_size=made.buffer, io_open=io_open)
    try:
        yield container
    except BaseException as fault:
        file.fault = fault  # nothing that FFmpeg writes now is wanted
        with suppress(Exception):
            container.close()
        raise


def _encoder(container: "OutputContainer", made: Format, size: Size, rate: Fraction) -> "VideoStream":
    """Add an encoder and write the header: what they refuse is known before any work."""
    import av

    codec = next((c for c in made.codecs if min(size) >= c.least and c.name in av.codecs_available), None)
    if codec is None:
        raise FileError(f"this FFmpeg has no encoder {' or '.join(c.name for c in made.codecs)}")
    stream = cast("VideoStream", container.add_stream(codec.name, rate=rate, options=dict(codec.options)))
    stream.width, stream.height, stream.pix_fmt = *size, codec.pixels
    stream.codec_context.sample_aspect_ratio = Fraction(1)
    if made.needs_even:
        context = stream.codec_context
        context.color_range, context.colorspace = LIMITED, BT709
        context.color_primaries = context.color_trc = BT709
    try:
        container.start_encoding()
    except av.FFmpegError as fault:
        refused = f"{codec.name} refuses {size[0]}x{size[1]} pixels at {rate} frames a second"
        raise FileError(f"{refused}: {fault.strerror}") from fault
    return stream
