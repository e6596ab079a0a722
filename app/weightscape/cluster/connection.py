"""The way to a cluster: a Dask scheduler that is there, or workers of this machine's own.

Dask is an extra (weightscape[cluster]), and is loaded when a cluster is asked for. Whoever reaches a scheduler can run
code on its workers, so that one is trusted as a shell is.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from weightscape.engine.question import EngineError

LOCAL = re.compile(r"local:([1-9][0-9]{0,2})")
ADDRESS = re.compile(r"(tcp|tls)://([^\s/:]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")
# How long a scheduler, or a worker, may take to answer.
REACH_S = 5
# Ctrl+C reaches all processes of a terminal: this one ends the workers that it has started.
UNTOUCHED = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


class ClusterError(EngineError):
    """A cluster that is not there, or has nobody left who may compute."""


def parse_cluster(text: str) -> str:
    """Read "tcp://ADDRESS:PORT", "tls://ADDRESS:PORT" or "local:N". Raises ValueError."""
    if LOCAL.fullmatch(text) or ADDRESS.fullmatch(text):
        return text
    raise ValueError(f"{text!r} is neither a scheduler, tcp://ADDRESS:PORT, nor local:N with 1..999 workers")


@contextmanager
def opened_cluster(where: str, tell: Callable[[str], object]) -> Iterator[Any]:
    """Connect to a scheduler, or start `local:N`, N processes of a thread each; give Dask's client.

    `tell` hears where its dashboard is. Raises ClusterError.
    """
    dask, distributed = _loaded()
    settings = {
        "distributed.comm.timeouts.connect": f"{REACH_S}s",
        # Restarted and refused workers are told of by us.
        "logging": {name: "critical" for name in ("distributed", "distributed.client", "distributed.worker")},
    }
    _hush()
    with dask.config.set(settings), ExitStack() as stack:
        address = stack.enter_context(_started(distributed, where)) if LOCAL.fullmatch(where) else where
        client = stack.enter_context(_connected(distributed, address))
        tell(f"the cluster's dashboard: {client.dashboard_link}")
        yield client


def _loaded() -> tuple[Any, Any]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise ClusterError(f"a cluster needs Dask: pip install 'weightscape[cluster]' ({error})") from None
    return dask, distributed


def _hush() -> None:
    """Let Dask's own log be silent, and its warnings of other versions, too: workers are compared by us."""
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"distributed(\.|$)")


@contextmanager
def _started(distributed: Any, where: str) -> Iterator[str]:
    found = LOCAL.fullmatch(where)
    assert found
    try:
        cluster = distributed.LocalCluster(
            n_workers=int(found[1]),
            threads_per_worker=1,
            memory_limit=0,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            preload=[UNTOUCHED],
        )
    except (OSError, RuntimeError, TimeoutError) as error:
        raise ClusterError(f"cannot start {where}: {error}") from None
    with cluster:
        yield str(cluster.scheduler_address)


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    # A client that cannot begin is an object that Python complains of at the end.
    if address.startswith("tls:") and not distributed.Security().get_connection_args("client").get("ssl_context"):
        raise ClusterError(f"{address} needs certificates, which Dask's settings distributed.comm.tls name")
    try:
        client = distributed.Client(address, timeout=REACH_S, set_as_default=False, name="weightscape")
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise ClusterError(f"cannot reach a Dask scheduler at {address}: {why}") from None
    with client:
        yield client
