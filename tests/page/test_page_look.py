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
from weightscape.page.gallery import Card
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


def live_at(page: Tab, size: Size, scene: Scene = SMALL) -> Live:
    """Give the page at a size; a screen of few pixels to each of the page's, for drawing takes its time here."""
    return Live(page, size, min(1.0, 160 / max(size))).begin(scene)


def boxes(live: Live) -> dict[str, dict[str, Any]]:
    """Tell what is seen over the picture, and where."""
    return {each["what"]: each for each in live.tab.js(BOXES)}


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two boxes share more than an edge."""
    return all(
        one[at] + one[long] > other[at] + 0.5 and other[at] + other[long] > one[at] + 0.5
        for at, long in (("x", "width"), ("y", "height"))
    )


# Long words on each screen, and short ones on a small and a large one.
LOOKS = [*((size, LONG) for size in SIZES), (SIZES[0], SMALL), (SIZES[-2], SMALL)]


@pytest.mark.parametrize(("size", "scene"), LOOKS, ids=[f"{size}-{scene.lens}" for size, scene in LOOKS])
def test_nothing_overlaps_or_is_cut(size: Size, scene: Scene, page: Tab) -> None:
    live = live_at(page, size, scene)
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
def test_buttons_are_for_thumbs_and_the_picture_fills_the_window_and_the_help_fits(size: Size, page: Tab) -> None:
    live = live_at(page, size)
    found = live.tab.js(BOXES)
    buttons = [each for each in found if each["y"] > 0 and each["what"] in ("reroll", "back", "help", "more_layers")]
    assert len(buttons) == 4
    assert min(min(each["width"], each["height"]) for each in buttons) >= THUMB
    assert live.tab.js("[PICTURE.clientWidth, PICTURE.clientHeight]") == [*size]
    assert live.tab.js("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [*size]
    live.press("h")
    box = "(({left, top, right, bottom}) => [left, top, right, bottom])(HELP.getBoundingClientRect())"
    left, top, right, bottom = live.tab.js(box)
    assert min(left, top, size[0] - right, size[1] - bottom) >= 0
    assert live.tab.js("[...HELP.querySelectorAll('.row')].every((each) => each.scrollWidth <= each.clientWidth + 1)")


def test_light_and_dark_follow_the_system(page: Tab) -> None:
    live = live_at(page, (320, 180))
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
    live = Live(tab, (1280, 720), 0.25).open(written(tmp_path, SMALL))
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


def test_what_is_seen_is_spoken_once_it_rests(page: Tab) -> None:
    live = live_at(page, (320, 180))
    live.tab.until("SPOKEN.textContent.startsWith('random network 43, 3 layers')")
    for _ in range(2):
        live.press("]")
    live.tab.until("SPOKEN.textContent.startsWith('random network 43, 5 layers')")
    assert live.tab.js("SPOKEN.ariaLive") == "polite"
    assert live.tab.js("PICTURE.ariaLabel") == live.tab.js("SPOKEN.textContent")


def test_keys_work_while_a_button_has_the_focus(page: Tab) -> None:
    live = live_at(page, (1280, 720))
    live.tab.js("document.querySelector('[data-command=more_layers]').focus()")
    live.press("r")
    assert live.scene.seed != 43
    live.press("enter")
    assert live.scene.layers == 4


def test_buttons_leave_the_picture_alone_after_a_while(page: Tab) -> None:
    live = live_at(page, (1280, 720))
    live.instead("globalThis", "setTimeout", "((own) => (deed, ms) => own(deed, ms / 8))(setTimeout)")
    live.tab.mouse("mouseMoved", 100, 200)
    assert live.tab.js("getComputedStyle(document.getElementById('buttons')).opacity") == "1"
    live.tab.until("getComputedStyle(document.getElementById('buttons')).opacity === '0'")
    live.tab.mouse("mouseMoved", 200, 200)
    live.tab.until("getComputedStyle(document.getElementById('buttons')).opacity === '1'")


def test_on_a_screen_of_other_pixels_the_picture_has_those(page: Tab) -> None:
    live = Live(page, (160, 90)).begin(SMALL)
    for scale, wanted in ((2.0, [320, 180]), (0.5, [80, 45])):
        page.size(160, 90, scale)
        # A browser that is told to have other pixels does not say so, as it does when its window is moved.
        page.js("explorer.picture.observer.scale.dispatchEvent(new Event('change'))")
        live.rest()
        assert page.js("[PICTURE.width, PICTURE.height]") == wanted
        assert page.js("explorer.picture.observer.scale.matches"), "the next screen is waited for"


@pytest.mark.parametrize("has_gallery", [False, True])
@pytest.mark.parametrize("size", [(320, 568), (360, 740), (390, 844), (1280, 720)], ids=str)
def test_more_is_always_the_last_of_the_bar(size: Size, has_gallery: bool, tab: Tab, tmp_path: Path) -> None:
    cards = (Card("A", "B", "", "data:image/gif;base64,R0lGODlhAQABAAAAACw="),) if has_gallery else ()
    tab.size(*size, scale=0.5)
    tab.open(written(tmp_path, SMALL, cards))
    Live(tab, size).press("escape")
    names = [each["what"] for each in tab.js(BOXES) if each["what"] in tab.js("Object.keys(ICONS)")]
    assert names[-1] == "help"
    assert len(names) > 5
    assert names.index("more_layers") == names.index("fewer_layers") + 1


def test_a_groups_heading_stands_in_each_column_of_the_help_which_needs_no_scroll(page: Tab) -> None:
    live = live_at(page, (1280, 720))
    live.press("h")
    assert (
        live.tab.js("(({scrollHeight, clientHeight}) => scrollHeight - clientHeight)(HELP.querySelector('.rows'))") == 0
    )
    tops = live.tab.js(
        "[...HELP.querySelectorAll('.row')].filter((row) => row.previousElementSibling.offsetLeft !== row.offsetLeft)"
    )
    assert tops == []
    assert live.tab.js("new Set([...HELP.querySelectorAll('.row')].map((row) => row.offsetLeft)).size") == 3


@pytest.mark.parametrize(
    ("media", "there", "absent"),
    [("(hover: none)", ["Drag", "Pinch", "Double-tap"], "Wheel"), ("none", ["R", "Wheel", "Drag"], "Pinch")],
)
def test_the_help_is_for_the_hands_that_are_there(media: str, there: list[str], absent: str, page: Tab) -> None:
    live = live_at(page, (320, 568))
    live.instead("globalThis", "matchMedia", f"(query) => ({{matches: query === {media!r}}})")
    live.press("h")
    keys = live.tab.js("[...HELP.querySelectorAll('.row kbd')].map((each) => each.textContent)")
    assert set(there) <= set(keys[:8])
    assert absent not in keys
    if "hover" in media:
        assert keys[:3] == there


def test_a_seed_that_is_none_is_told_and_kept(page: Tab) -> None:
    live = live_at(page, (320, 568))
    dialog = "document.getElementById('seed')"
    for typed in (str(2**64), "9" * 30, "-1", "1.5"):
        live.press("enter")
        live.tab.js(f"void (document.getElementById('number').value = {typed!r})")
        live.press("enter")
        said = live.tab.js("(({hidden, textContent}) => !hidden && textContent)(document.getElementById('amiss'))")
        assert said == f"a seed is a whole number from 0 to {2**64 - 1}"
        assert live.tab.js(f"{dialog}.open")
        assert live.tab.js("document.getElementById('number').value") == typed
        live.press("escape")
        live.tab.until(f"!{dialog}.open")
    assert live.scene == SMALL
    live.press("enter")
    line = "document.getElementById('number')"
    live.tab.js(f"void ({line}.value = '{2**64 - 1}')")
    assert live.tab.js(f"{line}.scrollWidth <= {line}.clientWidth")
    live.press("enter")
    live.tab.until(f"explorer.scene.seed === {2**64 - 1}n")


def test_a_long_fault_stays_in_its_box(page: Tab) -> None:
    live = live_at(page, (320, 568))
    live.tab.js("sayFault(`it cannot be: ${'x'.repeat(400)}`)")
    box = "(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(document.getElementById('fault'))"
    assert live.tab.js(box) == 0


def test_while_nothing_has_come_the_status_says_that_weights_are_drawn(tab: Tab, tmp_path: Path) -> None:
    tab.call(
        "Page.addScriptToEvaluateOnNewDocument",
        source="globalThis.holding = []; globalThis.setTimeout = (deed) => { holding.push(deed); return 1; }",
    )
    tab.open(written(tmp_path, SMALL))
    seen = "document.getElementById('seen').textContent"
    assert tab.js(seen) == "drawing weights ..."
    tab.js("holding.shift()()")
    assert tab.js(seen) == "random network 43, 3 layers of 6 tanh unitsdrawing weights ..."
    come = f"{seen}.startsWith('random network 43, 3 layers of 6 tanh unitsscale 0.7')"
    tab.until(f"holding.splice(0).forEach((deed) => deed()) || {come}")
