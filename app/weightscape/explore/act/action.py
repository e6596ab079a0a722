"""What the window's own commands do: those of the table that do not change the scene by themselves.

Each is a function of the explorer and the key that was pressed.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from weightscape.draw.lettering import sized
from weightscape.explore.act.album_deed import album, bookmark
from weightscape.explore.act.arrival import preset
from weightscape.explore.act.breed_deed import breed, is_seen
from weightscape.explore.act.clipboard import copy, copy_link, paste
from weightscape.explore.act.lens_action import layer_back, layer_on, silence, unit_back, unit_on
from weightscape.explore.act.morph_action import morph
from weightscape.explore.act.panel_action import enter_panel, larger_text, plain_text, reveal_panel, smaller_text
from weightscape.explore.act.pilot_action import pilot
from weightscape.explore.act.sheet_deed import leave
from weightscape.explore.advising import hint, remedy
from weightscape.explore.explorer import Explorer
from weightscape.explore.task.dive import aimed, dived
from weightscape.explore.task.errand import Errand
from weightscape.explore.tell.article import TOUR
from weightscape.picture.render import SIZES, is_allowed
from weightscape.publish.capture import POSTER_SAMPLES, POSTER_TIMES
from weightscape.scene.colour import moves
from weightscape.scene.scene import Scene


def screenshot(explorer: Explorer, _: str) -> None:
    """Write the picture, with its scene, into the captures' folder."""
    size = sized(explorer.drawn_size, explorer.screen.letters)
    explorer.capture.take(explorer.subject, size, explorer.rest_samples)
    explorer.say("saving the picture", stays=True)


def poster(explorer: Explorer, _: str) -> None:
    """Write the picture much larger and smoother than the window."""
    width, height = explorer.drawn_size
    size = POSTER_TIMES * width, POSTER_TIMES * height
    if not is_allowed(size):
        explorer.say(f"a poster of {size[0]} x {size[1]} pixels cannot be: {SIZES}")
        return
    explorer.poster.take(explorer.subject, size, POSTER_SAMPLES)
    explorer.say(f"a poster of {size[0]} x {size[1]} pixels: Esc gives it up", stays=True)


def record(explorer: Explorer, _: str) -> None:
    """Begin to film what is seen, or end it."""
    explorer.recorder.toggle(explorer.scene, explorer.window.size_px, time.perf_counter())
    told = "recording: V ends the film" if explorer.recorder.is_recording else "finishing the film"
    explorer.say(told, stays=True)


def back(explorer: Explorer, _: str) -> None:
    """Go back in the history."""
    if not explorer.turn(explorer.history.back):
        explorer.say("this is the first picture")


def forward(explorer: Explorer, _: str) -> None:
    """Go forward in the history."""
    if not explorer.turn(explorer.history.forward):
        explorer.say("this is the last picture")


def article(explorer: Explorer, _: str) -> None:
    """Open or close the strip of the article's figures."""
    explorer.lay("article")


def history(explorer: Explorer, _: str) -> None:
    """Open or close the strip of all steps."""
    explorer.lay("history")


def tour(explorer: Explorer, _: str) -> None:
    """Begin the guided tour, or go on where it was left; leave it."""
    if explorer.tour.is_on:
        explorer.tour.is_on = False
    else:
        explorer.over = ""
        explorer.read(explorer.tour.begin(), plays=True)


def pick_figure(explorer: Explorer, number: int) -> None:
    """Show a figure of the strip, counted from 0, and leave the tour; or begin it."""
    explorer.tour.is_on = False
    if number == TOUR:
        tour(explorer, "")
    else:
        explorer.read(explorer.article.go(number))


def next_figure(explorer: Explorer, _: str) -> None:
    """Show the first panel of the article's next figure, or the tour's next station."""
    _walk(explorer, 1)


def last_figure(explorer: Explorer, _: str) -> None:
    """Show the first panel of the article's figure before, or the tour's station before."""
    _walk(explorer, -1)


def _walk(explorer: Explorer, by: int) -> None:
    if not explorer.tour.is_on:
        explorer.read(explorer.article.turn(by))
    elif not explorer.tour.is_last(by):
        explorer.read(explorer.tour.turn(by), plays=True)
    else:
        explorer.say("the tour ends here: Esc leaves it" if by > 0 else "the tour begins here: PageDown goes on")


