"""What happens by itself: time that runs, views that glide, notices that end, shaders that have been edited."""

import time
from dataclasses import replace

from weightscape.explore.act.pilot_action import land
from weightscape.explore.explorer import Explorer
from weightscape.gpu.shader_file import FILES
from weightscape.scene.varying import TURN_S

# A frame that was late moves no further on than this.
LONGEST_S = 0.1
# A film's clock, and shaders that are being edited, are looked at so often.
CLOCK_S = 0.2
# After so long without a frame the status line says so.
IDLE_S = 1.0


def patience(explorer: Explorer) -> float:
    """Tell how long to wait for input: not at all where time may go on, until a notice ends, or a second."""
    if explorer.window.iconified:
        return IDLE_S  # nothing is drawn
    if explorer.dirty:
        return 0.0
    if explorer.piloting.is_on:
        return explorer.piloting.wait_s(time.perf_counter())
    if explorer.glide.is_on:
        return explorer.glide.wait_s(time.perf_counter())
    if explorer.is_moving and explorer.is_seen and min(explorer.window.size_px) > 0:
        return 0.0
    now = time.perf_counter()
    clock = now + (CLOCK_S if explorer.recorder.is_recording or FILES.is_watched else IDLE_S)
    rest = explorer.flow.due_s if explorer.is_seen and not explorer.is_moving else clock
    notice = explorer.notice_until if explorer.notice else clock
    ends = notice, explorer.waiting.next_s(now), explorer.guide.next_s(), rest, clock
    # Python hears Ctrl+C in the terminal only between two waits, so none is endless.
    return min(max(0.01, min(ends) - now), IDLE_S)


def pass_time(explorer: Explorer, now: float) -> None:
    """Let time run for scenes that have one, as fast as first pictures come; end notices and counts."""
    step, explorer.clock_s = now - explorer.clock_s, now
    glides, runs = explorer.glide.is_on, explorer.is_moving and not explorer.window.iconified
    explorer.dirty = explorer.dirty or glides
    if explorer.piloting.is_on:
        _fly(explorer, now)
    elif explorer.glide.advance(now):
        _arrive(explorer, now)
    elif explorer.is_seen and ((glides and not explorer.glide.is_ahead) or runs):
        if runs:
            _run_on(explorer, min(step, LONGEST_S), now)
        explorer.ask(is_deed=False)
    elif explorer.is_seen and now >= explorer.flow.due_s:
        _ask_for_rest(explorer)
    if explorer.notice and now > explorer.notice_until:
        explorer.notice, explorer.dirty = "", True
    if explorer.glide.is_on:
        explorer.diary.write("glide", scene=explorer.shown.to_text())
    recorded = explorer.recorder.clock(now)
    if recorded != explorer.recorded:
        explorer.recorded, explorer.dirty = recorded, True
    written = explorer.poster.progress, explorer.films.progress
    if written != explorer.written:
        explorer.written, explorer.dirty = written, True
        explorer.diary.write("poster", told=written[0], film=written[1])
    explorer.dirty = (
        explorer.guide.tips.has_news(now) or explorer.dirty or explorer.waiting.is_late(now) != explorer.is_late
    )
    if len(explorer.frames) > 1 and now - explorer.frames[-1] >= IDLE_S:
        explorer.frames, explorer.dirty = [], True


def _fly(explorer: Explorer, now: float) -> None:
    """Go on to where a flight is by now: the picture on the screen moves with the view, and others follow it."""
    moving = explorer.piloting
    if explorer.window.iconified or explorer.fault:
        moving.rest(now)
        return
    try:
        scene = moving.advance(now, 1.0 / explorer.window.refresh_hz, explorer.glide.is_reduced)
    except Exception:
        land(explorer)
        raise
    if scene is None or moving.flight is None:
        return
    if moving.flight.is_lost:
        land(explorer)
        explorer.say("the autopilot finds nothing here: the picture is flat, from farther away, too")
        return
    if scene == explorer.scene:
        return
    if moving.is_new_leg:
        explorer.history.go(scene, now, moving.gesture, is_held=True)  # with each leg the session keeps the place
    else:
        explorer.history.replace(scene)
    explorer.dirty = True
    explorer.diary.write("fly", scene=scene.to_text())
    if explorer.is_seen:
        explorer.ask(is_deed=False)


def _run_on(explorer: Explorer, step_s: float, now: float) -> None:
    """Go on to where a morph, a weight, or time is after so many seconds."""
    moving, touching = explorer.morphing, explorer.touching
    if moving.is_on:
        explorer.history.go(moving.advance(step_s), now, moving.gesture, is_held=True)
        return
    if touching.is_swinging:
        explorer.history.go(touching.advance(explorer.scene, step_s), now, touching.gesture, is_held=True)
        return
    turns = (explorer.scene.time + step_s / TURN_S) % 1.0
    explorer.history.replace(replace(explorer.scene, time=round(turns, 9)))


def _ask_for_rest(explorer: Explorer) -> None:
    """Ask for the finer passes and the samples of a picture that has flowed."""
    assert explorer.request
    explorer.flow.end()
    explorer.request, explorer.dirty = replace(explorer.request, frame_s=0.0), True
    explorer.painter.ask(explorer.request)


def _arrive(explorer: Explorer, now: float) -> None:
    """Ask for the picture that a view has glided to, or glide on where a key is held."""
    if explorer.again():
        explorer.glide.advance(now)
    elif not explorer.glide.is_ahead:
        explorer.ask()
    explorer.diary.write("arrive")


def follow_edits(explorer: Explorer) -> None:
    """Paint anew with shaders that have been edited, and take in what a driver says of them."""
    if FILES.look():
        explorer.diary.write("edit", edition=FILES.edition)
        explorer.ask()
    if explorer.complaint != FILES.complaint:
        explorer.complaint, explorer.dirty = FILES.complaint, True
        explorer.diary.write("complaint", text=explorer.complaint)
