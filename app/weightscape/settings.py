"""What a user sets once: environment, then configuration file, then default. Never a field of a scene.

The command line's own options stand above all of this. The file is config.toml in the user's configuration
folder; its keys are output_dir, engine, precision, size, rest_samples, gpu, held, state_dir and motion, in the
environment WEIGHTSCAPE_OUTPUT_DIR and so on.
"""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import platformdirs

from weightscape.engine.choice import ENGINES
from weightscape.file.whole_file import FileError, shown
from weightscape.network.view import Size
from weightscape.picture.questions import PRECISIONS, PrecisionName
from weightscape.picture.render import SIZES, is_allowed

Name = TypeVar("Name", bound=str)
PREFIX = "WEIGHTSCAPE_"
STATE = "WEIGHTSCAPE_STATE_DIR"
MAX_CONFIG = 65_536
WINDOW_SIZE = (1280, 720)
# So many points a pixel are averaged in a window at rest.
REST_SAMPLES, MOST_REST_SAMPLES = 16, 256
LONGEST_GPU = 200


# Whether pictures stay on the GPU that computes them: where that is hardware, or where they can, or never.
HeldName = Literal["auto", "always", "never"]
HELD: tuple[HeldName, ...] = get_args(HeldName)
# Whether views glide, or everything jumps at once; or as the desktop is set.
MotionName = Literal["auto", "full", "reduced"]
MOTION: tuple[MotionName, ...] = get_args(MotionName)


class SettingError(ValueError):
    """A value in the environment or the configuration file that cannot be; one line that names it."""


@dataclass(frozen=True)
class Settings:
    """Hold what the user set; None where nothing is."""

    output_dir: Path | None = None
    engine: str | None = None
    precision: PrecisionName | None = None
    size: Size | None = None
    rest_samples: int | None = None
    gpu: str | None = None
    held: HeldName | None = None
    state_dir: Path | None = None
    motion: MotionName | None = None


def parse_size(text: str) -> Size:
    """Read "WxH". Raises ValueError with value and range."""
    wide, cross, high = text.lower().partition("x")
    if cross and wide.isdecimal() and high.isdecimal() and max(len(wide), len(high)) <= 9:
        size = int(wide), int(high)
        if is_allowed(size):
            return size
    raise ValueError(f"{text!r} is not WIDTHxHEIGHT in {SIZES}")


def parse_engine(text: str) -> str:
    """Read an engine's name. Raises ValueError with value and choices."""
    return _one_of(ENGINES, text)


def parse_precision(text: str) -> PrecisionName:
    """Read a precision's name. Raises ValueError with value and choices."""
    return _one_of(PRECISIONS, text)


def parse_rest_samples(text: str) -> int:
    """Read the number of points a pixel that a window at rest averages. Raises ValueError with value and range."""
    if text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= MOST_REST_SAMPLES:
        return int(text)
    raise ValueError(f"{text!r} is not a whole number in 1..{MOST_REST_SAMPLES}")


def parse_gpu(text: str) -> str:
    """Read a device's number or a part of its name; which there are, info tells. Raises ValueError with the value."""
    name = text.strip()
    if name and name.isprintable() and len(name) <= LONGEST_GPU:
        return name
    raise ValueError(f"{text[:LONGEST_GPU]!r} is not the number of a device or a part of its name")


def parse_held(text: str) -> HeldName:
    """Read whether pictures stay on the GPU. Raises ValueError with value and choices."""
    return _one_of(HELD, text)


def parse_motion(text: str) -> MotionName:
    """Read whether views may glide. Raises ValueError with value and choices."""
    return _one_of(MOTION, text)


def user_folder(find: Callable[[], str]) -> Path | None:
    """Tell the folder that a function of platformdirs finds, None for a user who has no home."""
    try:
        folder = Path(find())
    except RuntimeError:  # HOME is not set, and the user's number not in /etc/passwd
        return None
    return folder if folder.is_absolute() else None


def config_file() -> Path | None:
    """Tell where the configuration file is looked for, None for a user who has no home."""
    folder = user_folder(lambda: platformdirs.user_config_dir("weightscape", appauthor=False))
    return folder and folder / "config.toml"


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


def window_size() -> Size:
    """Tell the window size the user set, else the default."""
    return settings().size or WINDOW_SIZE


def rest_samples() -> int:
    """Tell how many points a pixel the user wants a window at rest to average."""
    return settings().rest_samples or REST_SAMPLES


def gpu() -> str:
    """Tell which device the user wants OpenGL to run on, "" where that is left to us."""
    return settings().gpu or ""


def held() -> HeldName:
    """Tell whether the user wants pictures to stay on the GPU that computes them."""
    return settings().held or "auto"


def state_folder() -> Path | None:
    """Tell the folder that sessions are kept in, None for a user who has no home."""
    return settings().state_dir or user_folder(lambda: platformdirs.user_state_dir("weightscape", appauthor=False))


def motion() -> MotionName:
    """Tell whether the user lets views glide."""
    return settings().motion or "auto"


def _texts() -> dict[str, tuple[str, str]]:
    """Collect what is set: name -> (where, text)."""
    path = config_file()
    texts = _in_file(path) if path else {}
    for name in READERS:
        variable = PREFIX + name.upper()
        if os.environ.get(variable):
            texts[name] = variable, os.environ[variable]
    return texts


def _in_file(path: Path) -> dict[str, tuple[str, str]]:
    texts = {}
    for name, value in _config(path).items():
        if name not in READERS:
            raise SettingError(f"{shown(path)}: {name!r} is not one of {', '.join(READERS)}")
        if not isinstance(value, str):
            raise SettingError(f"{shown(path)}: {name}: {value!r} is not a text in quotes")
        texts[name] = f"{shown(path)}: {name}", value
    return texts


def _config(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        if not os.path.lexists(path):  # another user's home, where nothing can be seen
            return {}
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
    "output_dir": _folder,
    "engine": parse_engine,
    "precision": parse_precision,
    "size": parse_size,
    "rest_samples": parse_rest_samples,
    "gpu": parse_gpu,
    "held": parse_held,
    "state_dir": _folder,
    "motion": parse_motion,
}
