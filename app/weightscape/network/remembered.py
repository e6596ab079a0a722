"""What is found out about a network is remembered as long as the network is there, and no longer."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from weightscape.network.lock import Lock
from weightscape.network.network import Network

Facts = ParamSpec("Facts")
Found = TypeVar("Found")
Function = Callable[Concatenate[Network, Facts], Found]


def remembered(count: int) -> Callable[[Function[Facts, Found]], Function[Facts, Found]]:
    """Make a function of a network and other hashable values remember its last `count` results for each network.

    A cache of networks as keys would keep every one of them in memory; here results die with their network. They
    must not hold it themselves; a result that is the network is not kept.
    """

    def decorate(function: Function[Facts, Found]) -> Function[Facts, Found]:
        lock = Lock()
        known: WeakKeyDictionary[Network, dict[Any, Found]] = WeakKeyDictionary()

        @wraps(function)
        def recall(network: Network, /, *args: Facts.args, **kwargs: Facts.kwargs) -> Found:
            key = args, tuple(kwargs.items())
            with lock:
                found = known.get(network, {})
                if key in found:
                    return found[key]
            made = function(network, *args, **kwargs)
            if made is not network:
                with lock:
                    found = known.setdefault(network, {})
                    made = found.setdefault(key, made)
                    for old in list(found)[:-count]:
                        del found[old]
            return made

        return recall

    return decorate
