"""Small pictures on the GPU: each is uploaded once, and not too many stay."""

from collections.abc import Callable

import numpy as np
from patience import until

from weightscape.explore.paint import thumbs
from weightscape.explore.paint.artist import Artist, Thumbnail
from weightscape.explore.paint.thumbs import Thumbs


def plain(subject: int, _: Callable[[], bool]) -> Thumbnail:
    return np.full((1, 1, 3), subject % 256, np.uint8)


def test_pictures_are_uploaded_once_and_the_oldest_are_dropped() -> None:
    kept: list[Thumbnail] = []
    dropped: list[int] = []

    def keep(pixels: Thumbnail) -> int:
        kept.append(pixels)
        return len(kept)

    artist = Artist(plain, lambda: None)
    shelf = Thumbs(artist, keep, dropped.append)
    first = list(range(thumbs.MOST))
    until(lambda: all(shelf.of(first)), "the first pictures")
    numbers = shelf.of(first)
    assert sorted(numbers) == list(range(1, len(first) + 1))
    assert [int(kept[number - 1][0, 0, 0]) for number in numbers] == [subject % 256 for subject in first]
    assert (len(kept), dropped) == (len(first), [])
    shelf.of(first[1:])
    until(lambda: all(shelf.of([thumbs.MOST])), "another picture")
    assert dropped == [numbers[0]]
    artist.close()
