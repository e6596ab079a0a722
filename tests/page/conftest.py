"""One Chromium for all tests of a worker, and one page: each takes a second or more to open."""

from collections.abc import Iterator

import pytest
from browser import Browser, Tab, browser
from live import Live, written
from scripted import Scripts

from weightscape.scene.scene import Scene


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Run a browser."""
    with browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Tab]:
    """Open a tab in which nothing may go wrong."""
    with chromium.faultless_tab() as opened:
        yield opened


@pytest.fixture(scope="session")
def _scripted(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """Open the page of the default scene once for all who ask its scripts."""
    opened = chromium.tab()
    opened.open(written(tmp_path_factory.mktemp("page"), Scene()))
    return Scripts(opened)


@pytest.fixture
def scripts(_scripted: Scripts) -> Iterator[Scripts]:
    """Ask the scripts of an open page; nothing may go wrong in it."""
    yield _scripted
    assert _scripted.tab.said == []


@pytest.fixture(scope="session")
def _page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Tab:
    """Open a page once for all who do something to it."""
    opened = chromium.tab()
    Live(opened).open(written(tmp_path_factory.mktemp("page"), Scene(layers=3, width=6)))
    return opened


@pytest.fixture
def page(_page: Tab) -> Iterator[Tab]:
    """Give an open page, for Live.begin to make like new; nothing may go wrong in it, nothing is asked for."""
    _page.call("Emulation.setEmulatedMedia", features=[])
    _page.asked.clear()
    yield _page
    said, _page.said[:] = [*_page.said], []
    assert said == []
    assert [each for each in _page.asked if not each.startswith(("file:", "data:", "blob:"))] == []
