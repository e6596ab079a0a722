"""Who has asked the system for less motion gets it, on Windows, macOS and Linux; all others see views glide."""

import ctypes
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from weightscape.window import motion
from weightscape.window.motion import SPI_GETCLIENTAREAANIMATION, is_reduced


@pytest.mark.parametrize(("is_animated", "answers", "expected"), [(0, 1, True), (1, 1, False), (0, 0, False)])
def test_windows_is_asked_for_what_moves_inside_windows(
    monkeypatch: pytest.MonkeyPatch, is_animated: int, answers: int, expected: bool
) -> None:
    asked: list[int] = []

    def system_parameters(action: int, number: int, found: Any, flags: int) -> int:
        asked.append(action)
        ctypes.cast(found, ctypes.POINTER(ctypes.c_int))[0] = is_animated
        assert number == flags == 0
        return answers

    windll = SimpleNamespace(user32=SimpleNamespace(SystemParametersInfoW=system_parameters))
    monkeypatch.setattr(ctypes, "windll", windll, raising=False)
    assert is_reduced("win32") == expected
    assert asked == [SPI_GETCLIENTAREAANIMATION] == [0x1042]


def test_a_windows_without_the_question_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ctypes, "windll", raising=False)
    assert not is_reduced("win32")


@pytest.mark.parametrize(
    ("platform", "program", "setting", "says", "status", "expected"),
    [
        ("darwin", "defaults", "com.apple.universalaccess reduceMotion", "1", 0, True),
        ("darwin", "defaults", "com.apple.universalaccess reduceMotion", "0", 0, False),
        ("darwin", "defaults", "com.apple.universalaccess reduceMotion", "does not exist", 1, False),
        ("linux", "gsettings", "org.gnome.desktop.interface enable-animations", "false", 0, True),
        ("linux", "gsettings", "org.gnome.desktop.interface enable-animations", "true", 0, False),
        ("linux", "gsettings", "org.gnome.desktop.interface enable-animations", "false", 1, False),
    ],
)
def test_other_desktops_are_asked_by_their_program(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    platform: str,
    program: str,
    setting: str,
    says: str,
    status: int,
    expected: bool,
) -> None:
    script = tmp_path / program
    script.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/asked\necho {says}\nexit {status}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert is_reduced(platform) == expected
    verb = "read" if program == "defaults" else "get"
    assert (tmp_path / "asked").read_text() == f"{verb} {setting}\n"


def test_a_desktop_without_the_program_or_that_hangs_moves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not is_reduced("linux")
    assert not is_reduced("darwin")
    assert not is_reduced("freebsd13")
    monkeypatch.setattr(motion, "PATIENCE_S", 0.01)
    monkeypatch.setitem(motion.COMMANDS, "linux", ((sys.executable, "-c", "while True: pass"), ""))
    assert is_reduced("linux"), "the program that hangs says nothing, which is the word here"
