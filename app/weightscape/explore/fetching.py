"""What comes from other threads: tiles, faults, findings, what has been written; and the end of all of them."""

import time
from itertools import chain

from weightscape.explore.explorer import Explorer
from weightscape.explore.paint.request import Painted, Request
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.exposure import Patch, Sample
from weightscape.picture.over import Overlaid
from weightscape.publish.capture import saved

LINKED_S = 6.0  # a notice that can be clicked


def fetch(explorer: Explorer) -> None:
    """Take in what other threads have finished."""
    for painted in [] if explorer.glide.holds else explorer.painter.fetch():
        _paint(explorer, painted)
    if explorer.painter.broken and not explorer.fault:
        _refuse(explorer, explorer.painter.broken)
    if explorer.findings.fetch():
        explorer.dirty = True
        explorer.diary.write("found")
    for told in explorer.album.fetch():
        explorer.say(str(told), stays=True)
    films = explorer.recorder.fetch(), explorer.opener.fetch()
    for result in chain(*(writer.fetch() for writer in explorer.writers), *films):
        if isinstance(result, Exception):
            explorer.say(str(result), stays=True)
        else:
            explorer.say(saved(result), LINKED_S, stays=True)
            explorer.folder = result.parent
            print(result, flush=True)


def close(explorer: Explorer) -> None:
    """Finish files that are being written and free everything."""
    explorer.errands.cancel()
    explorer.findings.cancel()
    explorer.touching.grounds.cancel()
    explorer.follower.close()
    explorer.recorder.close()
    explorer.painter.close()
    if explorer.shared:
        explorer.shared.close()
    for closed in (explorer.article, explorer.past, explorer.guide, explorer.album):
        closed.close()
    for writer in explorer.writers:
        writer.close(is_hurried=explorer.leaving.is_hurried)
    fetch(explorer)
    explorer.screen.close()
    explorer.diary.close()


def _paint(explorer: Explorer, painted: Painted) -> None:
    """Take in a piece of a picture, or why there is none."""
    with explorer.guard("painting"):  # a tile that fails is told, and the others are painted
        explorer.screen.paint(painted)
    explorer.covered = painted.request.number if painted.is_covered else explorer.covered
    explorer.dirty = explorer.dirty or not isinstance(painted.patch, Sample)  # of which nothing is seen yet
    if isinstance(painted.patch, Overlaid):
        return
    request = painted.request
    if explorer.request and request.number == explorer.request.number:
        explorer.done = painted.done
        explorer.samples = painted.samples if painted.ends else explorer.samples
        if not request.frame_s:
            explorer.flow.end()
        _refuse(explorer, painted.fault)  # which may ask for another one, that flows
    if painted.fault:
        explorer.seen = max(explorer.seen, request.number)
        explorer.diary.write("rest", number=request.number)
        return
    explorer.waiting.see(request.scene, time.perf_counter())
    if request.number > explorer.seen:
        _see_first(explorer, painted, request)
    for samples, event in ((1, "whole"), (explorer.rest_samples, "rest")):
        if painted.ends and painted.samples == samples:
            explorer.diary.write(event, number=request.number, adopted=explorer.screen.adopted)


def _see_first(explorer: Explorer, painted: Painted, request: Request) -> None:
    """Take in that something of a picture is seen for the first time."""
    explorer.seen = request.number
    late = time.perf_counter() - request.asked_s
    stride = painted.patch.stride if isinstance(painted.patch, Patch | CellPatch) else 1
    explorer.diary.write("first", number=request.number, stride=stride, ms=round(1e3 * late, 2))


def _refuse(explorer: Explorer, fault: str) -> None:
    """Say in place of the picture why there is none, if there is none."""
    if fault and explorer.preview.scene:
        explorer.preview.end()
        explorer.say(fault)
        explorer.ask()
        return
    if fault and fault != explorer.fault:
        explorer.dirty = True
        explorer.diary.write("notice", text=fault)
    if fault:
        explorer.waiting.end()
    explorer.fault = fault
