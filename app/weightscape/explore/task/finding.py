"""Findings: what is to be said of a picture and takes longer than a frame; found out in a thread, and told later."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import TypeVar

from weightscape.explore.task.errand import Errand, Errands
from weightscape.picture.fault import EXPECTED

Found = TypeVar("Found")
# So many are remembered, those found last.
MOST = 8


class Findings:
    """Find out what was asked for last, and remember the last `most`; `wake` is called when it is known."""

    def __init__(self, wake: Callable[[], None], most: int = MOST) -> None:
        self._most = most
        self._errands = Errands(wake)
        self._wanted: Hashable = None
        self._found: dict[Hashable, object] = {}

    def find(self, key: Hashable, work: Callable[[], Found]) -> Found | None:
        """Tell what `work` finds out; None until that is known, and where nothing can be found.

        A key names all that the answer depends on, and by its first item which work it is.
        """
        if key not in self._found and key != self._wanted:
            self._wanted = key
            self._errands.send(Errand("finding", lambda _: work(), partial(self._keep, key)))
        return self._found.get(key)  # type: ignore[return-value]

    def fetch(self) -> bool:
        """Take in what has been found; tell whether there is anything new to say. A fault of ours is raised."""
        then = self._errands.fetch(0)
        if then is None:
            return False
        try:
            then()
        except EXPECTED:
            self._keep(self._wanted, None)
        return True

    def cancel(self) -> None:
        """Stop finding out: it is of a picture that is gone."""
        self._errands.cancel()
        self._wanted = None

    def _keep(self, key: Hashable, found: object) -> None:
        self._found[key] = found
        for oldest in [*self._found][: -self._most]:
            del self._found[oldest]
