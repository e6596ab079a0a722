"""Who takes part: our engines that work here and the rivals that are installed, each made ready and run once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from weightscape.bench.case import Case
from weightscape.bench.check import Check, check
from weightscape.bench.measure import timed
from weightscape.bench.rival import MissingError, Rival, points_of
from weightscape.bench.trial import Trial, trial
from weightscape.engine.choice import ENGINES, opened
from weightscape.engine.question import EngineError
from weightscape.gpu.context import SOFTWARE
from weightscape.settings import gpu

Row = dict[str, Any]

# Whoever needs longer for a picture, as software drivers for wide networks do, is left out of it unless asked for.
LONGEST_S = 30.0


@dataclass(frozen=True)
class Engines:
    """Hold our engines that take part, name -> where it computes; `missing`: who does not, and why."""

    devices: Mapping[str, str]
    forced: bool
    missing: dict[str, str]

    @contextmanager
    def fit(self, name: str, case: Case) -> Iterator[None]:
        """Write an engine down as missing where it fails on a case, unless it was asked for."""
        try:
            yield
        except EngineError as error:
            if self.forced:
                raise EngineError(str(error)) from error
            self.missing[f"{name} at {case.name}"] = str(error).partition("\n")[0]


def found(asked: Sequence[str]) -> Engines:
    """Find the engines that work here: those asked for, or all. Raises EngineError for one that was asked for."""
    forced = bool(asked) and "auto" not in asked
    devices, missing = {}, {}
    names = dict.fromkeys(asked if forced else ENGINES)
    # NumPy first: it is what the others are checked against.
    for name in sorted(names.keys() - {"auto"}, key=lambda name: (name != "numpy", name)):
        try:
            with opened(name, gpu=gpu()) as choice:
                devices[name] = device(choice.renderer)
        except (EngineError, ImportError) as error:
            if forced:
                raise
            missing[name] = str(error)
    return Engines(devices, forced, missing)


@dataclass(frozen=True)
class Entrant:
    """Hold somebody who is timed: what to run, how long a first run took, and what else is known of them."""

    name: str
    kind: str
    device: str
    run: Callable[[], object]
    spent_s: float
    facts: Row


def opened_on(stack: ExitStack, case: Case, engines: Engines) -> dict[str, Trial]:
    """Open the engines on a case, to be closed with the stack."""
    trials: dict[str, Trial] = {}
    for name in engines.devices:
        with engines.fit(name, case):
            trials[name] = stack.enter_context(trial(name, case))
    return trials


def ours_on(trials: Mapping[str, Trial], case: Case, engines: Engines) -> tuple[list[Entrant], Check | None]:
    """Time what our engines do once, draw a first picture with each, and check the others against the first."""
    judge, ours, ask = None, [], case.question()
    for name, each in trials.items():
        with engines.fit(name, case):
            facts = each.times()
            if each.expected_s() > LONGEST_S and not engines.forced:
                raise EngineError(f"a picture would take about {each.expected_s():.0f} s")
            values, spent = timed(each.picture)
            flat = values.reshape(case.points, -1)
            judge = judge or check(ask.network, points_of(ask.grid), flat)
            facts |= judge.verdict(flat)
            ours.append(Entrant(name, "engine", engines.devices[name], each.picture, spent, facts))
    return ours, judge


def theirs_on(
    case: Case, rivals: Sequence[Rival], judge: Check, missing: dict[str, str], told: Callable[[], object]
) -> list[Entrant]:
    """Make the rivals ready and check what they compute; who cannot take part is written down."""
    ask, theirs = case.question(), []
    points = points_of(ask.grid)
    for rival in rivals:
        try:
            (run, values), spent = timed(partial(rival.ready, ask.network, points))
        except MissingError as error:
            missing.setdefault(rival.name, str(error))
        else:
            facts = {"ready_s": spent, **judge.verdict(values)}
            theirs.append(Entrant(rival.name, "rival", rival.device, run, 0.0, facts))
        told()
    return theirs


def device(renderer: str) -> str:
    """Tell where an engine computes, by who draws in its OpenGL; "" is no OpenGL."""
    if not renderer:
        return "CPU"
    return "software" if any(word in renderer.lower() for word in SOFTWARE) else "GPU"
