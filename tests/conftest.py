"""Fixtures shared by all tests: an OpenGL context without a window."""

import os
from collections.abc import Iterator
from typing import Any

import moderngl
import numpy as np
import pytest

# The second: run-time packages install no libGL.so without a number.
EGL: list[dict[str, Any]] = [{}, {"libgl": "libGL.so.1", "libegl": "libEGL.so.1"}]


@pytest.fixture(autouse=True)
def no_silent_float_errors() -> Iterator[None]:
    """Turn every overflow, invalid operation and division by zero into a failure; underflow to 0 is right."""
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.fixture(scope="session")
def ctx() -> Iterator[Any]:
    """Give one standalone context a session; skip without OpenGL, or fail where WEIGHTSCAPE_GL=required."""
    reasons = []
    for names in EGL:
        try:
            context: Any = moderngl.create_context(
                require=330, **{"standalone": True, "backend": "egl", **names}
            )
        except Exception as error:  # the back ends raise bare Exception
            reasons.append(str(error))
            continue
        context.gc_mode = "auto"
        yield context
        context.release()
        return
    if os.environ.get("WEIGHTSCAPE_GL") == "required":
        pytest.fail(f"WEIGHTSCAPE_GL=required, but no OpenGL context: {'; '.join(reasons)}")
    pytest.skip(f"no OpenGL context: {'; '.join(reasons)}")


@pytest.fixture
def gl(ctx: Any) -> Iterator[Any]:
    """Give the session's context to one test, which must leave no OpenGL error behind."""
    assert ctx.error == "GL_NO_ERROR"
    yield ctx
    assert ctx.error == "GL_NO_ERROR"
