"""A page's address: it holds what is seen, as the program's own link, and whatever it holds leads to a sentence."""

from decimal import Decimal
from pathlib import Path

import pytest
from browser import Browser, Tab
from live import Live, served, written

from weightscape.cli.cli import run
from weightscape.page.gallery import Card
from weightscape.scene.link import ALPHABET, CHECK, PRIME, _number, _spelled, from_link, link
from weightscape.scene.scene import Scene

SMALL = Scene(layers=3, width=6)
OTHER = Scene(seed=12, layers=2, width=5, activation="sin", rule="he", tied=False, radius=0.5)


def fragment(live: Live) -> str:
    """Wait until the address holds the scene, and give what stands behind the #."""
    live.tab.until("timers.address === null")
    found: str = live.tab.js("location.hash")
    return found


def test_the_address_is_the_programs_link(page: Tab, capsys: pytest.CaptureFixture[str]) -> None:
    live = Live(page).begin(SMALL)
    for key in ("", "r", "]", "a", "t", "c"):
        if key:
            live.press(key)
        scene = live.scene
        assert fragment(live) == f"#{link(scene).partition('#')[2]}"
        assert from_link(fragment(live)) == scene
    assert run(["link", "--scene", fragment(live)]) == 0
    assert capsys.readouterr().out.strip().endswith(fragment(live))


def test_a_page_opens_what_its_address_says(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab).open(f"{written(tmp_path, SMALL)}#{link(OTHER).partition('#')[2]}")
    assert live.scene == OTHER
    live.press("backspace")
    assert live.scene == SMALL


def test_an_address_that_is_typed_is_followed(page: Tab) -> None:
    live = Live(page).begin(SMALL)
    live.tab.js(f"void (location.hash = {link(OTHER).partition('#')[2]!r})")
    live.tab.until("explorer.scene.seed === 12n")
    assert live.scene == OTHER


def test_the_browsers_history_does_not_fill(page: Tab) -> None:
    live = Live(page).begin(SMALL)
    entries = live.tab.js("history.length")
    for _ in range(2):
        live.press("r")
        fragment(live)
    assert live.tab.js("history.length") == entries


def wrong() -> dict[str, str]:
    """Make links that no page can follow, each with a part of what is said of it."""
    whole = link(OTHER).partition("#")[2]
    spoiled = whole[:-1] + ("A" if whole[-1] != "A" else "B")
    return {
        whole[:-3]: "it is cut",
        spoiled: "it is broken",
        whole + "A": "it is broken",
        "1": "it is cut",
        newer(): "made by a newer weightscape (it is of version 2, this one reads 1); you see random network 43",
        link(Scene(lens="height", layers=3)).partition("#")[2]: "height",
        link(Scene(beside='{"seed": 7}', layers=3)).partition("#")[2]: "split view",
    }


def newer() -> str:
    """Write a link of another version, whole in itself."""
    body = "2" + link(OTHER).partition("#")[2][1:-4]
    return body + _spelled(_number(body) % PRIME, CHECK)


@pytest.mark.parametrize("text", wrong())
def test_a_link_that_cannot_be_followed_is_a_sentence(text: str, tab: Tab, tmp_path: Path) -> None:
    live = Live(tab).open(f"{written(tmp_path, SMALL)}#{text}")
    assert wrong()[text] in live.notice
    assert live.scene == SMALL
    assert len(set(text) - set(ALPHABET)) == 0


def test_a_scene_beyond_single_precision_is_refused_by_name(tab: Tab, tmp_path: Path) -> None:
    deep = Scene(layers=12, width=20, radius=1e-12, center=(Decimal("0.123456789012"), Decimal("0.2")))
    live = Live(tab, (160, 90)).open(f"{written(tmp_path, SMALL)}#{link(deep).partition('#')[2]}")
    live.tab.until("!NOTICE.hidden")
    assert "single precision cannot hold this picture" in live.notice
    assert live.notice.endswith(": the program shows itcopy link")
    button = live.tab.js("(({title, ariaLabel}) => [title, ariaLabel])(NOTICE.querySelector('button'))")
    assert button[0] == f"weightscape explore '{link(deep)}'"
    assert button[0] in button[1]
    live.tab.js("void (globalThis.copies = [], copyOut = (text) => copies.push(text))")
    live.tab.js("NOTICE.querySelector('button').click()")
    assert live.tab.js("copies") == [link(deep)]
    assert live.scene == SMALL


@pytest.mark.parametrize("text", ["garbage", "A" * 5000])
def test_what_is_no_link_is_told_without_a_reason_and_the_address_is_put_right(text: str, page: Tab) -> None:
    live = Live(page).begin(SMALL)
    live.tab.js(f"void (location.hash = {text!r})")
    live.tab.until("!NOTICE.hidden")
    seen = "random network 43, 3 layers of 6 tanh units"
    assert live.notice == f"this link is broken or not weightscape's; you see {seen} instead"
    assert live.scene == SMALL
    live.tab.until(f"location.hash === '#{link(SMALL).partition('#')[2]}'")
    live.tab.js("void (location.hash = '')")
    live.tab.until("NOTICE.hidden")


def test_another_network_ends_what_was_said_of_the_last(page: Tab) -> None:
    live = Live(page).begin(SMALL)
    live.tab.js("say('of this network')")
    live.press("+")
    assert live.notice == "of this network"
    live.press("r")
    assert live.notice == ""


def test_the_title_follows_the_scene(page: Tab) -> None:
    live = Live(page).begin(SMALL)
    live.press("]")
    assert live.tab.js("document.title") == "weightscape: random network 43, 4 layers of 6 tanh units"


def test_nothing_is_asked_for_but_the_page(chromium: Browser, tmp_path: Path) -> None:
    written(
        tmp_path, SMALL, (Card("A", "B", link(OTHER).partition("#")[2], "data:image/gif;base64,R0lGODlhAQABAAAAACw="),)
    )
    with served(tmp_path) as (address, asked):
        tab = chromium.tab()
        live = Live(tab).open(f"{address}/net.html")
        live.press("escape")
        for key in ("r", "h", "escape", "]", "c", "s"):
            live.press(key)
        live.rest()
        fragment(live)
        assert [line.split("?")[0] for line in asked] == ["/net.html"]
        assert {each.partition("#")[0] for each in tab.asked if not each.startswith(("data:", "blob:"))} == {
            f"{address}/net.html"
        }
        assert tab.said == []
        chromium.close(tab)
