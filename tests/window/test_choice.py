"""What choices are called in a list, where that is not what they are."""

from types import SimpleNamespace
from typing import Any

from weightscape.window.control.choice import Choices
from weightscape.window.message import Control

LENS = Control("lens", "lens", "choice", "units", choices=("units", "height", "norms"))


def test_letters_go_to_choices_by_what_these_are_called() -> None:
    sheet: Any = SimpleNamespace(im=None)
    for words, letter in (((), "h"), (("units", "landscape", "norms"), "l")):
        knob = Control("lens", "lens", "choice", "units", choices=LENS.choices, words=words)
        choices = Choices(sheet)
        choices.open(knob)
        choices.key(letter)
        assert choices.preview == ("lens", "height")
        choices.key("h" if words else "l")
        assert choices.preview == ("lens", "height"), "no other choice is called so"


def test_a_choice_is_called_as_it_is_unless_told() -> None:
    assert LENS.word("height") == "height"
    assert Control("a", "a", "choice", "1", choices=("0", "1"), words=("no", "yes")).word("1") == "yes"
