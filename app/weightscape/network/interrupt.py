"""Long computations that somebody may stop: whoever begins one hands in a check, and its loops call it.

It is known in one thread alone, so that the plans and caches between the two need not hand it on.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_known = threading.local()


@contextmanager
def interruptible(check: Callable[[], object]) -> Iterator[None]:
    """Let loops of this thread call `check` until the block ends; what it raises ends them."""
    before = getattr(_known, "check", None)
    _known.check = check
    try:
        yield
    finally:
        _known.check = before


def check() -> None:
    """Raise what the innermost interruptible() of this thread has to raise; without one, nothing."""
    known: Callable[[], object] | None = getattr(_known, "check", None)
    if known:
        known()


def never() -> bool:
    """Answer that what is computed is still wanted."""
    return False


def ignore(*_: object) -> None:
    """Take what is told, and do nothing."""
