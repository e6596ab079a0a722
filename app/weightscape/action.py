"""What the window's own commands do: those of the table that do not change the scene by themselves.

Each is a function of the explorer and the key that was pressed.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from weightscape import gallery
from weightscape.ask import network
from weightscape.dive import dived
from weightscape.export.whole_file import FileError
from weightscape.hud import has_time
from weightscape.model.lens import LENSES
from weightscape.model.reference import OrbitError
from weightscape.model.scene import from_mapping, from_text
from weightscape.model.scene_error import SceneError
from weightscape.request import drawn_size

if TYPE_CHECKING:
    from weightscape.explore import Explorer


def open_file(explorer: "Explorer", path: str) -> None:
    """Show the scene of a file: a picture made here, a scene, or weights."""
    try:
        if path.endswith(".npz"):
            explorer.show(replace(explorer.scene, weights=path))
        else:
            explorer.show(from_mapping(gallery.inside(path)["scene"]))
    except (FileError, SceneError) as error:
        explorer.say(str(error))


def screenshot(explorer: "Explorer", _: str) -> None:
    """Write the picture, with its scene, into the captures' folder."""
    try:
        size = drawn_size(explorer.scene, explorer.window.size_px, explorer.stage.status_px)
    except SceneError as error:
        explorer.say(str(error))
        return
    explorer.capture.take(explorer.scene, size, explorer.rest_samples)
    explorer.say("saving the picture")


def record(explorer: "Explorer", _: str) -> None:
    """Begin to film what is seen, or end it."""
    try:
        explorer.recorder.toggle(explorer.scene, explorer.window.size_px, time.perf_counter())
        explorer.say("recording: V ends the film" if explorer.recorder.is_recording else "finishing the film")
    except FileError as error:
        explorer.say(str(error))


def back(explorer: "Explorer", _: str) -> None:
    """Go back in the history."""
    if explorer.history.back():
        explorer.ask()


def forward(explorer: "Explorer", _: str) -> None:
    """Go forward in the history."""
    if explorer.history.forward():
        explorer.ask()


def preset(explorer: "Explorer", key: str) -> None:
    """Show a scene of the gallery."""
    name = gallery.PRESETS[int(key) - 1]
    explorer.show(gallery.scene(name))
    explorer.say(name)


def article(explorer: "Explorer", _: str) -> None:
    """Open or close the strip of the article's figures."""
    explorer.is_reading = not explorer.is_reading


def next_figure(explorer: "Explorer", _: str) -> None:
    """Show the first panel of the article's next figure."""
    explorer.read(explorer.article.turn(1))


def last_figure(explorer: "Explorer", _: str) -> None:
    """Show the first panel of the article's figure before."""
    explorer.read(explorer.article.turn(-1))


def next_panel(explorer: "Explorer", _: str) -> None:
    """Show the article's next panel."""
    explorer.read(explorer.article.step(1))


def last_panel(explorer: "Explorer", _: str) -> None:
    """Show the article's panel before."""
    explorer.read(explorer.article.step(-1))


def type_seed(explorer: "Explorer", _: str) -> None:
    """Ask for a seed."""
    if explorer.stage.panel and not explorer.scene.weights:
        explorer.is_asking, explorer.is_helping = True, False


def pause(explorer: "Explorer", _: str) -> None:
    """Stop time, or let it run."""
    if has_time(explorer.scene):
        explorer.is_paused = not explorer.is_paused
    else:
        explorer.say("nothing here moves: time is for the inputs cos_t and sin_t")


def dive(explorer: "Explorer", _: str) -> None:
    """Zoom in where the picture is steepest near the cursor."""
    try:
        part, point = explorer.under_cursor(*explorer.cursor)
        found = dived(part.scene, part.size, point)
        explorer.show(explorer.scene.looking(found.view), is_gesture=True)
    except (OrbitError, SceneError) as error:
        explorer.say(str(error))


def layer_on(explorer: "Explorer", _: str) -> None:
    """Let the lens look at the next layer."""
    _step(explorer, "layer", 1)


def layer_back(explorer: "Explorer", _: str) -> None:
    """Let the lens look at the layer before."""
    _step(explorer, "layer", -1)


def unit_on(explorer: "Explorer", _: str) -> None:
    """Let the lens look at the next unit."""
    _step(explorer, "unit", 1)


def unit_back(explorer: "Explorer", _: str) -> None:
    """Let the lens look at the unit before."""
    _step(explorer, "unit", -1)


def _step(explorer: "Explorer", name: str, step: int) -> None:
    """Go round a network's layers, or a layer's units, whatever the network is made of."""
    scene = explorer.scene
    own = LENSES[scene.lens].fields
    if name not in own and not (name == "unit" and "units" in own):
        owners = ", ".join(lens for lens, each in LENSES.items() if name in each.fields)
        explorer.say(f"the lens {scene.lens} has no {name}; these have: {owners}")
        return
    made = network(scene)
    if name == "layer":
        scene = replace(scene, layer=(scene.layer + step) % (made.layers + 1))
        step = 0
    # The weights' masks are the first layer's, whatever matrices are shown.
    layer = scene.layer or (1 if scene.lens == "weights" else 0)
    units = made.widths[1:][min(layer, made.layers) - 1]
    a, b, c = ((unit + step) % units for unit in scene.units)
    explorer.show(replace(scene, unit=(scene.unit + step) % units, units=(a, b, c)))


def copy(explorer: "Explorer", _: str) -> None:
    """Put the scene's text into the clipboard."""
    explorer.window.clipboard = explorer.scene.to_text()
    explorer.say("scene copied")


def paste(explorer: "Explorer", _: str) -> None:
    """Show the scene whose text is in the clipboard."""
    try:
        explorer.show(from_text(explorer.window.clipboard))
    except SceneError as error:
        explorer.say(f"no scene in the clipboard: {error}")


def panel(explorer: "Explorer", _: str) -> None:
    """Open or close the panel."""
    explorer.is_paneled = not explorer.is_paneled


def help(explorer: "Explorer", _: str) -> None:
    """Open or close the help."""
    explorer.is_helping = not explorer.is_helping


def fullscreen(explorer: "Explorer", _: str) -> None:
    """Fill the screen, or go back."""
    explorer.window.toggle_fullscreen()


def close(explorer: "Explorer", _: str) -> None:
    """Close what is open, then full screen, then the window."""
    if explorer.is_helping or explorer.is_reading:
        explorer.is_helping = explorer.is_reading = False
    elif explorer.window.is_fullscreen:
        explorer.window.toggle_fullscreen()
    else:
        explorer.window.request_close()


ACTIONS: dict[str, Callable[["Explorer", str], None]] = {
    action.__name__: action
    for action in (
        article, back, close, copy, dive, forward, fullscreen, help, last_figure, last_panel, layer_back, layer_on,
        next_figure, next_panel, panel, paste, pause, preset, record, screenshot, type_seed, unit_back, unit_on,
    )
}  # fmt: skip
