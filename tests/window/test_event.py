"""Events that say more of the same become one."""

from weightscape.window.event import Drag, Key, Move, Refresh, Release, Resize, Scroll, merged


def test_merging_keeps_what_happened_in_order() -> None:
    events = [
        Move(1, 1),
        Move(2, 2),
        Drag(1, 0),
        Drag(2, 3),
        Key("r"),
        Drag(1, 1),
        Scroll(5, 5, 1),
        Scroll(5, 5, 2),
        Scroll(6, 5, 1),
        Release(),
        Release(),
        Resize(3, 3),
        Resize(4, 4),
        Refresh(),
        Refresh(),
    ]
    assert merged(events) == [
        Move(2, 2),
        Drag(3, 3),
        Key("r"),
        Drag(1, 1),
        Scroll(5, 5, 3),
        Scroll(6, 5, 1),
        Release(),
        Resize(4, 4),
        Refresh(),
    ]
