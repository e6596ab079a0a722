"""The whole measurement: opens engines, makes rivals ready, times them in turns and writes down a row for each.

Everything in the result is plain data, as `bench --json` prints it; seconds are seconds.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from weightscape.bench.case import Case, Series, flops
from weightscape.bench.entrant import Engines, Entrant, Row, found, opened_on, ours_on, theirs_on
from weightscape.bench.growth import series_rows
from weightscape.bench.machine import machine
from weightscape.bench.measure import Times, interleaved, paired, quickest
from weightscape.bench.peak import peaks
from weightscape.bench.rival import RIVALS, Rival, load_early
from weightscape.bench.trial import uncached
from weightscape.network.interrupt import ignore

GROWTH_ROUNDS = 3
DEFINITIONS = {
    "gflops": "2 operations for each weight and point, activations and biases not counted, over median_s",
    "mpx_s": "million points, over median_s",
    "ratio": "median over the rounds of the time, in times of our quickest engine's in the same round",
    "peak_share": "gflops over the measured peak of the same processor, or of the same kind of shader",
    "compile_s": "first answer on a new shape, drivers' disk caches off, less a second one",
    "upload_s": "answer with new weights of a known shape, less one with the same; median of 5",
    "first_picture_s": "first pass of a window of 1280 x 720, of first_picture_size points",
    "longest_s": "longest submission on the way to that first picture; drivers end a program after 0.6 s and more",
    "busy_s": "part of median_s in which the engine's processor or GPU was at work",
    "ready_s": "a rival's import (the first time), conversion, compilation and first runs",
    "max_difference": "largest difference from our values; wrong: beyond what float32 can explain",
    "ideal_s": "seconds at the series' best gflops",
    "exponent": "how seconds grow with the number of multiply-adds: seconds ~ operations ^ exponent; 1 is ideal",
}


@dataclass(frozen=True)
class Plan:
    """Say what to measure: `engines` left out are all that work here, and then a failing one is no fault."""

    cases: tuple[Case, ...]
    rounds: int
    engines: tuple[str, ...] = ()
    growth: tuple[Series, ...] = ()
    rivals: tuple[Rival, ...] = RIVALS

    @property
    def steps(self) -> int:
        """Count the steps that are told of."""
        extra = sum(len(series.cases) for series in self.growth)
        return 1 + len(self.cases) * (1 + len(self.rivals) + self.rounds) + extra * (1 + self.growth_rounds)

    @property
    def growth_rounds(self) -> int:
        """Tell how often the series are timed: lines of points forgive more than a table."""
        return min(self.rounds, GROWTH_ROUNDS)


def measured(plan: Plan, progress: Callable[[float], object] = ignore) -> dict[str, Any]:
    """Measure all of a plan; `progress` takes 0..1. Raises EngineError when an engine that was asked for fails."""
    done = 0

    def told() -> None:
        nonlocal done
        done += 1
        progress(min(done / plan.steps, 1.0))

    with uncached():
        if plan.rivals:
            load_early()
        about = machine()  # before anything of ours makes it busy
        engines = found(plan.engines)
        peak = peaks()
        told()
        rows = [row for case in plan.cases for row in case_rows(case, plan, engines, peak, told)]
        growth = [row for series in plan.growth for row in series_rows(series, plan.growth_rounds, engines, told)]
    return {
        "machine": about,
        "definitions": DEFINITIONS,
        "peak": peak,
        "rows": rows,
        "growth": growth,
        "live": [],
        "missing": engines.missing,
    }


def case_rows(
    case: Case, plan: Plan, engines: Engines, peak: Mapping[str, Any], told: Callable[[], object]
) -> list[Row]:
    """Measure one network at one size: a row for each engine of ours, then one for each rival that is there."""
    with ExitStack() as stack:
        trials = opened_on(stack, case, engines)
        ours, judge = ours_on(trials, case, engines)
        told()
        theirs = theirs_on(case, plan.rivals, judge, engines.missing, told) if judge else []
        everybody = [*ours, *theirs]
        runs = {each.name: each.run for each in everybody}
        spent = {each.name: each.spent_s for each in everybody}
        times = interleaved(runs, plan.rounds, told, spent)
        for each in ours:
            each.facts["busy_s"] = median(trials[each.name].busy_s[1:])
    best = times[quickest(times, [each.name for each in ours])] if ours else {}
    return [row(case, each, times[each.name], best, peak) for each in everybody]


def row(case: Case, entrant: Entrant, times: Times, best: Times, peak: Mapping[str, Any]) -> Row:
    """Write down one entrant's numbers for a case."""
    middle, operations = median(times.values()), flops(case.question().network)
    rate = operations * case.points / middle / 1e9
    measure = {"CPU": "cpu", "software": "cpu", "CUDA": "compute", "GPU": entrant.name}[entrant.device]
    most = peak.get(measure) if case.precision == "single" else None  # it is a peak of float32
    return {
        "network": case.name,
        "layers": case.layers,
        "width": case.width,
        "size": list(case.size),
        "points": case.points,
        "flops_per_point": operations,
        "name": entrant.name,
        "kind": entrant.kind,
        "device": entrant.device,
        "rounds": len(times),
        "median_s": middle,
        "min_s": min(times.values()),
        "ratio": paired(times, best),
        "mpx_s": case.points / middle / 1e6,
        "gflops": rate,
        "precision": case.precision,
        "peak": measure if most else None,
        "peak_share": rate / most["gflops"] if most else None,
        **entrant.facts,
    }
