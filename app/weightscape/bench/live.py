"""The window, measured: a child process opens it for each network, size and engine, with and without held fields."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from weightscape.bench.case import NETWORKS, Shape
from weightscape.bench.live_window import LiveCase
from weightscape.bench.machine import machine
from weightscape.engine.choice import PROCESSORS
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.settings import PREFIX

SIZES: tuple[Size, ...] = ((1280, 720), (1920, 1080))
# Of one window, in all; it takes seconds more to open it and to measure engines.
BUDGET_S, QUICK_BUDGET_S = 4.0, 2.0
# A child that needs longer than its budget and this has failed.
MORE_S = 120.0
DEFINITIONS = {
    "first_s": "median time from a step of the wheel to the first pixels of the new view on the screen, finished",
    "whole_s": "the like to every pixel's own point; none where that took longer than there was",
    "gpu_s": "of the last whole picture by the GPU's own clock; cpu_s: where the processor computes",
    "drag_fps": "new pictures a second that were seen while every frame moves the view; zoom_fps, time_fps likewise",
    "held": "whether pictures may stay on the GPU on their way to the window",
}


@dataclass(frozen=True)
class LivePlan:
    """Say which windows to measure, and for how many seconds each."""

    shapes: tuple[Shape, ...] = NETWORKS
    sizes: tuple[Size, ...] = SIZES
    engines: tuple[str, ...] = ("auto",)
    budget_s: float = BUDGET_S

    def cases(self) -> Iterator[tuple[LiveCase, str]]:
        """List the windows, each with its engine."""
        for layers, width in self.shapes:
            for size in self.sizes:
                yield from ((LiveCase(layers, width, size, self.budget_s), name) for name in self.engines)


def lively(plan: LivePlan, progress: Callable[[float], object] = ignore) -> dict[str, Any]:
    """Measure a plan's windows; `progress` takes 0..1. What could not be measured stands under "missing"."""
    rows: list[dict[str, Any]] = []
    missing: dict[str, str] = {}
    about, cases = machine(), list(plan.cases())
    for n, (case, engine) in enumerate(cases):
        progress(n / len(cases))
        for held in ("never", "always"):
            found = _child(case, engine, held)
            what = f"{case.name} at {'x'.join(map(str, case.size))}"
            if reason := found.get("no_window"):
                missing["live"] = reason
                return _found(about, rows, missing)
            if reason := found.get("lack"):
                missing[f"live {what}, {engine}, held {held}"] = reason
            elif held == "always" and not found["held"]:
                missing[f"live {what}, {engine}, held fields"] = "the window's OpenGL shares nothing here"
            else:
                rows.append(found)
            if found.get("name") in PROCESSORS:
                break  # which has nothing on a GPU
    progress(1.0)
    return _found(about, rows, missing)


def _found(about: dict[str, Any], rows: list[dict[str, Any]], missing: dict[str, str]) -> dict[str, Any]:
    empty: dict[str, Any] = {"peak": {}, "rows": [], "growth": []}
    return {"machine": about, "definitions": DEFINITIONS, **empty, "live": rows, "missing": missing}


def _child(case: LiveCase, engine: str, held: str) -> dict[str, Any]:
    """Measure a window in a process of its own, as a user's: no context or fault of another one's is in its way."""
    told = {"ENGINE": engine, "HELD": held, "REST_SAMPLES": "1", "MOTION": "reduced"}
    command = [sys.executable, "-m", "weightscape.bench.live_window", json.dumps(asdict(case))]
    try:
        done = subprocess.run(
            command,
            env=os.environ | {PREFIX + name: value for name, value in told.items()},
            capture_output=True,
            text=True,
            timeout=case.budget_s + MORE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return {"lack": f"it did not end within {error.timeout:.0f} s"}
    if done.returncode:
        return {"lack": (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
