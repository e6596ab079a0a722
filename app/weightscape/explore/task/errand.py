"""Errands: what the window wants to know and must not wait for, such as a network, in a thread of their own.

One at a time: a new one takes the place of the one before, which is told to stop.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weightscape.engine.question import until
from weightscape.window.event import Event, Key

# Finds something out; it is handed a function that tells when nobody waits for that any more.
Work = Callable[[Callable[[], bool]], Any]


@dataclass(frozen=True)
class Errand:
    """Say what is to be found out, in the errands' thread, and what is then to be done, in the window's.

    `name`: in a word or two, for the status line. `deeds`: how often the scene had changed when it was sent; None for
    one that brings another scene, whatever has been done meanwhile, and for which keys wait.
    """

    name: str
    work: Work
    then: Callable[[Any], object]
    deeds: int | None = None


class Errands:
    """Run the latest errand; `wake` is called when it is done."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._now: Errand | None = None
        self._run: _Run | None = None
        self._kept: list[Event] = []

    @property
    def name(self) -> str:
        """Name what is under way; "" for nothing."""
        return self._now.name if self._now else ""

    @property
    def is_opening(self) -> bool:
        """Tell whether another scene is on its way, so that what is on the screen will not stay."""
        return self._now is not None and self._now.deeds is None

    def send(self, errand: Errand) -> None:
        """Begin an errand, in place of the one that is under way."""
        kept = self._kept
        self.cancel()
        self._now, self._run, self._kept = errand, _Run(errand.work, self._wake), kept

    def cancel(self) -> None:
        """Forget the errand that is under way, and the keys that were meant for what it brings."""
        if self._run:
            self._run.given_up.set()
        self._run, self._now, self._kept = None, None, []

    def keeps(self, event: Event) -> bool:
        """Keep a key that was pressed while a scene is being opened, for it is meant for that one; but not Esc."""
        keeps = isinstance(event, Key) and event.name != "escape" and self.is_opening
        if keeps:
            self._kept.append(event)
        return keeps

    def kept(self) -> list[Event]:
        """Hand over the keys that were kept, once nothing is being opened."""
        if self.is_opening:
            return []
        kept, self._kept = self._kept, []
        return kept

    def fetch(self, deeds: int) -> Callable[[], object] | None:
        """Take what is to be done once the errand is done, unless the scene it was of is gone.

        `deeds`: how often the scene has changed by now. What is taken raises, when called, what the work raised.
        """
        if self._now is None or self._run is None or not self._run.done.is_set():
            return None
        errand, run = self._now, self._run
        self._run = self._now = None
        return None if errand.deeds not in (None, deeds) else lambda: errand.then(run.result())


class _Run:
    """Run an errand in a thread that nobody has to wait for: reading a network cannot be stopped half-way."""

    def __init__(self, work: Work, wake: Callable[[], None]) -> None:
        self.given_up, self.done = threading.Event(), threading.Event()
        self._work, self._wake = work, wake
        self._result: Any = None
        self._error: Exception | None = None
        threading.Thread(target=self._run, name="errand", daemon=True).start()

    def result(self) -> Any:
        """Hand over what was found out; raise what went wrong."""
        if self._error:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            with until(self.given_up.is_set):
                self._result = self._work(self.given_up.is_set)
        except Exception as error:  # raised where it is asked for
            self._error = error
        self.done.set()
        self._wake()
