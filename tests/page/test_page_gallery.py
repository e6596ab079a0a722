"""The gallery as a page: pictures that open live, and the browser's own back."""

from pathlib import Path

import pytest
from browser import Tab
from live import Live, written

from weightscape.engine.choice import opened
from weightscape.page.gallery import Card, cards, fitting
from weightscape.scene.link import from_link
from weightscape.scene.scene import Scene


@pytest.fixture(scope="module")
def shown() -> tuple[Card, ...]:
    """Make the gallery's cards, small."""
    with opened("numpy") as choice:
        return cards(choice.engine, (32, 20), 1)


@pytest.fixture
def live(shown: tuple[Card, ...], tab: Tab, tmp_path: Path) -> Live:
    """Open the gallery's page; nothing moves by itself."""
    page = Live(tab, (320, 180))
    page.still()
    tab.open(written(tmp_path, Scene(layers=3, width=6), shown))
    return page


def click(live: Live, n: int) -> None:
    """Click a card."""
    live.tab.js(f"GALLERY.querySelectorAll('a')[{n}].scrollIntoView()")
    box = f"GALLERY.querySelectorAll('img')[{n}].getBoundingClientRect()"
    x, y = live.tab.js(f"(({{x, y}}) => [x + 9, y + 9])({box})")
    live.tab.mouse("mousePressed", x, y)
    live.tab.mouse("mouseReleased", x, y)


def test_it_begins_with_all_scenes_that_a_page_can_show(live: Live) -> None:
    assert live.tab.js("GALLERY.open")
    names = live.tab.js("[...GALLERY.querySelectorAll('b')].map((each) => each.textContent)")
    assert names == [listed.name for listed, _ in fitting()]
    assert set(live.tab.js("[...GALLERY.querySelectorAll('img')].map((each) => each.naturalWidth)")) == {32}


def test_a_picture_opens_live_and_back_leads_to_the_gallery(live: Live, shown: tuple[Card, ...]) -> None:
    for n in (2, 5):
        click(live, n)
        live.tab.until(f"!GALLERY.open && link(explorer.scene).endsWith({shown[n].link!r})")
        assert live.scene == from_link(f"#{shown[n].link}")
        live.press("r")
        live.tab.until("timers.address === null")
        live.tab.js("history.back()")
        live.tab.until("GALLERY.open")
        assert live.tab.js("location.hash") == ""
        live.tab.js("history.forward()")
        live.tab.until("!GALLERY.open")
        live.tab.js("history.back()")
        live.tab.until("GALLERY.open")


def test_every_scene_of_it_can_be_shown(live: Live, shown: tuple[Card, ...]) -> None:
    live.press("escape")
    for card in shown:
        assert live.tab.js(f"(() => {{ wanted(fromLink('#{card.link}')); return true; }})()"), card.name


def test_a_key_and_a_button_lead_back_to_it(live: Live) -> None:
    live.press("escape")
    assert not live.tab.js("GALLERY.open")
    live.press("f4")
    assert live.tab.js("GALLERY.open")
    live.press("escape")
    live.tab.js("document.querySelector('#buttons [data-command=album]').click()")
    assert live.tab.js("GALLERY.open")


def test_other_pages_have_none(tab: Tab, tmp_path: Path) -> None:
    live = Live(tab).open(written(tmp_path, Scene(layers=3, width=6)))
    live.press("f4")
    assert not live.tab.js("GALLERY.open")
    assert not live.tab.js("document.querySelector('#buttons [data-command=album]')")
