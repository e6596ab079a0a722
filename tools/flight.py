"""A scripted flight through the window under Xvfb, and how smooth it was: frame times and first pictures, as a plot.

    PYTHONPATH=tests/tool python tools/flight.py flight.png [options of weightscape explore]

It zooms, drags, rerolls, widens the network to 512 units and zooms and rerolls again. WEIGHTSCAPE_ENGINE chooses what
computes, else numpy does.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from display import press
from program import Program, running

from weightscape.scene.command import WIDTHS
from weightscape.scene.scene import Scene

Entries = list[dict[str, Any]]
WIDEST = 512
WIDER = sum(width > Scene().width for width in WIDTHS)  # presses
REST_S = 1.5


def fly(program: Program) -> list[tuple[str, float]]:
    """Fly; return what was begun when, in the diary's clock. One process moves the hand, to cost no time itself."""
    marks: list[tuple[str, float]] = []

    def hand(what: str, *steps: str) -> None:
        time.sleep(REST_S)
        marks.append((what, time.perf_counter()))
        press(program.display, *steps)

    x, y = program.place()
    press(program.display, "mousemove", str(x + 600), str(y + 300))
    drag = [word for _ in range(40) for word in ("mousemove_relative", "5", "3", "sleep", "0.015")]
    for suffix in ("", f", {WIDEST} units"):
        if suffix:
            hand("widen", *(word for _ in range(WIDER) for word in ("key", "braceright", "sleep", "0.05")))
        hand("zoom" + suffix, "click", "--repeat", "25", "--delay", "30", "4")
        hand("drag" + suffix, "mousedown", "1", *drag, "mouseup", "1")
        hand("reroll" + suffix, *(word for _ in range(6) for word in ("key", "r", "sleep", "0.3")))
    assert program.scene().width == WIDEST
    time.sleep(REST_S)
    return marks


def figures(entries: Entries, event: str) -> tuple[Any, Any]:
    """Read when and how long (ms) something took."""
    found = [(entry["t"], entry["ms"]) for entry in entries if entry["event"] == event]
    return np.array(found).T if found else (np.zeros(0), np.zeros(0))


def summary(entries: Entries) -> str:
    """Say how smooth a flight was."""
    lines = []
    for event, what in (("frame", "frames"), ("first", "first pictures")):
        _, ms = figures(entries, event)
        middle, most = np.percentile(ms, (50, 99))
        lines.append(f"{what}: {len(ms)}, median {middle:.0f} ms, 99 % {most:.0f} ms, worst {ms.max():.0f} ms")
    return "\n".join(lines)


def draw(path: str, entries: Entries, marks: list[tuple[str, float]]) -> None:
    """Plot frame times and first pictures over the flight."""
    from matplotlib.figure import Figure

    canvas = Figure(figsize=(9.0, 3.6), dpi=110, layout="constrained")
    axes = canvas.add_subplot()
    start = marks[0][1]
    for event, colour, sign, label in (
        ("frame", "#0072B2", ".", "a frame, drawn"),
        ("first", "#D55E00", "x", "first picture of a new view or network"),
    ):
        t, ms = figures(entries, event)
        axes.plot(t - start, np.maximum(ms, 1.0), sign, color=colour, markersize=4, label=label)
    for limit in (33, 50):
        axes.axhline(limit, color="#888888", linewidth=0.8, linestyle="--")
        axes.annotate(f"{limit} ms", (1.005, limit), xycoords=("axes fraction", "data"), fontsize=8, va="center")
    for what, t in marks:
        axes.axvline(t - start, color="#cccccc", linewidth=0.8, zorder=0)
        axes.annotate(what, (t - start, 1.0), xycoords=("data", "axes fraction"), fontsize=7, rotation=40, va="bottom")
    axes.set(yscale="log", xlabel="seconds", ylabel="ms", ylim=(5, 300))
    axes.set_yticks([5, 10, 20, 100, 200], labels=["5", "10", "20", "100", "200"])
    axes.minorticks_off()
    axes.legend(loc="upper center", fontsize=8, ncols=2)
    canvas.savefig(path)


def main(path: str, options: list[str]) -> None:
    """Fly, say how it was and draw it."""
    size, screen = ("--size", "1280x720"), "1400x800x24"
    setting = {"WEIGHTSCAPE_REST_SAMPLES": "16", "WEIGHTSCAPE_ENGINE": os.environ.get("WEIGHTSCAPE_ENGINE", "numpy")}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), *size, *options, screen=screen, **setting) as program,
    ):
        marks = fly(program)
        entries = [entry for entry in program.diary() if entry["t"] >= marks[0][1]]
    print(summary(entries))
    draw(path, entries, marks)
    Path(path).with_suffix(".json").write_text(json.dumps({"marks": marks, "diary": entries}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
