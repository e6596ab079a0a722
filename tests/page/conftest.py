"""One Chromium for all tests of a worker: it takes a second to start."""

from collections.abc import Iterator

import pytest
from browser import Browser, Tab, browser


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Run a browser."""
    with browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Tab]:
    """Open a tab; at its end nothing may have gone wrong in it, and nothing may have been asked for but the page."""
    opened = chromium.tab()
    yield opened
    try:
        assert opened.said == []
        assert [each for each in opened.asked if not each.startswith(("file:", "data:", "blob:"))] == []
    finally:
        chromium.close(opened)
