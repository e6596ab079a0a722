"""Fixtures shared by all tests: an OpenGL context without a window."""

import gc
import json
import math
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pytest
from opener import opens

from weightscape import settings
from weightscape.engine.processor.blas import one_thread
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.explore.tell.card import LINES
from weightscape.gpu.context import NoContextError, close, free_programs, standalone

# So many parameter sets of a test are quick. Those of a test marked spread are fewer, and on other engines from test to
# test: most of them compile a shader of their own, a second or two where there is no GPU.
QUICK_SETS, QUICK_SPREAD_SETS = 2, 1
# So many sets of a costly test, one that is slow or opens a program, run by default, for every engine.
COSTLY_SETS = 3


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark parameter sets long, which are left out by default, and quick, which README's line runs.

    Long are all but every n-th set of a test marked spread(n), and all but a few, evenly taken, of a costly one that is
    not marked every. Quick are a few sets of each other test, evenly taken.
    """
    tests, quick = defaultdict[str, list[pytest.Item]](list), defaultdict[str, list[pytest.Item]](list)
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        name = f"{item.path}::{getattr(item, 'originalname', item.name)}::{given.get('engine', given.get('fresh'))}"
        tests[name].append(item)
    for name, test in tests.items():
        spread = test[0].get_closest_marker("spread")
        _leave_out(test, spread.args[0] if spread else 1)
        usual = [item for item in test if not any(map(item.get_closest_marker, ("long", "heavy")))]
        is_opener = bool(usual) and opens(*_functions(usual[0]))
        costly = [item for item in usual if is_opener or item.get_closest_marker("slow")]
        if not test[0].get_closest_marker("every"):
            _leave_out(costly, math.ceil(len(costly) / COSTLY_SETS))
        quick[name.rpartition("::")[0] if spread else name] += [item for item in usual if item not in costly]
    for number, sets in enumerate(quick.values()):
        is_spread = bool(sets) and sets[0].get_closest_marker("spread") is not None
        step = math.ceil(len(sets) / (QUICK_SPREAD_SETS if is_spread else QUICK_SETS)) or 1
        for item in sets[number % step if is_spread else 0 :: step]:
            item.add_marker(pytest.mark.quick)


def _leave_out(sets: list[pytest.Item], step: int) -> None:
    """Mark all but every so-manieth of a test's parameter sets long."""
    for number, item in enumerate(sets):
        if number % step:
            item.add_marker(pytest.mark.long)


def _functions(item: pytest.Item) -> list[Callable[..., Any]]:
    """List a test's function and those of its fixtures."""
    assert isinstance(item, pytest.Function)
    return [item.function, *(each.func for made in item._fixtureinfo.name2fixturedefs.values() for each in made)]


@pytest.fixture(autouse=True)
def no_silent_float_errors() -> Iterator[None]:
    """Turn every overflow, invalid operation and division by zero into a failure; underflow to 0 is right."""
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.fixture(autouse=True, scope="session")
def nothing_ignored() -> None:
    """Let tests end programs by signals that a script's background (SIGINT) or nohup (SIGHUP) ignores.

    What is ignored stays so in a child; what has a handler is back at its default there.
    """
    handlers: dict[str, Any] = {"SIGINT": signal.default_int_handler, "SIGHUP": lambda *_: None}
    for name, handler in handlers.items():
        if hasattr(signal, name) and signal.getsignal(number := getattr(signal, name)) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep measurements and state out of the user's folders, in child processes too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEIGHTSCAPE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        state = tmp_path_factory.mktemp("state")
        (state / "card.json").write_text(json.dumps({"done": [name for name, *_ in LINES]}))  # no first start
        patch.setenv("WEIGHTSCAPE_STATE_DIR", str(state))
        yield


@pytest.fixture(autouse=True, scope="module")
def no_engine_stays() -> Iterator[None]:
    """Fail where a file's tests leave an engine open: it holds BLAS to one thread, for other files' tests, too."""
    before = one_thread._holders
    yield
    if one_thread._holders > before:
        gc.collect()
    assert one_thread._holders <= before


@pytest.fixture(scope="session")
def ctx() -> Iterator[Any]:
    """Give one standalone context a session; skip without OpenGL, or fail where WEIGHTSCAPE_GL=required."""
    try:
        context: Any = standalone()
    except NoContextError as error:
        if os.environ.get("WEIGHTSCAPE_GL") == "required":
            pytest.fail(f"WEIGHTSCAPE_GL=required, but {error}")
        pytest.skip(str(error))
    yield context
    close(context)


@pytest.fixture
def gl(ctx: Any) -> Iterator[Any]:
    """Give the session's context to one test, which must leave no OpenGL error behind."""
    assert ctx.error == "GL_NO_ERROR"
    free_programs(ctx, ())  # one that others have left current lives, though released, until another is used
    yield ctx
    assert ctx.error == "GL_NO_ERROR"


@pytest.fixture
def numpy_engine() -> Iterator[NumpyEngine]:
    """Give an engine that needs no OpenGL."""
    engine = NumpyEngine()
    yield engine
    engine.release()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty home: no settings in the environment, the configuration file at the returned path."""
    for name in settings.READERS:
        monkeypatch.delenv(settings.PREFIX + name.upper(), raising=False)
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "config"))
    monkeypatch.setattr(platformdirs, "user_pictures_dir", lambda: str(tmp_path / "Pictures"))
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda *_, **__: str(tmp_path / "state"))
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "data"))
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "config.toml"


@pytest.fixture(scope="module")
def host() -> Iterator[Any]:
    """Give a process with a window on a screen of its own, one for all tests of a file."""
    from guest import opened_host  # loads the window's libraries, which most tests need not

    with opened_host() as host:
        yield host


@pytest.fixture
def window(host: Any) -> Any:
    """Give that window as it is at its beginning."""
    return host.begin()
