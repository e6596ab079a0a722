"""Which item has the keys: where they go when items come, go, and are walked through."""

import pytest

from weightscape.window.focus import Focus

ITEMS = ("!reroll", "!back", "#Network", "seed", "layers", "#View", "radius")


def drawn(focus: Focus, *items: str) -> list[str]:
    """Draw items; list those that had the keys."""
    focus.begin()
    found = [item for item in items if focus.has(item)]
    focus.finish()
    return found


@pytest.fixture
def focus() -> Focus:
    focus = Focus()
    assert drawn(focus, *ITEMS) == []
    focus.enter()
    return focus


def test_the_first_control_gets_the_keys_before_buttons_and_headings(focus: Focus) -> None:
    assert drawn(focus, *ITEMS) == ["seed"]
    focus.leave()
    assert drawn(focus, *ITEMS) == []


def test_keys_wait_for_controls_that_are_not_there_yet() -> None:
    focus = Focus()
    focus.enter()
    focus.step(1)
    assert not focus.is_ready
    drawn(focus, *ITEMS)
    assert drawn(focus, *ITEMS) == ["seed"]


def test_steps_go_round(focus: Focus) -> None:
    for steps, found in ((-1, "#Network"), (-1, "!back"), (-1, "!reroll"), (-1, "radius"), (1, "!reroll")):
        focus.step(steps)
        assert focus.at == found
    focus.end(1)
    assert focus.at == "radius"
    focus.end(-1)
    assert focus.at == "!reroll"


def test_a_step_can_skip_what_is_not_there_from_here(focus: Focus) -> None:
    focus.end(-1)
    focus.step(1, lambda old, new: old[0] == new[0] == "!")
    assert focus.at == "#Network"
    focus.step(1, lambda _, new: True)
    assert focus.at == "#Network"


def test_an_item_that_goes_leaves_the_keys_to_the_one_before_it(focus: Focus) -> None:
    focus.put("layers")
    drawn(focus, "!reroll", "!back", "#Network", "#View", "radius")
    assert focus.at == "#Network"
    drawn(focus, "radius")
    assert focus.at == "radius"
