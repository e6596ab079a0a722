"""A random walk through the window under Xvfb: every key of the table, mouse, wheel; and what it did to the program.

    PYTHONPATH=tests/tool python tools/walk.py --minutes 10 [--deeds 500] --seed 1 [--without COMMAND ...] [options]

It tells of deeds done, complaints (on stderr, in the diary), memory, threads and open files. Exit status 1 where the
program complained, ended by itself or did not end well. It is a tool, no test.
"""

import argparse
import json
import math
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from display import press
from program import Program, keysym, running

from weightscape.scene.command import COMMANDS

SIZE = (800, 500)
# Closes at most one thing a press; twice within this time it may end the program.
ESCAPE, ESCAPES_APART_S = "close", 2.5
RARE = {"fullscreen": 0.2, "record": 0.3, "screenshot": 0.3, "poster": 0.1, ESCAPE: 0.5}
NEVER = {"quit"}
# To calm down: pictures that are being written, films that are being finished.
CALM_S = 60.0


class Walk:
    """Press and turn at random, and look at the program between two deeds."""

    def __init__(self, program: Program, seed: int, without: set[str]) -> None:
        self._program, self._random = program, random.Random(seed)
        self._commands = [each for each in COMMANDS if each.name not in NEVER | without]
        self._escaped_s = 0.0
        self._corner = program.place()
        self.deeds: Counter[str] = Counter()
        self.memory_mb: list[list[float]] = []
        self.heaviest = ""

    def go(self, seconds: float, most: float) -> bool:
        """Walk for so long, or for so many deeds; tell whether the program is still there."""
        start = time.monotonic()
        ways: list[tuple[Callable[[], str], float]] = [
            (self._key, 12.0),
            (self._wheel, 2.0),
            (self._drag, 2.0),
            (self._move, 2.0),
            (self._click, 2.0),
            (self._held, 0.7),
            (self._digits, 0.2),
            (self._resize, 0.1),
        ]
        deeds, weights = zip(*ways, strict=True)
        while (past := time.monotonic() - start) < seconds and sum(self.deeds.values()) < most:
            if self._program.process.poll() is not None:
                return False
            self.deeds[self._random.choices(deeds, weights)[0]()] += 1
            while len(self.memory_mb) <= past / 60.0:
                self.memory_mb.append([])
            self._weigh()
            time.sleep(self._random.choice((0.0, 0.02, 0.1, 0.4)))
        return self._program.process.poll() is None

    def _weigh(self) -> None:
        """Note the memory, and, where there was never more, in which scene and after which deeds."""
        now = self._memory()
        if now > max((max(minute) for minute in self.memory_mb if minute), default=0.0):
            files = ", ".join(each.name for each in (self._program.folder / "captures").glob("*.unfinished.mp4"))
            scene = json.loads(self._program.said("ask")[-1]["scene"])
            self.heaviest = f"{ {name: value for name, value in scene.items() if name != 'origin'} } {files}"
        self.memory_mb[-1].append(now)

    def _memory(self) -> float:
        try:
            return self._program.memory_mb()
        except (OSError, StopIteration):  # it has just ended
            return 0.0

    def _press(self, *words: str) -> None:
        press(self._program.display, *words)

    def _place(self) -> tuple[str, str, str]:
        x, y = self._random.randrange(SIZE[0]), self._random.randrange(SIZE[1])
        return "mousemove", str(self._corner[0] + x), str(self._corner[1] + y)

    def _key(self) -> str:
        command = self._random.choice(self._commands)
        if self._random.random() > RARE.get(command.name, 1.0):
            return "left out"
        if command.name == ESCAPE:
            if time.monotonic() - self._escaped_s < ESCAPES_APART_S:
                return "left out"
            self._escaped_s = time.monotonic()
        self._press("key", keysym(self._random.choice(command.keys)))
        return "key"

    def _held(self) -> str:
        key = self._random.choice(("r", "bracketright", "Up", "Down", "plus", "minus", "greater", "k", "BackSpace"))
        self._press("key", "--repeat", str(self._random.randrange(5, 25)), "--delay", "30", key)
        return "held key"

    def _digits(self) -> str:
        self._press(*(word for _ in range(3) for word in ("key", str(self._random.randrange(10)))))
        return "digits"

    def _wheel(self) -> str:
        turn = self._random.choice(("4", "4", "5"))
        self._press(*self._place(), "click", "--repeat", str(self._random.randrange(1, 9)), "--delay", "15", turn)
        return "wheel"

    def _drag(self) -> str:
        button = self._random.choice(("1", "1", "1", "3"))
        steps = [word for _ in range(self._random.randrange(2, 8)) for word in (*self._place(), "sleep", "0.01")]
        self._press(*self._place(), "mousedown", button, *steps, "mouseup", button)
        return "drag" if button == "1" else "right drag"

    def _move(self) -> str:
        self._press(*(word for _ in range(4) for word in self._place()))
        return "move"

    def _click(self) -> str:
        times = self._random.choice(("1", "1", "2"))
        self._press(*self._place(), "click", "--repeat", times, "--delay", "40", self._random.choice("1113"))
        return "click" if times == "1" else "double click"

    def _resize(self) -> str:
        width, height = self._random.choice(((SIZE[0], SIZE[1]), (640, 400), (401, 299)))
        self._press("windowsize", self._program.window, str(width), str(height))
        return "resize"


