"""Where no window can be had, one line says why and what helps."""

import os
import re
import shutil
import sys
from typing import Any

import glfw
import numpy as np
import pytest
from guest import Guest, Host
from patience import ran

from weightscape.window import glfw_window as handle


def test_without_a_display_the_error_names_the_cure_in_one_line() -> None:
    code = "from weightscape.window.window import Window; Window('x')"
    environment = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    for display in ({}, {"DISPLAY": ":9999"}):
        done = ran(sys.executable, "-W", "error", "-c", code, env=environment | display)
        assert done.returncode == 1
        assert "WindowError: cannot open a window: there is no display" in done.stderr.splitlines()[-1]
        assert "b'" not in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("said", [b"X11: Failed to load Xlib", b"X11: Failed to open display b'", b"GLX: it's no use"])
def test_the_reason_keeps_every_letter(said: bytes) -> None:
    text = f"(65542) {said!r}"  # as pyGLFW writes it
    assert handle._cure(text).endswith(f"({said.decode()})")
    assert handle._cure("(65542) plain b").endswith("((65542) plain b)")


@pytest.mark.parametrize("limit", [*handle.LADDER, (3, 2)])
def test_each_version_is_asked_for_in_turn_and_the_last_ones_failure_is_the_reason(
    limit: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    hints: dict[int, int] = {}
    asked: list[tuple[int, int]] = []

    def create_window(*_: Any) -> str:
        asked.append((hints[glfw.CONTEXT_VERSION_MAJOR], hints[glfw.CONTEXT_VERSION_MINOR]))
        if asked[-1] > limit:
            raise glfw.GLFWError(f"(65543) b'GLX: no version {asked[-1]}'")
        return "a handle"

    monkeypatch.setattr(glfw, "window_hint", hints.__setitem__)
    monkeypatch.setattr(glfw, "create_window", create_window)
    if limit in handle.LADDER:
        assert handle._highest("", (1, 1)) == "a handle"
    else:
        with (
            pytest.raises(handle.WindowError, match=r"OpenGL 3\.3 is needed; .*no version \(3, 3\)"),
            handle._errors_raised(),
        ):
            handle._highest("", (1, 1))
    assert asked == [version for version in handle.LADDER if version >= limit]


def with_icons(guest: Guest) -> None:
    guest.window.set_icon([np.full((side, side, 4), (10, 20, 30, 255), np.uint8) for side in (2, 4)])
    guest.step()


@pytest.mark.skipif(not shutil.which("xprop"), reason="xprop is missing: apt-get install x11-utils")
def test_desktops_know_the_window_by_its_icons_and_the_name_of_the_programs_entry(window: Host) -> None:
    window.run(with_icons)
    number = window.press("search", "--name", "guest").split()[0]
    done = ran("xprop", "-display", window.display, "-id", number, "WM_CLASS", "32c", "_NET_WM_ICON")
    assert f'WM_CLASS(STRING) = "{handle.APP_ID}", "{handle.APP_ID}"' in done.stdout
    numbers = [int(word) for word in re.findall(r"\d+", done.stdout.partition("_NET_WM_ICON")[2].partition("=")[2])]
    pixel = 0xFF0A141E
    assert numbers == [2, 2, *([pixel] * 4), 4, 4, *([pixel] * 16)]
