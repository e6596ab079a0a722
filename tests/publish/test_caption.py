"""The caption over the picture: one line however long, in the window, and behind a notice."""

import numpy as np
import numpy.typing as npt
from guest import SIZE, Guest, Host, show

from weightscape.window.panel import Hud

LONG = "Figure 4, weighted sum (drawn as a plot in the article; here the same network as a picture): " * 3


def picture(host: Host, **hud: str) -> npt.NDArray[np.uint8]:
    host.run(show, Hud(**hud))
    return np.frombuffer(host.run(Guest.picture), np.uint8).reshape(SIZE[1], SIZE[0], 3)[::-1]


def box(host: Host, **hud: str) -> tuple[int, int, int, int]:
    """Tell where something is drawn: top, bottom, left, right."""
    drawn = (picture(host, **hud) != picture(host)).any(axis=-1)
    rows, columns = np.nonzero(drawn.any(axis=1))[0], np.nonzero(drawn.any(axis=0))[0]
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def test_a_long_caption_has_as_many_lines_as_it_needs_within_the_windows_width(host: Host) -> None:
    host.begin()
    short, long, notice = box(host, caption="Figure 1"), box(host, caption=LONG), box(host, notice=LONG)
    assert long[1] == short[1]
    assert long[0] < short[0] - 16
    assert notice[0] < short[0] - 16
    assert 5 <= long[2] < 40
    assert SIZE[0] - 40 < long[3] < SIZE[0] - 5
    assert abs((short[2] + short[3]) - (SIZE[0] - 1)) <= 2
    assert not np.array_equal(picture(host, caption=LONG), picture(host, caption=LONG[:40]))


def test_a_notice_hides_the_caption_while_it_is_there(host: Host) -> None:
    host.begin()
    assert np.array_equal(picture(host, notice="saved", caption=LONG), picture(host, notice="saved"))
    assert not np.array_equal(picture(host, caption="saved"), picture(host))