def held(program: Program) -> tuple[int, int]:
    """Count the threads and the open files of the program."""
    process = Path(f"/proc/{program.process.pid}")
    return len(list((process / "task").iterdir())), len(list((process / "fd").iterdir()))


def calm(program: Program, most: tuple[int, int]) -> tuple[int, int]:
    """Wait until the program holds no more than `most`, or for long enough; tell what it holds then."""
    deadline = time.monotonic() + CALM_S
    while time.monotonic() < deadline:
        now = held(program)
        if now[0] <= most[0] and now[1] <= most[1]:
            return now
        time.sleep(0.5)
    return held(program)


def end_film(program: Program) -> None:
    """End the film that may be being made, behind whatever is open."""
    films = program.folder / "captures"
    for _ in range(4):
        if not list(films.glob("*.unfinished.mp4")) or program.process.poll() is not None:
            return
        program.key("escape")
        time.sleep(ESCAPES_APART_S)
        program.key("v")
        deadline = time.monotonic() + CALM_S / 4
        while list(films.glob("*.unfinished.mp4")) and time.monotonic() < deadline:
            time.sleep(0.2)


def names(program: Program) -> str:
    """Count the program's threads by name."""
    tasks = Path(f"/proc/{program.process.pid}/task")
    found = Counter((task / "comm").read_text().strip() for task in tasks.iterdir())
    return ", ".join(f"{count} {name}" for name, count in found.most_common())


def complaints(program: Program) -> list[str]:
    """List what the program complained of: on stderr, and faults in its diary that are no refusals of its own."""
    told = [line for line in (program.folder / "stderr").read_text().splitlines() if line.strip()]
    faults = [str(entry.get("traceback", entry["text"])) for entry in program.said("fault")]
    return told + [fault for fault in faults if not fault.rstrip().rpartition("\n")[2].startswith("weightscape.")]


def slowest(program: Program) -> list[str]:
    """Tell of the three longest frames, and in which scene."""
    asked, found = "", []
    for entry in program.diary():
        if entry["event"] == "ask":
            asked = entry["scene"]
        elif entry["event"] == "frame":
            found.append((entry["ms"], asked))
    return [f"  {ms:.0f} ms: {scene[:300]}" for ms, scene in sorted(found, reverse=True)[:3]]


def speeds(program: Program, event: str) -> str:
    """Say how long something took."""
    ms = np.array([entry["ms"] for entry in program.said(event)] or [0.0])
    middle, most = np.percentile(ms, (50, 95))
    return f"{len(ms)}, median {middle:.0f} ms, 95 % {most:.0f} ms, worst {ms.max():.0f} ms"


def ended(program: Program) -> str:
    """End the program politely; tell how it went."""
    if program.process.poll() is not None:
        return f"ended by itself with exit status {program.process.returncode}"
    start = time.monotonic()
    program.process.send_signal(signal.SIGTERM)
    try:
        return f"exit status {program.process.wait(CALM_S)} after {time.monotonic() - start:.1f} s"
    except subprocess.TimeoutExpired:
        return f"still there {CALM_S:.0f} s after SIGTERM"


def walked(program: Program, minutes: float, most: float, seed: int, without: set[str]) -> bool:
    """Walk, say how it was, and tell whether all was well."""
    time.sleep(3.0)  # the engine's threads start with the first pictures
    before, named = held(program), names(program)
    walk = Walk(program, seed, without)
    alive = walk.go(60.0 * minutes, most)
    if alive:
        end_film(program)
    after = calm(program, before) if alive else (0, 0)
    if after[0] > before[0]:
        named = f"{named} -> {names(program)}"
    rested = walk._memory()
    end = ended(program)
    wrong = complaints(program)
    print(f"deeds: {sum(walk.deeds.values())} ({', '.join(f'{n} {name}' for name, n in walk.deeds.most_common())})")
    print(f"scenes: {len(program.said('ask'))}; first pictures: {speeds(program, 'first')}")
    print("\n".join([f"frames: {speeds(program, 'frame')}", *slowest(program)]))
    print(
        f"memory by minute, MB: {' '.join(f'{max(m or [0.0]):.0f}' for m in walk.memory_mb)}; at rest {rested:.0f}; "
        f"highest {max((max(m) for m in walk.memory_mb if m), default=0.0):.0f}"
    )
    print(f"  then: {walk.heaviest}")
    print(f"threads {before[0]} -> {after[0]}, open files {before[1]} -> {after[1]}; {end}")
    print(f"threads by name: {named}")
    print("\n".join([f"complaints: {len(wrong)}", *wrong[:60]]))
    return alive and not wrong and "exit status 0" in end


def main() -> int:
    """Walk as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--deeds", type=float, default=math.inf, help="that are done at the most")
    parser.add_argument("--seed", type=int, default=1, help="of the walk, not of the scene")
    parser.add_argument("--without", action="append", default=[], help="a command of the table that is left out")
    mine, options = parser.parse_known_args()
    size = ("--size", f"{SIZE[0]}x{SIZE[1]}")
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), *size, *options, WEIGHTSCAPE_REST_SAMPLES="16") as program,
    ):
        return 0 if walked(program, mine.minutes, mine.deeds, mine.seed, set(mine.without)) else 1


if __name__ == "__main__":
    sys.exit(main())
