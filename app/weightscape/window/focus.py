"""Which item of the panel the keys go to: items are told in the order in which they are drawn."""

from __future__ import annotations

from collections.abc import Callable


class Focus:
    """Remember the item that has the keys, by name, and walk to others. A name's first sign tells its kind."""

    def __init__(self) -> None:
        self.is_on = False
        self.at = ""
        self.is_new = False  # just reached: it is to be scrolled to
        self._items: list[str] = []
        self._drawn: list[str] = []

    def enter(self) -> None:
        """Let the keys come; the first control gets them, once there is one."""
        self.is_on, self.at = True, ""
        self._settle()

    def leave(self) -> None:
        """Let the keys go."""
        self.is_on, self.at = False, ""

    def put(self, name: str) -> None:
        """Give the keys to an item."""
        self.is_on, self.at, self.is_new = True, name, True

    def step(self, steps: int, skips: Callable[[str, str], bool] = lambda old, new: False) -> None:
        """Walk to the next item, or back, round and round; `skips(old, new)`: not there from here."""
        if self.at not in self._items:
            return
        start = self._items.index(self.at)
        for n in range(1, len(self._items)):
            new = self._items[(start + steps * n) % len(self._items)]
            if not skips(self.at, new):
                self.put(new)
                return

    def end(self, steps: int) -> None:
        """Walk to the last item, or, for -1, to the first."""
        if self._items:
            self.put(self._items[-1 if steps > 0 else 0])

    def begin(self) -> None:
        """Forget what was drawn: it is told anew."""
        self._drawn = []

    def has(self, name: str) -> bool:
        """Take in the next item that is drawn; tell whether it has the keys."""
        self._drawn.append(name)
        return self.is_on and name == self.at

    def finish(self) -> None:
        """Take in that all is drawn. An item that has gone leaves the keys to the one before it."""
        old, self._items = self._items, self._drawn
        if self.at in old and self.at not in self._items:
            before = [name for name in old[: old.index(self.at)] if name in self._items]
            self.at = before[-1] if before else ""
        self._settle()

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to walk through."""
        return bool(self._items)

    def _settle(self) -> None:
        if self.is_on and not self.at:
            self.at = next((name for name in self._items if name[0].isalpha()), "")
            self.is_new = True
