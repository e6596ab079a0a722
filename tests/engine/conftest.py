"""The engines of the suite, by name: kept for a module, so that each program is compiled once, or made anew."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from suite import ENGINES, reference

from weightscape.engine.question import Engine


def context(request: pytest.FixtureRequest, name: str) -> Any:
    """Give the context that an engine needs, if it needs any; skip where its version is not to be had."""
    if not ENGINES[name].needs:
        return None
    gl = request.getfixturevalue("gl")
    if gl.version_code < ENGINES[name].needs:
        pytest.skip(f"the {name} engine needs OpenGL {ENGINES[name].needs / 100}")
    return gl


@pytest.fixture(scope="module")
def kept() -> Iterator[dict[str, Engine]]:
    """Hold the engines of a module."""
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.release()


@pytest.fixture(autouse=True, scope="module")
def no_reference_is_left() -> Iterator[None]:
    """Release the engine that others are compared with: while it lives, BLAS has one thread."""
    yield
    if reference.cache_info().currsize:
        reference().release()
        reference.cache_clear()


@pytest.fixture
def engine(request: pytest.FixtureRequest, kept: dict[str, Engine]) -> Engine:
    """Give the engine of a name."""
    gl = context(request, request.param)
    if request.param not in kept:
        kept[request.param] = ENGINES[request.param].make(gl)
    return kept[request.param]


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> Iterator[Callable[[], Any]]:
    """Give a function that makes new engines of a kind, all of which are released in the end."""
    gl, made = context(request, request.param), list[Engine]()

    def make() -> Engine:
        made.append(ENGINES[request.param].make(gl))
        return made[-1]

    yield make
    for each in made:
        each.release()
