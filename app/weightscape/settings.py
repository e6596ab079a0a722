"""What a user sets once: environment, then configuration file, then default. Never a field of a scene.

The command line's own options stand above all of this. The file is config.toml in the user's configuration
folder; its keys are output_dir, engine, precision and size, in the environment WEIGHTSCAPE_OUTPUT_DIR and so on.
"""

import hashlib
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

import platformdirs

from weightscape.caption import KEYWORD
from weightscape.engine.choice import ENGINES
from weightscape.export.png import read_text
from weightscape.export.whole_file import FileError, shown
from weightscape.model.sample import MAX_SAMPLES
from weightscape.model.scene import Scene
from weightscape.picture import MAX_PIXELS, MAX_SIDE, PrecisionName, Size

Name = TypeVar("Name", bound=str)
PRECISIONS: tuple[PrecisionName, ...] = get_args(PrecisionName)
PREFIX = "WEIGHTSCAPE_"
MAX_CONFIG = 65_536


class SettingError(ValueError):
    """A value in the environment or the configuration file that cannot be; one line that names it."""


@dataclass(frozen=True)
class Settings:
    """Hold what the user set; None where nothing is."""

    output_dir: Path | None = None
    engine: str | None = None
    precision: PrecisionName | None = None
    size: Size | None = None


def parse_size(text: str) -> Size:
    """Read "WxH". Raises ValueError with value and range."""
    wide, cross, high = text.lower().partition("x")
    if cross and wide.isdecimal() and high.isdecimal() and max(len(wide), len(high)) <= 9:
        size = int(wide), int(high)
        if min(size) >= 1 and max(size) <= MAX_SIDE and size[0] * size[1] <= MAX_PIXELS:
            return size
    raise ValueError(f"{text!r} is not WIDTHxHEIGHT in 1..{MAX_SIDE} a side and at most {MAX_PIXELS} pixels")


def parse_samples(text: str) -> int:
    """Read the number of points a pixel. Raises ValueError with value and range."""
    if text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= MAX_SAMPLES:
        return int(text)
    raise ValueError(f"{text!r} is not a whole number in 1..{MAX_SAMPLES}")


def parse_engine(text: str) -> str:
    """Read an engine's name. Raises ValueError with value and choices."""
    return _one_of(ENGINES, text)


def parse_precision(text: str) -> PrecisionName:
    """Read a precision's name. Raises ValueError with value and choices."""
    return _one_of(PRECISIONS, text)


def config_file() -> Path:
    """Tell where the configuration file is looked for."""
    return Path(platformdirs.user_config_dir("weightscape", appauthor=False)) / "config.toml"


def settings() -> Settings:
    """Read environment and configuration file anew. Raises SettingError, FileError."""
    values: dict[str, Any] = {}
    for name, (where, text) in _texts().items():
        try:
            values[name] = READERS[name](text)
        except ValueError as error:
            raise SettingError(f"{where}: {error}") from None
    return Settings(**values)


def engine() -> str:
    """Tell the engine the user set, else auto."""
    return settings().engine or "auto"


def window_size() -> Size | None:
    """Tell the window size the user set."""
    return settings().size


def captures() -> Path:
    """Find the folder for captures, and make it on demand.

    WEIGHTSCAPE_OUTPUT_DIR, else the configuration's, else the user's pictures folder, else, where that cannot be
    made, the user's data folder. Raises FileError when none can be.
    """
    chosen = settings().output_dir
    if chosen:
        return _made([chosen])
    return _made([
        Path(platformdirs.user_pictures_dir()) / "weightscape",
        Path(platformdirs.user_data_dir("weightscape", appauthor=False)) / "captures",
    ])  # fmt: skip


def capture_path(scene: Scene, caption: str = "", suffix: str = ".png") -> Path:
    """Name the file of a capture: weightscape-<seed>-<hash of the scene>.png, with -2, -3 ... where that is taken.

    With `caption`, a picture of this very caption may be written anew.
    """
    mark = hashlib.sha256(scene.to_text().encode("utf-8", "surrogatepass")).hexdigest()[:8]
    folder, stem, number = captures(), f"weightscape-{scene.seed}-{mark}", 1
    path = folder / f"{stem}{suffix}"
    while os.path.lexists(path) and not (caption and _carries(path, caption)):
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def _carries(path: Path, caption: str) -> bool:
    try:
        return read_text(path, KEYWORD) == caption
    except FileError:
        return False


def _made(folders: list[Path]) -> Path:
    reasons = []
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reasons.append(f"{shown(folder)}: {error.strerror}")
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
        reasons.append(f"{shown(folder)}: no permission")
    raise FileError(f"no folder for captures ({'; '.join(reasons)}); {PREFIX}OUTPUT_DIR names another")


def _texts() -> dict[str, tuple[str, str]]:
    """Collect what is set: name -> (where, text)."""
    path = config_file()
    config = _config(path)
    texts: dict[str, tuple[str, str]] = {}
    for name, value in config.items():
        if name not in READERS:
            raise SettingError(f"{shown(path)}: {name!r} is not one of {', '.join(READERS)}")
        if not isinstance(value, str):
            raise SettingError(f"{shown(path)}: {name}: {value!r} is not a text in quotes")
        texts[name] = f"{shown(path)}: {name}", value
    for name in READERS:
        variable = PREFIX + name.upper()
        if os.environ.get(variable):
            texts[name] = variable, os.environ[variable]
    return texts


def _config(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise FileError(f"cannot read {shown(path)}: {error.strerror}") from None
    if len(data) > MAX_CONFIG:
        raise SettingError(f"{shown(path)}: {len(data)} bytes, the limit is {MAX_CONFIG}")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SettingError(f"{shown(path)}: not TOML: {error}") from None


def _folder(text: str) -> Path:
    if "\0" in text:
        raise ValueError(f"{text!r} is not a folder's name")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{text!r}: {error}") from None


def _one_of(names: tuple[Name, ...], text: str) -> Name:
    for name in names:
        if name == text:
            return name
    raise ValueError(f"{text!r} is not one of {', '.join(names)}")


READERS: dict[str, Callable[[str], object]] = {
    "output_dir": _folder, "engine": parse_engine, "precision": parse_precision, "size": parse_size,
}  # fmt: skip
