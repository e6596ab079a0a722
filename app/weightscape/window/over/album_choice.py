"""What keys do in the album: type into its line, walk, open, rename, remove. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from weightscape.window.message import Deed, Tile
from weightscape.window.over.album_grid import Grid, found, moved

WALKS = ("left", "right", "up", "down", "page_up", "page_down", "home", "end")
LONGEST = 120  # signs of a line


def keeps(key: str) -> bool:
    """Tell whether a key, named with its modifiers, is the album's while it is open, and no command."""
    name = key.rpartition("+")[2]
    is_function = name[:1] == "f" and name[1:].isdecimal()
    return key in ("f2", "ctrl+z", "ctrl+backspace", "ctrl+space") or not (
        is_function or "ctrl+" in key or "alt+" in key
    )


@dataclass
class Choice:
    """Remember what is searched for, which of the tiles found is chosen, and what was done.

    chosen: -1 until it is known. name: what is typed while a tile is renamed. is_to_show: the chosen tile has to come
    into sight.
    """

    query: str = ""
    chosen: int = -1
    name: str | None = None
    scroll: float = 0.0
    is_to_show: bool = False
    deeds: list[Deed] = field(default_factory=list)

    def settle(self, tiles: tuple[Tile, ...]) -> list[int]:
        """List the numbers of the tiles found, and keep one of them chosen: at first what was opened last."""
        numbers = found(tiles, self.query)
        if self.chosen < 0:
            self.chosen = next((n for n, number in enumerate(numbers) if tiles[number].is_last), 0)
            self.is_to_show = True
        self.chosen = min(self.chosen, max(len(numbers) - 1, 0))
        return numbers

    def react(self, key: str, text: str, tiles: tuple[Tile, ...], laid: Grid, room: float) -> None:
        """Do what a key does, or take what was `text`; `room`: the height that is in sight at a time."""
        numbers = self.settle(tiles)
        number = numbers[self.chosen] if numbers else -1
        if self.name is not None:
            self._rename(self.name, key, text, number)
        elif key == "ctrl+space" or (key == "space" and not self.query):
            self.deeds += [Deed("mark", number)] if numbers else []
        elif text:
            self._search((self.query + text).lstrip()[:LONGEST])
        elif key == "backspace":
            self._search(self.query[:-1])
        elif key == "ctrl+backspace" or (key == "escape" and self.query):
            self._search("")
        elif key == "escape":
            self.deeds.append(Deed("close"))
        elif key == "ctrl+z":
            self.deeds.append(Deed("restore"))
        elif numbers:
            self._walk(key, tiles[number], number, laid, room)

    def _walk(self, key: str, tile: Tile, number: int, laid: Grid, room: float) -> None:
        if key in WALKS:
            self.chosen, self.is_to_show = moved(laid, self.chosen, key, room), True
        elif key == "enter":
            self.deeds.append(Deed("open", number))
        elif key == "delete":
            self.deeds.append(Deed("remove", number))
        elif key == "f2" and tile.is_own:
            self.name = tile.label
        elif key == "f2":
            self.deeds.append(Deed("rename", number))

    def _search(self, query: str) -> None:
        """Search for something else: from the first tile found, or, for nothing, from what was opened last."""
        if query != self.query:
            self.query, self.chosen, self.is_to_show = query, 0 if query else -1, True

    def _rename(self, name: str, key: str, text: str, number: int) -> None:
        """Type a name: Enter takes it, Esc leaves the old one."""
        kept = {"backspace": name[:-1], "ctrl+backspace": ""}.get(key, name)
        self.name = (kept + text)[:LONGEST]
        if key == "enter" and name.strip():
            self.deeds.append(Deed("rename", number, name.strip()))
        if key in ("enter", "escape"):
            self.name = None
