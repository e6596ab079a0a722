"""Where no window can be had, one line says why and what helps."""

import os
import sys

import pytest
from patience import ran

from weightscape.window import handle


def test_without_a_display_the_error_names_the_cure_in_one_line() -> None:
    code = "from weightscape.window.window import Window; Window('x')"
    environment = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    for display in ({}, {"DISPLAY": ":9999"}):
        done = ran(sys.executable, "-W", "error", "-c", code, env=environment | display)
        assert done.returncode == 1
        assert "WindowError: cannot open a window: there is no display" in done.stderr.splitlines()[-1]
        assert "b'" not in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("said", [
    b"X11: Failed to load Xlib", b"X11: Failed to open display b'", b"GLX: it's no use"])
def test_the_reason_keeps_every_letter(said: bytes) -> None:
    text = f"(65542) {said!r}"  # as pyGLFW writes it
    assert handle._cure(text).endswith(f"({said.decode()})")
    assert handle._cure("(65542) plain b").endswith("((65542) plain b)")
