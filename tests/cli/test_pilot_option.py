"""`weightscape animate --autopilot`: what it reads, and what does not go with it."""

from fractions import Fraction
from typing import Any

import pytest

from weightscape.cli.animate_option import AnimateCommand
from weightscape.cli.cli import run
from weightscape.publish import gallery
from weightscape.publish.flight_film import Flown


def flown(*words: str) -> Flown:
    """Read a command line as `animate` does."""
    found: dict[str, Any] = {}
    command = AnimateCommand("animate", callback=lambda **given: found.update(given))
    command.main(["--autopilot", "--size", "64x40", *words], standalone_mode=False)
    assert isinstance(found["animation"], Flown)
    return found["animation"]


def test_it_lasts_a_minute_unless_told() -> None:
    film = flown("--scene", "jungle")
    assert (film.scene, film.frames, film.fps) == (gallery.scene("jungle"), 1800, Fraction(30))
    assert (film.size, film.vary, film.precision) == ((64, 40), (), "auto")
    short = flown("--scene", "jungle", "--seconds", "2.5", "--fps", "10", "--precision", "single")
    assert (short.frames, short.precision) == (25, "single")


def test_what_varies_is_named_in_any_order() -> None:
    assert flown("--scene", "mask", "--vary", "weights", "--vary", "time").vary == ("time", "weights")
    assert flown("--vary", "weights").vary == ("weights",)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "{}"], "--to: --autopilot finds its own way"),
        (["--keys", "scale=0:1,1:2"], "--keys: --autopilot finds its own way"),
        (["--ease", "smooth"], "--ease: --autopilot finds its own way"),
        (["--loop"], "--loop: --autopilot finds its own way"),
        (["--vary", "scale=1:2"], "--vary: 'scale=1:2' is not one of time, weights, what an autopilot varies"),
        (["--vary", "time"], "--vary time: it moves nothing here"),
        (["--scene", "digits", "--vary", "weights"], "--vary weights: a network loaded from a file has no seed"),
        (["--seconds", "0"], "--seconds: 0 is not above 0"),
        (["--seconds", "86400", "--fps", "240"], "--seconds: 20736000 is not in 1..1000000"),
        (["--lens", "probe"], "--autopilot: lens: the autopilot flies over the plane, and probe shows a chart"),
        (["--scale", "0"], "--autopilot: radius: 2.6 shows a flat picture"),
        (["runs"], "--autopilot: nothing else varies in a film of networks"),
    ],
)
def test_what_does_not_go_with_it_is_refused_in_a_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["animate", "-o", "no.mp4", "--size", "64x40", "--autopilot", *words]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"weightscape: {said}")
    assert err.count("\n") == 1
