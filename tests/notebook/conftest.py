"""One Chromium for all tests of a worker: it takes a second to start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, Tab, browser
from widget import Cells, opened


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


@pytest.fixture
def cells(tab: Tab, tmp_path: Path) -> Cells:
    """Open a document with two empty cells; nothing in it moves by itself."""
    tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    return opened(tab, tmp_path)
