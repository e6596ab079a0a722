"""Writes frames as a film: mp4 (H.264), webm (AV1, else VP9), gif and animated PNG, in constant memory.

FFmpeg does the work, through PyAV, which is an extra (weightscape[video]) and is loaded when a film is written.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from weightscape.export.whole_file import FileError, FilePath, shown, whole_file

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

Frame = npt.NDArray[np.uint8]
Size = tuple[int, int]

BT709 = 1
LIMITED = 1  # the range of 8-bit video, 16..235
# FFmpeg's own text on stderr is not for the user of this program.
SILENT_AV1 = {"SVT_LOG": "1"}


@dataclass(frozen=True)
class Codec:
    """Say how FFmpeg calls an encoder, what it takes and what it is told; `least` is the shortest side."""

    name: str
    pixels: str
    options: dict[str, str] = field(default_factory=dict)
    least: int = 1


@dataclass(frozen=True)
class Format:
    """Say what a kind of file is made of: encoders, the first that is there is taken."""

    name: str
    codecs: tuple[Codec, ...]
    has_comment: bool
    fastest: int = 240
    options: dict[str, str] = field(default_factory=dict)

    @property
    def needs_even(self) -> bool:
        """Tell whether colours are stored for 2x2 pixels at a time."""
        return self.codecs[0].pixels == "yuv420p"


FORMATS = {
    ".mp4": Format("mp4", (Codec("libx264", "yuv420p", {"crf": "16"}, 2),), True),
    ".webm": Format("webm", (
        Codec("libsvtav1", "yuv420p", {"crf": "24", "preset": "7"}, 4),
        Codec("libvpx-vp9", "yuv420p", {"crf": "22", "b": "0", "row-mt": "1", "cpu-used": "3"}, 2),
    ), True),
    # A gif counts in hundredths of a second, and players take less than two of them for ten.
    ".gif": Format("gif", (Codec("gif", "pal8"),), False, 50, {"loop": "0"}),
    ".png": Format("apng", (Codec("apng", "rgb24", {"pred": "mixed"}),), False, options={"plays": "0"}),
}  # fmt: skip


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


def write_video(path: FilePath, size: Size, fps: float | Fraction, frames: Iterable[Frame], comment: str = "") -> None:
    """Write frames uint8 (height, width, 3), sRGB, as a film of `size` (width, height) at `fps` frames a second.

    The suffix tells the format. `comment` stands in the file or, for gif and png, in a .json file beside it. The
    file appears whole or not at all, and the first frame is not asked for before it is open. Raises FileError
    where it cannot be written or PyAV is missing, ValueError for another suffix, size, rate or no frame.
    """
    made, rate = _format(path), film_rate(path, fps)
    if film_size(path, size) != size:
        raise ValueError(f"{_suffix(path)} needs even sides, not {size[0]}x{size[1]}")
    check_library(path)
    with whole_file(path) as file, _telling(path), _opened(file, made, size, rate, comment) as (container, stream):
        for packet in _packets(stream, _converted(stream, size, rate, frames)):
            container.mux(packet)
    if comment and not made.has_comment:
        with whole_file(beside(path)) as file:
            file.write(comment.encode() + b"\n")


def beside(path: FilePath) -> str:
    """Name the file for the comment of a film that holds none."""
    return os.fspath(path) + ".json"


def has_comment(path: FilePath) -> bool:
    """Tell whether a film of this name holds its comment itself."""
    return _format(path).has_comment


def check_library(path: FilePath) -> None:
    """Raise FileError when PyAV is missing."""
    for name, value in SILENT_AV1.items():
        os.environ.setdefault(name, value)
    try:
        import av  # noqa: F401
    except ImportError as fault:
        raise FileError(
            f"cannot write {shown(path)}: films need PyAV: pip install 'weightscape[video]' ({fault})"
        ) from None


def _suffix(path: FilePath) -> str:
    return os.path.splitext(os.fspath(path))[1].lower()


def _format(path: FilePath) -> Format:
    suffix = _suffix(path)
    if suffix not in FORMATS:
        raise ValueError(f"{os.fspath(path)!r} does not end in {', '.join(FORMATS)}")
    return FORMATS[suffix]


@contextmanager
def _telling(path: FilePath) -> Iterator[None]:
    """Turn a fault of FFmpeg into one line; faults of the file itself and of the frames pass."""
    import av

    try:
        yield
    except av.FFmpegError as fault:
        raise FileError(f"cannot write {shown(path)}: FFmpeg: {fault.strerror}") from fault


@contextmanager
def _opened(
    file: BinaryIO, made: Format, size: Size, rate: Fraction, comment: str
) -> "Iterator[tuple[OutputContainer, VideoStream]]":
    """Open container and encoder, header written: what they refuse is known before any work."""
    import av

    codec = next((c for c in made.codecs if min(size) >= c.least and c.name in av.codecs_available), None)
    if codec is None:
        raise FileError(f"this FFmpeg has no encoder {' or '.join(c.name for c in made.codecs)}")
    container = av.open(file, "w", format=made.name, options=dict(made.options))
    try:
        if comment and made.has_comment:
            container.metadata["comment"] = comment
        stream = cast("VideoStream", container.add_stream(codec.name, rate=rate, options=dict(codec.options)))
        stream.width, stream.height, stream.pix_fmt = *size, codec.pixels
        if made.needs_even:
            context = stream.codec_context
            context.color_range, context.colorspace = LIMITED, BT709
            context.color_primaries = context.color_trc = BT709
        try:
            container.start_encoding()
        except av.FFmpegError as fault:
            refused = f"{codec.name} refuses {size[0]}x{size[1]} pixels at {rate} frames a second"
            raise FileError(f"{refused}: {fault.strerror}") from fault
        yield container, stream
    except BaseException:
        with suppress(Exception):  # the first fault is the one to tell
            container.close()
        raise
    container.close()


def _packets(stream: "VideoStream", frames: "Iterable[VideoFrame]") -> "Iterator[Packet[VideoStream]]":
    empty = True
    for frame in frames:
        empty = False
        yield from stream.encode(frame)
    if empty:
        raise ValueError("a film needs a frame")
    yield from stream.encode(None)


def _converted(
    stream: "VideoStream", size: Size, rate: Fraction, frames: Iterable[Frame]
) -> "Iterator[VideoFrame]":
    """Bring frames to the encoder's kind of pixels, and number them."""
    import av

    paletted = _paletted(size, rate) if stream.pix_fmt == "pal8" else None
    for k, pixels in enumerate(frames):
        if pixels.shape != (size[1], size[0], 3) or pixels.dtype != np.uint8:
            raise ValueError(f"a frame of {pixels.dtype} {pixels.shape}; want uint8 {(size[1], size[0], 3)}")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgb24")
        if stream.pix_fmt == "yuv420p":
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", src_color_range="JPEG",
                                   dst_color_range="MPEG")  # fmt: skip
            frame.color_primaries = frame.color_trc = BT709
        frame.pts, frame.time_base = k, 1 / rate
        yield paletted(frame) if paletted else frame


def _paletted(size: Size, rate: Fraction) -> "Callable[[VideoFrame], VideoFrame]":
    """Give each frame 256 colours of its own: one palette for all would need all frames at once.

    The dither is a fixed pattern, so that what rests does not flicker.
    """
    import av
    import av.filter

    graph = av.filter.Graph()
    start = graph.add_buffer(width=size[0], height=size[1], format=av.VideoFormat("rgb24"), time_base=1 / rate)
    split, end = graph.add("split"), graph.add("buffersink")
    palette = graph.add("palettegen", "stats_mode=single")
    use = graph.add("paletteuse", "new=1:dither=bayer:bayer_scale=3")
    start.link_to(split)
    split.link_to(palette, 0, 0)
    split.link_to(use, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(end)
    graph.configure()

    def paletted(frame: "VideoFrame") -> "VideoFrame":
        graph.vpush(frame)
        return graph.vpull()

    return paletted
