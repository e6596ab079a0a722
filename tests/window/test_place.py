"""Where a window comes back: where it was, or where it is seen."""

import pytest

from weightscape.window.place import SEEN, Place, seen

ONE, OTHER = (0, 0, 1920, 1080), (1920, 100, 1280, 1024)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((100, 100, 800, 600), (100, 100, 800, 600)),
        ((1800, 200, 800, 600), (1800, 200, 800, 600)),  # over both
        ((-700, 100, 800, 600), (-700, 100, 800, 600)),  # as far out as somebody has pushed it
        ((SEEN - 801, 100, 800, 600), (0, 100, 800, 600)),
        ((100, -30, 800, 600), (100, 0, 800, 600)),  # by its title it is moved
        ((5000, 4000, 800, 600), (1120, 480, 800, 600)),  # a screen that is not there any more
        ((2000, 200, 4000, 4000), (1920, 100, 1280, 1024)),
    ],
)
def test_a_window_comes_back_where_it_is_seen(wanted: Place, found: Place) -> None:
    assert seen(wanted, [ONE, OTHER]) == found


def test_without_a_screen_nothing_is_changed() -> None:
    assert seen((1, 2, 3, 4), []) == (1, 2, 3, 4)