def next_panel(explorer: Explorer, _: str) -> None:
    """Show the article's next panel."""
    explorer.read(explorer.article.step(1))


def last_panel(explorer: Explorer, _: str) -> None:
    """Show the article's panel before."""
    explorer.read(explorer.article.step(-1))


def type_seed(explorer: Explorer, _: str) -> None:
    """Ask for a seed; where a lens cannot show the network, or shows nothing, do what helps instead."""
    found = remedy(explorer) or hint(explorer)
    if found:
        explorer.show(found.scene)
    elif explorer.scene.weights:
        explorer.say("this network was loaded from a file and has no seed: R goes back to random ones")
    elif not explorer.screen.panel:
        explorer.say("no seed can be typed here: the panel lacks a library, as the terminal says")
    else:
        explorer.is_asking, explorer.over = True, ""


def pause(explorer: Explorer, _: str) -> None:
    """Stop time, or let it run."""
    if moves(explorer.scene):
        explorer.is_paused = not explorer.is_paused
    else:
        explorer.say("nothing here moves: time is for the inputs cos_t and sin_t, and for colours that cycle")


def dive(explorer: Explorer, _: str) -> None:
    """Zoom in where the picture is steepest near the cursor."""
    part, point = explorer.under_cursor(*explorer.cursor)

    def found(cancelled: Callable[[], bool]) -> Scene:
        return dived(part.scene, part.size, aimed(part, point), cancelled)

    def go(scene: Scene) -> None:
        explorer.show(explorer.scene.looking(scene.view))

    explorer.errands.send(Errand("diving", found, go, explorer.history.deeds))


def open(explorer: Explorer, _: str) -> None:
    """Say how a file is opened."""
    explorer.say("drop a picture, a scene or a weights file on the window; Ctrl+V pastes a scene or a link")


def panel(explorer: Explorer, _: str) -> None:
    """Open or close the panel."""
    explorer.is_paneled = not explorer.is_paneled
    reveal_panel(explorer)


def help(explorer: Explorer, _: str) -> None:
    """Open or close the help."""
    explorer.lay("help")


def fullscreen(explorer: Explorer, _: str) -> None:
    """Fill the screen, or go back."""
    explorer.window.toggle_fullscreen()


def close(explorer: Explorer, _: str) -> None:
    """Close what is open, one thing at a time; then leave the split view, the lens, full screen, and the program."""
    if explorer.errands.name:
        explorer.say(f"{explorer.errands.name}: given up")
        explorer.errands.cancel()
    elif explorer.over:
        explorer.over = ""
    elif explorer.is_paneled:
        explorer.is_paneled = False
    elif explorer.tour.is_on:
        explorer.tour.is_on = False
    elif explorer.poster.give_up():
        explorer.say("poster given up")
    elif explorer.films.give_up():
        explorer.say("film given up")
    elif explorer.sheeting.is_on:
        leave(explorer)
    elif is_seen(explorer):
        breed(explorer, "")
    elif explorer.scene.beside:
        explorer.show(replace(explorer.scene, beside=""))
    elif explorer.scene.lens != "outputs":
        explorer.show(replace(explorer.scene, lens="outputs"))
    elif explorer.window.is_fullscreen:
        explorer.window.toggle_fullscreen()
    else:
        explorer.leave(is_sure=False)


def quit(explorer: Explorer, _: str) -> None:
    """Leave the program."""
    explorer.leave(is_sure=True)


# What the buttons of a station's card do.
TURNS = {"back": last_figure, "on": next_figure, "leave": tour}
ACTIONS: dict[str, Callable[[Explorer, str], None]] = {
    action.__name__: action
    for action in (
        album,
        article,
        back,
        bookmark,
        breed,
        close,
        copy,
        copy_link,
        dive,
        enter_panel,
        forward,
        fullscreen,
        help,
        history,
        larger_text,
        last_figure,
        last_panel,
        layer_back,
        layer_on,
        morph,
        next_figure,
        next_panel,
        open,
        panel,
        paste,
        pause,
        pilot,
        poster,
        plain_text,
        preset,
        quit,
        record,
        screenshot,
        silence,
        tour,
        smaller_text,
        type_seed,
        unit_back,
        unit_on,
    )
}
