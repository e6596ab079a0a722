"""How the cost of our engines grows with layers, width and pixels, beside the line that it should follow."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from statistics import median

import numpy as np

from weightscape.bench.case import Series, flops
from weightscape.bench.entrant import Engines, Row, opened_on
from weightscape.bench.measure import PATIENCE_S, interleaved, timed


def series_rows(series: Series, rounds: int, engines: Engines, told: Callable[[], object]) -> list[Row]:
    """Measure how the cost of each of our engines grows along a series, as far as it has patience with it."""
    seconds: dict[str, dict[int, float]] = {name: {} for name in engines.devices}
    work = {
        number: flops(case.question().network) * case.points
        for number, case in zip(series.numbers, series.cases, strict=True)
    }
    for number, case in zip(series.numbers, series.cases, strict=True):
        patient = [name for name in seconds if _expected(work, seconds[name], number) <= PATIENCE_S]
        with ExitStack() as stack:
            trials = opened_on(stack, case, replace(engines, devices={name: engines.devices[name] for name in patient}))
            spent = {}
            for name, each in trials.items():
                with engines.fit(name, case):
                    _, spent[name] = timed(each.picture)
            told()
            times = interleaved({name: trials[name].picture for name in spent}, rounds, told, spent)
        for name, their in times.items():
            seconds[name][number] = median(their.values())
    return [_line(series, name, engines.devices[name], work, seconds[name]) for name in seconds if seconds[name]]


def _expected(work: Mapping[int, float], seconds: Mapping[int, float], number: int) -> float:
    """Foretell the seconds at `number` from the last ones; 0 before the first."""
    if not seconds:
        return 0.0
    last = max(seconds)
    return seconds[last] * work[number] / work[last]


def _line(series: Series, name: str, device: str, work: Mapping[int, float], seconds: Mapping[int, float]) -> Row:
    """Write down one engine's cost along a series beside the ideal: all of it at the best speed seen there."""
    best = max(work[number] / seconds[number] for number in seconds)
    return {
        "what": series.what,
        "fixed": series.fixed,
        "name": name,
        "device": device,
        "numbers": list(seconds),
        "flops": [work[number] for number in seconds],
        "median_s": list(seconds.values()),
        "ideal_s": [work[number] / best for number in seconds],
        "exponent": exponent([work[number] for number in seconds], list(seconds.values())),
    }


def exponent(work: Sequence[float], seconds: Sequence[float]) -> float | None:
    """Fit seconds ~ work ^ exponent; None for a single point."""
    if len(set(work)) < 2:
        return None
    x, y = np.log(work), np.log(seconds)
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
