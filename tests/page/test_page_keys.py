"""Every key and every button of a page, pressed for real: each does to the scene what it does in the window."""

import json
import re
from decimal import Decimal

import pytest
from browser import Tab
from live import Live

from weightscape.page.word import BUTTONS, words
from weightscape.scene.command import BY_KEY, BY_NAME, tried
from weightscape.scene.link import from_link
from weightscape.scene.scene import Scene, from_text

CENTER = (Decimal("1"), Decimal("0.5"))
SMALL = Scene(layers=4, width=6, rule="lecun", lens="unit", layer=2, unit=1, inputs=("x", "y", "cos_t"), center=CENTER)
# What the next copy puts into the clipboard.
COPIED = "new Promise((done) => addEventListener('copy', (event) => done(event.clipboardData.getData('text/plain'))))"
PASTE = """((text) => {
    const event = new ClipboardEvent("paste", {clipboardData: new DataTransfer()});
    event.clipboardData.setData("text/plain", text);
    dispatchEvent(event);
})"""
ANOTHER = ("reroll", "next_seed")


@pytest.fixture
def live(page: Tab) -> Live:
    """Give the page of a small network; nothing in it moves by itself."""
    live = Live(page)
    live.still()
    return live.begin(SMALL)


def test_every_key_that_changes_a_scene_does_so(live: Live) -> None:
    keys: dict[str, str] = live.tab.js("keysOf()")
    changed: dict[str, Scene] = {}
    for key, name in keys.items():
        if BY_NAME[name].change or re.match("(layer|unit)_", name):
            live.show(SMALL)
            live.press(key)
            changed[key] = live.scene
    assert len(changed) > 40
    assert [key for key, scene in changed.items() if scene == SMALL] == []
    for key, scene in changed.items():
        command = BY_KEY[key]
        if command.change and command.name != "reroll":
            assert scene.to_text() == tried(command, SMALL, 0)[0].to_text(), key
    assert (changed["k"].layer, changed["shift+k"].layer, changed[";"].unit, changed[":"].unit) == (3, 1, 2, 0)


def test_r_draws_another_network_each_time(live: Live) -> None:
    seeds = set()
    for _ in range(4):
        live.press("r")
        seeds.add(live.scene.seed)
    assert len(seeds) == 4
    assert max(seeds) < 1_000_000


def test_steps_are_gone_back_and_forward(live: Live) -> None:
    seen = [live.scene]
    for key in ("r", "]", "a", "+", "e"):
        live.press(key)
        seen.append(live.scene)
    for n, key in enumerate(("backspace", "ctrl+z", "backspace", "backspace", "backspace")):
        live.press(key)
        assert live.scene == seen[-2 - n]
    live.press("backspace")
    assert live.notice == "this is the first picture"
    for n, key in enumerate(("shift+backspace", "ctrl+y", "ctrl+shift+z", "ctrl+y", "ctrl+y")):
        live.press(key)
        assert live.scene == seen[n + 1]
    live.press("ctrl+y")
    assert live.notice == "this is the last picture"


def test_a_held_key_is_one_step_and_r_is_many(live: Live) -> None:
    for _ in range(3):
        live.tab.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowUp", autoRepeat=_ > 0)
    live.tab.call("Input.dispatchKeyEvent", type="keyUp", key="ArrowUp")
    assert live.scene.scale > SMALL.scale * 1.09
    live.press("backspace")
    assert live.scene == SMALL


