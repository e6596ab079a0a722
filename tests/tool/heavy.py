"""Programs of others that some tests compare with, too large for every run: the extra `test-all` has them."""

import os
from importlib import import_module
from typing import Any

import pytest


def heavy(name: str) -> Any:
    """Import a library; without it skip what asks, or fail it where WEIGHTSCAPE_ALL=required."""
    try:
        return import_module(name)
    except ImportError as error:
        if os.environ.get("WEIGHTSCAPE_ALL") == "required":
            pytest.fail(f"WEIGHTSCAPE_ALL=required, and {error}")
        pytest.skip(f"{error}: it is in the extra test-all")
