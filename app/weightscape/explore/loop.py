"""The window program: opens the window, hands each event to what answers it, and draws when something changed."""

import time
from collections.abc import Iterable

from weightscape import settings
from weightscape.draw.icon import SMALL, icon
from weightscape.explore.act.arrival import WARNED_S, open_files
from weightscape.explore.act.response import take
from weightscape.explore.act.weight_deed import go_on
from weightscape.explore.explorer import Explorer
from weightscape.explore.fetching import close, fetch
from weightscape.explore.following import follow_files
from weightscape.explore.frame import Frames
from weightscape.explore.keep.keeper import Keeper
from weightscape.explore.paint import heap
from weightscape.explore.passing import follow_edits, pass_time, patience
from weightscape.publish.capture import tidy
from weightscape.scene.scene import Scene
from weightscape.stop import stoppable
from weightscape.window.event import Event
from weightscape.window.window import Window


def explore(
    scene: Scene | None = None,
    size: tuple[int, int] | None = None,
    fullscreen: bool = False,
    notice: str = "",
    restores: bool = False,
    files: tuple[str, ...] = (),
    records: bool = False,
) -> int:
    """Open the window, say a `notice` there, open `files`, and run until it is closed; return the exit status.

    `restores`: as it was left the last time, if it was. `records`: a film with a frame for each network of a followed
    file, which is told on stdout when it is written. Raises WindowError when there is no display or no OpenGL to
    draw with.
    """
    heap.keep_small()
    tidy()
    keeper = Keeper(settings.state_folder())
    left, told = keeper.recall() if restores else (None, "")
    is_full, frame = (left.is_fullscreen, left.frame) if left else (fullscreen, None)
    wanted = size or settings.settings().size
    try:
        window = Window("weightscape", wanted or settings.WINDOW_SIZE, is_full, frame, grows=wanted is None)
        try:
            window.set_icon([icon(side) for side in SMALL])
            explorer = Explorer(window, scene or Scene())
            if left:
                explorer.history.restore(left.steps, left.place)
            with stoppable(window.request_close):  # also while a film is finished: a terminal that closes says so twice
                try:
                    if notice or told:
                        explorer.say(notice or told, WARNED_S, stays=True)
                    open_files(explorer, files)
                    if records:
                        explorer.recorder.toggle(explorer.scene, window.size_px, time.perf_counter(), by_networks=True)
                    run(explorer, keeper)
                finally:
                    keeper.watch(explorer.history, window, is_last=True)
                    window.hide()
                    keeper.close()
                    close(explorer)
        finally:
            window.close()
    finally:
        keeper.close()
    return 0


def run(explorer: Explorer, keeper: Keeper) -> None:
    """Wait for input and tiles, and draw, until the window is to be closed."""
    frames = Frames(explorer)
    explorer.ask()
    while not explorer.window.should_close:
        keeper.watch(explorer.history, explorer.window)
        step(explorer, frames)


def step(explorer: Explorer, frames: Frames) -> None:
    """Wait for input and tiles, take them in, and draw a frame if something is to be seen."""
    events: list[Event] = []
    with explorer.guard("listening"):
        events = explorer.window.poll(patience(explorer))
    start = time.perf_counter()
    frames.begin_events()
    answer(explorer, events)
    with explorer.guard("passing time"):
        pass_time(explorer, start)
        follow_edits(explorer)
    with explorer.guard("fetching"):
        fetch(explorer)
        go_on(explorer)
        finish_errand(explorer)
    with explorer.guard("following a file"):
        follow_files(explorer)
    if explorer.dirty and not explorer.window.iconified:
        with explorer.guard("drawing"):
            frames.draw()
        explorer.diary.write("frame", ms=round(1e3 * (time.perf_counter() - start), 2))


def answer(explorer: Explorer, events: Iterable[Event]) -> None:
    """Take events, one after the other: a fault in one is told, and the next is taken."""
    for event in events:
        with explorer.guard("answering"):
            take(explorer, event)


def finish_errand(explorer: Explorer) -> None:
    """Do what an errand was sent for, and then what keys were pressed meanwhile."""
    name = explorer.errands.name
    then = explorer.errands.fetch(explorer.history.deeds)
    explorer.dirty = explorer.dirty or name != explorer.errands.name
    if then:
        with explorer.guard(name):
            then()
    answer(explorer, explorer.errands.kept())
