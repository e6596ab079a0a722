"""Which tests open a window, a browser or a cluster: programs of their own, which cost a second or more to start."""

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

# Helpers that start such a program, whoever calls them.
OPENERS = frozenset({"browser", "opened_display", "opened_host", "opened_room", "opened_stage", "running"})


def opens(*functions: Callable[..., Any]) -> bool:
    """Tell whether one of these functions calls an opener: itself, or by a function of its own file."""
    seen, left = set[Any](), list[Any](functions)
    while left:
        function = left.pop()
        function = getattr(function, "__wrapped__", function)
        if function in seen or not isinstance(function, FunctionType):
            continue
        seen.add(function)
        names = {*_names(function.__code__)}
        if names & OPENERS:
            return True
        own = (function.__globals__.get(name) for name in names)
        left += [each for each in own if getattr(each, "__module__", None) == function.__module__]
    return False


def _names(code: CodeType) -> Iterator[str]:
    """Give the names that code and the functions within it look up."""
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)