def test_buttons_do_what_their_keys_do(live: Live) -> None:
    names = live.tab.js("[...document.querySelectorAll('#buttons button')].map((each) => each.dataset.command)")
    assert names == [name for name, _ in BUTTONS]
    live.tab.size(800, 400)
    for name in names:
        live.show(SMALL)
        x, y = live.tab.js(
            f"(() => {{ const r = document.querySelector('#buttons [data-command={name}]').getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        live.tab.mouse("mousePressed", x, y)
        live.tab.mouse("mouseReleased", x, y)
        if BY_NAME[name].change:
            assert live.scene != SMALL, name
        elif name == "help":
            assert live.tab.js("HELP.open")
            live.press("escape")


def test_the_help_opens_is_searched_and_does(live: Live) -> None:
    for key in ("h", "?", "f1"):
        live.press(key)
        assert live.tab.js("HELP.open")
        # Of a mouse's three rows and fingers' three some are for hands that are not here.
        assert len(words()["help"]) - live.tab.js("HELP.querySelectorAll('.row').length") in (0, 3)
        live.press("h")
        assert not live.tab.js("HELP.open")
    live.press("h")
    for letter in "seed":
        live.press(letter)
    rows = live.tab.js("[...HELP.querySelectorAll('.row span')].map((each) => each.textContent)")
    assert 1 < len(rows) < 6
    assert "the next seed" in rows
    live.press("escape")
    assert live.tab.js("HELP.open && HELP.querySelectorAll('.row').length > 30")
    for letter in "next seed":
        live.press("space" if letter == " " else letter)
    live.press("enter")
    assert not live.tab.js("HELP.open")
    assert live.scene.seed == SMALL.seed + 1


def test_a_cap_in_the_help_does_what_its_key_does(live: Live) -> None:
    for name in ("more_layers", "tied", "shape"):
        live.show(SMALL)
        live.press("h")
        live.tab.js(f"HELP.querySelector('[data-command={name}]').click()")
        assert live.scene == tried(BY_NAME[name], SMALL, 0)[0]
        assert not live.tab.js("HELP.open")


def test_a_seed_is_typed(live: Live) -> None:
    live.press("enter")
    for digit in "18446744073709551615":
        live.press(digit)
    live.press("enter")
    live.tab.until("explorer.scene.seed === 18446744073709551615n")
    live.press("enter")
    for digit in "99999999999999999999":
        live.press(digit)
    live.press("enter")
    assert not live.tab.js("document.getElementById('amiss').hidden")
    live.press("escape")
    assert live.scene.seed == 2**64 - 1


def test_keys_that_do_nothing_say_so(live: Live) -> None:
    live.press("q")
    assert live.notice == "Q: no such key, H has them all"
    live.show(Scene(layers=3, width=4))
    live.press("shift+up")
    assert live.notice == "larger biases (not rule fixed): nothing to change here"
    live.press("space")
    assert live.notice == "nothing here moves: time is for the inputs cos_t and sin_t, and for colours that cycle"
    assert live.scene == Scene(layers=3, width=4)


def test_escape_leaves_the_lens(live: Live) -> None:
    live.press("escape")
    assert live.scene.lens == "outputs"


def test_a_scene_is_copied_and_pasted(live: Live) -> None:
    live.tab.js(f"void (window.heard = {COPIED})")
    live.tab.call("Input.dispatchKeyEvent", type="keyDown", key="c", modifiers=2, commands=["copy"])
    assert from_text(live.tab.js("window.heard")) == SMALL
    assert live.notice == "scene copied"
    for text in (Scene(seed=5, layers=3).to_text(), "look: weightscape:#1AHA1AH"):
        live.tab.js(f"{PASTE}({json.dumps(text)})")
    assert live.scene == Scene()
    assert "pasted" in live.notice


def test_the_link_is_copied_by_a_key(live: Live) -> None:
    live.tab.js(f"void (window.heard = {COPIED})")
    live.press("ctrl+l")
    assert from_link(live.tab.js("window.heard")) == SMALL
    assert live.notice.startswith("link copied: ")


def test_the_whole_screen_is_filled(live: Live) -> None:
    live.press("f")
    live.tab.until("document.fullscreenElement === document.documentElement")
    live.press("f")
    live.tab.until("!document.fullscreenElement")


@pytest.mark.parametrize(("way", "told"), [("resolve()", "link copied"), ("reject()", "keeps its clipboard closed")])
def test_where_nothing_is_selected_a_browser_may_copy_another_way(way: str, told: str, live: Live) -> None:
    live.instead("document", "execCommand", "() => false")
    live.instead("Clipboard.prototype", "writeText", f"(text) => Promise.{way}")
    live.press(BY_NAME["copy_link"].keys[0])
    live.tab.until(f"NOTICE.textContent.includes({told!r})")


def test_without_full_screen_a_page_says_so(live: Live) -> None:
    live.instead("document", "fullscreenEnabled", "false")
    live.press("f11")
    assert live.notice == "this browser has no full screen for pages"


def test_safari_is_told_that_copy_and_paste_are_ours(live: Live) -> None:
    asked = "document.body.dispatchEvent(new Event('{}', {{bubbles: true, cancelable: true}}))"
    for kind in ("beforecopy", "beforepaste"):
        assert live.tab.js(asked.format(kind)) is False
    live.press("h")
    for kind in ("beforecopy", "beforepaste"):
        assert live.tab.js(asked.format(kind)) is True
