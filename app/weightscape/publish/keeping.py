"""Long work that can be taken up again where it was left: what is said of that, for posters and frames alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from weightscape.engine.question import EngineError
from weightscape.file.whole_file import FileError, shown


class Stopped(KeyboardInterrupt):
    """Say that work was stopped, and how it goes on."""


def kept_words(done: int, count: int, what: str, place: str) -> str:
    """Say what is kept of work that has not come to its end, and how it goes on; "" where nothing is."""
    kept = f"{done} of {count} {what} are kept in {shown(place)}"
    return f"{kept}: the same command goes on, --fresh starts anew" if done else ""


@contextmanager
def going_on(told: Callable[[], str]) -> Iterator[None]:
    """Let whatever ends the block before its time say also what is `told`, if anything."""
    try:
        yield
    except KeyboardInterrupt:
        if not (rest := told()):
            raise
        raise Stopped(f"stopped; {rest}") from None
    except (FileError, EngineError) as error:
        if not (rest := told()):
            raise
        raise type(error)(f"{error}; {rest}") from error
