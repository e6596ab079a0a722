"""What is typed into a control: the slider's range is no limit where the control has its own."""

import pytest

from weightscape.window.control.line import _asked, _parsed
from weightscape.window.message import Control

SLIDER = Control("scale", "scale", "float", 0.7, 0.01, 10.0)
LIMITED = Control("scale", "scale", "float", 0.7, 0.01, 10.0, limits=(0.0, 1e6))


@pytest.mark.parametrize(
    ("control", "text", "value"),
    [(SLIDER, "12", None), (LIMITED, "12", 12.0), (LIMITED, "0", 0.0), (LIMITED, "1e7", None), (LIMITED, "nan", None)],
)
def test_a_number_is_taken_within_the_controls_limits(control: Control, text: str, value: float | None) -> None:
    assert _parsed(control, text) == value


def test_the_limits_are_told() -> None:
    assert _asked(SLIDER) == "a number in 0.01..10"
    assert _asked(LIMITED) == "a number in 0..1000000"
