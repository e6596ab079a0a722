"""How a picture that nobody watches is cut into bands of rows."""

from collections.abc import Iterator

from weightscape.engine.question import Engine, Question, work
from weightscape.lens.lens import Span
from weightscape.network.view import Size

# A band: enough points for any engine, little enough for any memory; without a watchdog's tiles, also little enough
# work that progress is seen every few seconds.
BAND_POINTS, BAND_WORK = 1 << 18, 1e11


def spans(height: int, step: int) -> Iterator[Span]:
    """Cut so many rows into bands: (first row, rows)."""
    for top in range(0, height, step):
        yield top, min(step, height - top)


def band_rows(engine: Engine, asked: Question, size: Size) -> int:
    """Tell how many rows are made at a time, by the network, the size, and whether a watchdog waits."""
    points = BAND_POINTS if engine.pick(asked).has_watchdog else min(BAND_POINTS, BAND_WORK / work(asked.network))
    return min(max(1, int(points // size[0])), size[1])
