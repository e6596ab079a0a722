"""How a page looks and reads, on a small phone as on a large screen: nothing overlaps or is cut, all has a name."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import Tab
from live import Live, written
from PIL import Image

from weightscape.network.view import Size
from weightscape.scene.scene import Scene

SMALL = Scene(layers=3, width=6)
LONG = Scene(
    seed=2**64 - 1, layers=3, width=6, lens="rgb", layer=2, before=True, activation="leaky_relu", rule="orthogonal"
)
SIZES: list[Size] = [(320, 568), (390, 844), (568, 320), (768, 1024), (1280, 720), (3840, 2160)]
THUMB = 44
# Of all that is seen over the picture: what it is, and its box.
BOXES = """((isLeftOut) => [...document.querySelectorAll("#notice, #buttons button, #status, #keys, #seen > span")]
    .filter((each) => each.checkVisibility() && !isLeftOut(each)).map((each) => {
        const {x, y, width, height} = each.getBoundingClientRect();
        return {what: each.id || each.dataset.command || each.className, x, y, width, height, needs: each.scrollWidth};
    }))((each) => each.parentNode.id === "seen" && each.offsetTop >= STATUS.offsetTop + STATUS.offsetHeight)"""


def live_at(tab: Tab, size: Size, folder: Path, scene: Scene = SMALL) -> Live:
    """Open a page at a size; a screen of few pixels to each of the page's, for drawing takes its time here."""
    live = Live(tab, size)
    tab.size(*size, scale=min(1.0, 320 / max(size)))
    return live.open(written(folder, scene))


def boxes(live: Live) -> dict[str, dict[str, Any]]:
    """Tell what is seen over the picture, and where."""
    return {each["what"]: each for each in live.tab.js(BOXES)}


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two boxes share more than an edge."""
    return all(
        one[at] + one[long] > other[at] + 0.5 and other[at] + other[long] > one[at] + 0.5
        for at, long in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("scene", [SMALL, LONG], ids=["short", "long"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_overlaps_or_is_cut(size: Size, scene: Scene, tab: Tab, tmp_path: Path) -> None:
    live = live_at(tab, size, tmp_path, scene)
    live.press("q")
    found = boxes(live)
    assert {"notice", "status", "reroll", "screenshot", "help", "seen"} <= found.keys()
    for each in found.values():
        assert each["x"] >= -0.5
        assert each["y"] >= -0.5
        assert each["x"] + each["width"] <= size[0] + 0.5, each
        assert each["y"] + each["height"] <= size[1] + 0.5, each
        assert each["needs"] <= each["width"] + 1 or each["what"] == "status", each
    bars = [each for name, each in found.items() if name not in ("seen", "zoom", "scale", "tied", "keys")]
    for n, one in enumerate(bars):
        for other in bars[:n]:
            is_piece = "phase" in one["what"] + other["what"] and "status" in (one["what"], other["what"])
            assert is_piece or not overlap(one, other), (one, other)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_buttons_are_large_enough_for_thumbs(size: Size, tab: Tab, tmp_path: Path) -> None:
    found = live_at(tab, size, tmp_path).tab.js(BOXES)
    buttons = [each for each in found if each["y"] > 0 and each["what"] in ("reroll", "back", "help", "more_layers")]
    assert len(buttons) == 4
    assert min(min(each["width"], each["height"]) for each in buttons) >= THUMB


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_picture_fills_the_window_and_the_help_fits(size: Size, tab: Tab, tmp_path: Path) -> None:
    live = live_at(tab, size, tmp_path)
    assert live.tab.js("[PICTURE.clientWidth, PICTURE.clientHeight]") == [*size]
    assert live.tab.js("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [*size]
    live.press("h")
    box = "(({left, top, right, bottom}) => [left, top, right, bottom])(HELP.getBoundingClientRect())"
    left, top, right, bottom = live.tab.js(box)
    assert min(left, top, size[0] - right, size[1] - bottom) >= 0
    assert live.tab.js("[...HELP.querySelectorAll('.row')].every((each) => each.scrollWidth <= each.clientWidth + 1)")


def test_light_and_dark_follow_the_system(tab: Tab, tmp_path: Path) -> None:
    live = live_at(tab, (320, 180), tmp_path)
    brightness = {}
    for scheme in ("light", "dark"):
        live.tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        live.press("h")
        with Image.open(io.BytesIO(live.tab.screenshot())) as picture:
            brightness[scheme] = np.asarray(picture.convert("L"))[20:160, 30:290].mean()
        live.press("escape")
    assert brightness["light"] > 200
    assert brightness["dark"] < 80


def test_all_that_can_be_pressed_has_a_name_and_is_reached_by_tab(tab: Tab, tmp_path: Path) -> None:
    live = live_at(tab, (1280, 720), tmp_path)
    live.tab.call("Accessibility.enable")
    nodes = live.tab.call("Accessibility.getFullAXTree")["nodes"]
    named = {(each["role"]["value"], each["name"]["value"]) for each in nodes if "name" in each and "role" in each}
    assert ("button", "a new random network") in named
    assert ("button", "save the picture with its scene") in named
    assert all(name for role, name in named if role in ("button", "searchbox", "application", "link"))
    picture = next(name for role, name in named if role == "application")
    assert picture.startswith("random network 43, 3 layers of 6 tanh units")
    reached = []
    for _ in range(12):
        live.press("tab")
        is_picture = live.tab.js("document.activeElement === PICTURE")
        assert is_picture == (live.tab.js("getComputedStyle(PICTURE).outlineStyle") == "solid")
        reached.append(live.tab.js("document.activeElement.dataset.command ?? document.activeElement.id"))
    assert {"reroll", "back", "help", "keys"} <= set(reached)


def test_what_is_seen_is_spoken_once_it_rests(tab: Tab, tmp_path: Path) -> None:
    live = live_at(tab, (320, 180), tmp_path)
    live.tab.until("SPOKEN.textContent.startsWith('random network 43, 3 layers')")
    for _ in range(2):
        live.press("]")
    live.tab.until("SPOKEN.textContent.startsWith('random network 43, 5 layers')")
    assert live.tab.js("SPOKEN.ariaLive") == "polite"
    assert live.tab.js("PICTURE.ariaLabel") == live.tab.js("SPOKEN.textContent")


def test_keys_work_while_a_button_has_the_focus(tab: Tab, tmp_path: Path) -> None:
    live = live_at(tab, (1280, 720), tmp_path)
    live.tab.js("document.querySelector('[data-command=more_layers]').focus()")
    live.press("r")
    assert live.scene.seed != 43
    live.press("enter")
    assert live.scene.layers == 4


def test_buttons_leave_the_picture_alone_after_a_while(tab: Tab, tmp_path: Path) -> None:
    live = live_at(tab, (1280, 720), tmp_path)
    live.tab.mouse("mouseMoved", 100, 200)
    live.tab.until("getComputedStyle(document.getElementById('buttons')).opacity === '0'")
    live.tab.mouse("mouseMoved", 200, 200)
    live.tab.until("getComputedStyle(document.getElementById('buttons')).opacity === '1'")
