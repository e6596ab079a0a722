"""Environment before configuration before default; what cannot be is told in one line."""

from pathlib import Path

import pytest

from weightscape import settings
from weightscape.export.whole_file import FileError
from weightscape.settings import SettingError, Settings


def test_nothing_is_set_by_default(config: Path) -> None:
    assert settings.settings() == Settings()
    assert (settings.engine(), settings.window_size(), settings.rest_samples()) == ("auto", (1280, 720), 16)


def test_the_configuration_file_sets_every_key(config: Path) -> None:
    lines = 'engine = "numpy"', 'precision = "double"', 'size = "640x480"', 'output_dir = "/x"', 'rest_samples = "4"'
    config.write_text("\n".join(lines))
    assert settings.settings() == Settings(Path("/x"), "numpy", "double", (640, 480), 4)
    assert settings.rest_samples() == 4


def test_the_environment_stands_above_the_file_and_empty_is_unset(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('engine = "numpy"\nsize = "640x480"\n')
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "fragment")
    monkeypatch.setenv("WEIGHTSCAPE_SIZE", "")
    assert settings.settings() == Settings(engine="fragment", size=(640, 480))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("engine = ", "config.toml: not TOML"),
        ("seed = 5", "'seed' is not one of output_dir, engine, precision, size, rest_samples"),
        ('rest_samples = "0"', "rest_samples: '0' is not a whole number in 1..256"),
        ('engine = "warp"', "engine: 'warp' is not one of auto, fragment, compute, numpy"),
        ("size = 640", "size: 640 is not a text"),
        ('size = "0x480"', "size: '0x480' is not WIDTHxHEIGHT in 1..65536"),
        ('precision = "half"', "precision: 'half' is not one of auto, single, double, perturbed, wide"),
        ('output_dir = "~nobody-of-this-name/x"', "output_dir: "),
        ('output_dir = "a\\u0000b"', "output_dir: "),
        ("#" * 70_000, "the limit is 65536"),
    ],
)
def test_a_broken_file_is_told_in_one_line(config: Path, text: str, reason: str) -> None:
    config.write_text(text)
    with pytest.raises(SettingError) as caught:
        settings.settings()
    assert reason in str(caught.value)
    assert str(config) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_told(config: Path) -> None:
    config.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match="not TOML"):
        settings.settings()


def test_a_folder_in_place_of_the_file_is_told(config: Path) -> None:
    config.mkdir()
    with pytest.raises(FileError, match=r"config\.toml"):
        settings.settings()


def test_a_wrong_variable_is_named(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "warp")
    with pytest.raises(SettingError, match="WEIGHTSCAPE_ENGINE: 'warp' is not one of auto, fragment, compute, numpy"):
        settings.engine()


@pytest.mark.parametrize("text", ["10x", "x10", "0x1", "1e6x1e6", "-1x5", "65537x1", "65536x65536", "9999999999x1", ""])
def test_a_size_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not WIDTHxHEIGHT in 1\.\.65536 a side and at most 1073741824 pixels"):
        settings.parse_size(text)


def test_sizes_reach_their_limits() -> None:
    assert settings.parse_size("65536x16384") == (65536, 16384)
    assert settings.parse_size("1X1") == (1, 1)
