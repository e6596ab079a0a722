"""The text of shader files: those of the package, and before them, where edits are watched, those of a folder.

Nothing is looked at twice unless a folder is watched. Then the edition grows with each edit, and whoever holds a
compiled program makes it anew when it is next asked for (program.py). How to edit: docs/shaders.md, section 12.
"""

import os
from importlib import resources
from pathlib import Path

SUFFIXES = (".vert", ".frag", ".comp", ".glsl")
# Where shader files lie in a folder.
PLACES = ("", "lib")


class ShaderFiles:
    """Read shader files, each once an edition. `edition`: how often files have been edited while they are watched."""

    def __init__(self) -> None:
        self.edition = 0
        self._folder: Path | None = None
        self._seen: dict[str, tuple[int, int]] = {}
        self._texts: dict[str, str] = {}
        self._complaint = 0, ""

    def text(self, name: str) -> str:
        """Read a file by its name, e.g. "lib/shade.glsl". Raises OSError, ValueError for what is no UTF-8."""
        texts = self._texts  # of now: what is read while files change belongs to no later edition
        if name not in texts:
            own = self._folder / name if self._folder else None
            file = own if own and own.is_file() else resources.files("weightscape.shaders") / name
            texts[name] = file.read_text(encoding="utf-8")
        return texts[name]

    @property
    def is_watched(self) -> bool:
        """Tell whether edits are followed."""
        return self._folder is not None

    def watch(self, folder: str = "") -> None:
        """Follow edits of a folder's files, which go before the package's; "" is the package's own folder.

        Raises ValueError where it is no folder, or holds no file that is named like a shader.
        """
        package = resources.files("weightscape.shaders")
        chosen = Path(folder) if folder else package if isinstance(package, Path) else None
        if chosen is None:
            raise ValueError("the program's own shaders lie in an archive; name a folder with copies of them")
        if not chosen.is_dir():
            raise ValueError(f"{folder!r} is not a folder")
        if not any((package / name).is_file() for name in _stamps(chosen)):
            raise ValueError(f"{folder!r} holds no file that is named like a shader: a copy of {package} does")
        self._folder, self._seen, self._texts = chosen, _stamps(chosen), {}

    def look(self) -> bool:
        """Tell whether files have changed since the last time; then they are read anew."""
        seen = _stamps(self._folder) if self._folder else {}
        if seen == self._seen:
            return False
        self._seen, self._texts = seen, {}
        self.edition += 1
        return True

    @property
    def complaint(self) -> str:
        """Tell what is wrong with the files as they are now, as far as it has been met; "" for nothing."""
        edition, text = self._complaint
        return text if edition == self.edition else ""

    def complain(self, edition: int, text: str) -> None:
        """Take in what is wrong with the files of an edition; the first complaint of each is kept."""
        if not self.complaint:
            self._complaint = edition, text


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """List a folder's shader files by name, with the time of the last change and the size."""
    found = {}
    for place in PLACES:
        try:
            with os.scandir(folder / place) as entries:
                for each in entries:
                    if each.name.endswith(SUFFIXES):
                        about = each.stat()
                        found[f"{place}/{each.name}".lstrip("/")] = about.st_mtime_ns, about.st_size
        except OSError:  # a folder that is gone, or a file that is being replaced: the next look sees it
            continue
    return found


FILES = ShaderFiles()
