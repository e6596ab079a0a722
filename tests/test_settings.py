"""Environment before configuration before default; what cannot be is told in one line."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from patience import ran

from weightscape import settings
from weightscape.engine.choice import cache_folder
from weightscape.file.whole_file import FileError
from weightscape.publish.capture import captures
from weightscape.settings import SettingError, Settings


def test_nothing_is_set_by_default(config: Path) -> None:
    assert settings.settings() == Settings()
    assert (settings.engine(), settings.window_size(), settings.rest_samples()) == ("auto", (1280, 720), 16)
    assert (settings.gpu(), settings.held(), settings.motion()) == ("", "auto", "auto")


def test_the_configuration_file_sets_every_key(config: Path) -> None:
    lines = 'engine = "numpy"', 'precision = "double"', 'size = "640x480"', 'output_dir = "/x"', 'rest_samples = "4"'
    lines += 'gpu = " Radeon RX "', 'held = "never"', 'state_dir = "/y"', 'motion = "reduced"'
    config.write_text("\n".join(lines))
    assert settings.settings() == Settings(
        Path("/x"), "numpy", "double", (640, 480), 4, "Radeon RX", "never", Path("/y"), "reduced"
    )
    assert settings.state_folder() == Path("/y")
    assert (settings.rest_samples(), settings.gpu()) == (4, "Radeon RX")


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
        (
            "seed = 5",
            "'seed' is not one of output_dir, engine, precision, size, rest_samples, gpu, held, state_dir, motion",
        ),
        ('rest_samples = "0"', "rest_samples: '0' is not a whole number in 1..256"),
        ('engine = "warp"', "engine: 'warp' is not one of auto, fragment, compute, numpy"),
        ("size = 640", "size: 640 is not a text"),
        ('size = "0x480"', "size: '0x480' is not WIDTHxHEIGHT in 1..65536"),
        ('precision = "half"', "precision: 'half' is not one of auto, single, double, perturbed, wide"),
        ('held = "yes"', "held: 'yes' is not one of auto, always, never"),
        ('motion = "none"', "motion: 'none' is not one of auto, full, reduced"),
        ('gpu = " "', "gpu: ' ' is not the number of a device or a part of its name"),
        ('gpu = "a\\u0007"', "gpu: 'a\\x07' is not the number of a device or a part of its name"),
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


# A user whose number stands in no /etc/passwd, as in many a container.
NOBODY = """
import pwd, sys

def unknown(number):
    raise KeyError(number)

pwd.getpwuid = unknown
from weightscape.cli.cli import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(os.name != "posix", reason="users as POSIX has them")
@pytest.mark.parametrize(
    ("words", "home"),
    [
        ("render --size 16x16 -o a.png", None),
        ("render --size 16x16 -o a.png", ""),
        ("explore --size 16x16", "relative"),
        ("explore --size 16x16", None),
        ("info", None),
        ("figures 18 --size 16", None),
    ],
)
def test_a_user_without_a_home_gets_the_picture(
    words: str, home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*os.environ]:
        if name.startswith(("WEIGHTSCAPE_", "XDG_")) or name in ("HOME", "DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    done = ran(sys.executable, "-c", NOBODY, *words.split(), cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    if words == "info":
        assert "none: no home" in done.stdout
    else:
        assert all((tmp_path / line).exists() for line in done.stdout.splitlines())
        assert [*tmp_path.rglob("*.png")]


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder into which we may not look, even where the tests run as root."""
    folder, user = Path(tempfile.mkdtemp()), os.geteuid()
    (folder / "config.toml").write_text('engine = "nobody may read this"')
    folder.chmod(0)
    try:
        if user == 0:
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_another_users_home_is_none(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as place:  # ours: the fixture has changed the user
        monkeypatch.chdir(place)
        monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(closed))
        monkeypatch.setattr(platformdirs, "user_pictures_dir", lambda: str(closed / "Pictures"))
        monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(closed / "data"))
        for name in "OUTPUT_DIR", "STATE_DIR":
            monkeypatch.delenv(f"WEIGHTSCAPE_{name}", raising=False)
        assert settings.settings() == Settings()
        assert captures() == Path.cwd()


def test_a_home_that_is_no_path_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("could not determine the home directory")

    assert settings.user_folder(missing) is None
    assert settings.user_folder(lambda: "relative/.config") is None
    assert settings.user_folder(lambda: os.path.abspath("x")) == Path("x").absolute()
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: missing())
    monkeypatch.delenv("WEIGHTSCAPE_STATE_DIR")
    assert settings.config_file() is None
    assert settings.settings() == Settings()
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda *_, **__: missing())
    assert settings.state_folder() is None
    monkeypatch.delenv("WEIGHTSCAPE_CACHE_DIR")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: missing())
    assert cache_folder() is None
