"""Environment before configuration before default; what cannot be is told in one line; captures never overwrite."""

from pathlib import Path

import numpy as np
import platformdirs
import pytest

from weightscape import settings
from weightscape.caption import KEYWORD
from weightscape.export.png import write_png
from weightscape.export.whole_file import FileError
from weightscape.model.scene import Scene
from weightscape.settings import SettingError, Settings


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty home: no settings in the environment, the configuration file at the returned path."""
    for name in settings.READERS:
        monkeypatch.delenv(settings.PREFIX + name.upper(), raising=False)
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "config"))
    monkeypatch.setattr(platformdirs, "user_pictures_dir", lambda: str(tmp_path / "Pictures"))
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "data"))
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "config.toml"


def test_nothing_is_set_by_default(config: Path) -> None:
    assert settings.settings() == Settings()
    assert (settings.engine(), settings.window_size()) == ("auto", None)


def test_the_configuration_file_sets_every_key(config: Path) -> None:
    config.write_text('engine = "numpy"\nprecision = "double"\nsize = "640x480"\noutput_dir = "/tmp/there"\n')
    assert settings.settings() == Settings(Path("/tmp/there"), "numpy", "double", (640, 480))


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
        ("seed = 5", "'seed' is not one of output_dir, engine, precision, size"),
        ('engine = "warp"', "engine: 'warp' is not one of auto, fragment, numpy"),
        ("size = 640", "size: 640 is not a text"),
        ('size = "0x480"', "size: '0x480' is not WIDTHxHEIGHT in 1..65536"),
        ('precision = "half"', "precision: 'half' is not one of auto, single, double"),
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
    with pytest.raises(SettingError, match="WEIGHTSCAPE_ENGINE: 'warp' is not one of auto, fragment, numpy"):
        settings.engine()


@pytest.mark.parametrize("text", ["10x", "x10", "0x1", "1e6x1e6", "-1x5", "65537x1", "65536x65536", "9999999999x1", ""])
def test_a_size_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not WIDTHxHEIGHT in 1\.\.65536 a side and at most 1073741824 pixels"):
        settings.parse_size(text)


def test_sizes_reach_their_limits() -> None:
    assert settings.parse_size("65536x16384") == (65536, 16384)
    assert settings.parse_size("1X1") == (1, 1)


def test_captures_go_to_the_variable_then_the_file_then_the_pictures(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.captures() == tmp_path / "Pictures" / "weightscape"
    config.write_text(f'output_dir = "{(tmp_path / "config dir").as_posix()}"')
    assert settings.captures() == tmp_path / "config dir"
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path / "deep" / "er"))
    assert settings.captures() == tmp_path / "deep" / "er"
    assert settings.captures().is_dir()


def test_without_a_pictures_folder_the_data_folder_serves(config: Path, tmp_path: Path) -> None:
    (tmp_path / "Pictures").write_text("a file in the way")
    assert settings.captures() == tmp_path / "data" / "captures"
    (tmp_path / "data" / "captures").rmdir()
    (tmp_path / "data").rmdir()
    (tmp_path / "data").write_text("and another")
    with pytest.raises(FileError, match=r"no folder for captures .*WEIGHTSCAPE_OUTPUT_DIR"):
        settings.captures()


def test_a_chosen_folder_is_never_swapped(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path / "file" / "x"))
    with pytest.raises(FileError, match="file"):
        settings.captures()


def test_a_capture_is_named_by_seed_and_scene_and_numbered_when_taken(config: Path) -> None:
    first = settings.capture_path(Scene(seed=7))
    assert first.name.startswith("weightscape-7-")
    assert settings.capture_path(Scene(seed=7, layers=3)).name != first.name
    pixels = [np.zeros((1, 1, 3), np.uint8)]
    write_png(first, (1, 1), pixels, {KEYWORD: "one"})
    second = settings.capture_path(Scene(seed=7))
    assert second.name == f"{first.stem}-2.png"
    second.symlink_to("nowhere")
    assert settings.capture_path(Scene(seed=7)).name == f"{first.stem}-3.png"
    assert settings.capture_path(Scene(seed=7), "one") == first
    assert settings.capture_path(Scene(seed=7), "two").name == f"{first.stem}-3.png"
