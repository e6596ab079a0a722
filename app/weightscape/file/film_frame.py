"""A frame on its way into a film: from sRGB bytes to the encoder's kind of pixels, numbered."""

from collections.abc import Callable
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

Frame = npt.NDArray[np.uint8]
Size = tuple[int, int]
Conversion = Callable[[Frame], "VideoFrame"]

BT709 = 1
LIMITED = 1  # the range of 8-bit video, 16..235


def converter(stream: "VideoStream", size: Size, rate: Fraction) -> Conversion:
    """Make the function that brings frame after frame to a stream's pixels. It raises ValueError for what is none."""
    import av

    paletted = _paletted(size, rate) if stream.pix_fmt == "pal8" else None
    numbers = count()

    def converted(pixels: Frame) -> "VideoFrame":
        if pixels.shape != (size[1], size[0], 3) or pixels.dtype != np.uint8:
            raise ValueError(f"a frame of {pixels.dtype} {pixels.shape}; want uint8 {(size[1], size[0], 3)}")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgb24")
        if stream.pix_fmt == "yuv420p":
            frame = frame.reformat(
                format="yuv420p", dst_colorspace="ITU709", src_color_range="JPEG", dst_color_range="MPEG"
            )
            frame.color_primaries = frame.color_trc = BT709
        frame.pts, frame.time_base = next(numbers), 1 / rate
        return paletted(frame) if paletted else frame

    return converted


def letterboxed(pixels: Frame, size: Size) -> Frame:
    """Scale a picture of any size until it fits `size` (width, height), in its middle; the borders are black."""
    import av

    height, width = pixels.shape[:2]
    factor = min(size[0] / width, size[1] / height)
    wide, high = (max(round(side * factor), 1) for side in (width, height))
    whole = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgb24")
    scaled = whole.reformat(width=wide, height=high, interpolation="AREA").to_ndarray()
    left, top = (size[0] - wide) // 2, (size[1] - high) // 2
    framed = np.zeros((size[1], size[0], 3), np.uint8)
    framed[top : top + high, left : left + wide] = scaled
    return framed


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
