"""The networks that followed weights files held one after the other: in memory, for the files are written anew.

The last hundred are kept, as long as they have 4,194,304 weights together (32 MB); the last two and what is in use stay
in any case.
"""

from collections.abc import Collection, Iterable
from weakref import WeakValueDictionary

from weightscape.network.lock import Lock
from weightscape.network.network import Network, distinct_weights
from weightscape.scene.epoch import epoch_name, file_of, number_of

KEPT, KEPT_WEIGHTS, LEAST = 100, 1 << 22, 2


class Epochs:
    """Hold networks by name (scene/epoch.py), and of each file what it held last. Any thread may ask."""

    def __init__(self, kept: int = KEPT, weights: int = KEPT_WEIGHTS) -> None:
        self._count, self._weights = kept, weights
        self._lock = Lock()
        self._followed: set[str] = set()
        self._kept: dict[str, Network] = {}  # oldest first
        self._alive: WeakValueDictionary[str, Network] = WeakValueDictionary()  # also what others hold
        self._is_trimmed = True
        self._newest: dict[str, tuple[str, str]] = {}  # of each file the name and the digest of its last network

    def follow(self, files: Iterable[str]) -> None:
        """Let each of these names stand for one network from now on: for what is read first."""
        with self._lock:
            self._followed.update(files)

    def network(self, name: str) -> Network | None:
        """Give the network of a name; None where none is kept."""
        return self._alive.get(name)

    def newest(self, file: str) -> str:
        """Name what a file held last; "" where it has not been followed, or not been read."""
        return self._newest.get(file, ("", ""))[0]

    def digest(self, file: str) -> str:
        """Tell what the contents of a file were when it was last read."""
        return self._newest.get(file, ("", ""))[1]

    def holds(self, name: str, digest: str) -> bool:
        """Tell whether these are the contents that a file had when it was last read, under this name."""
        return self._newest.get(file_of(name)) == (name, digest)

    def first(self, name: str, digest: str, network: Network) -> Network:
        """Take what was read from a file, and give what the name stands for: another one, if that was read before."""
        file = file_of(name)
        if file not in self._followed:
            return network
        with self._lock:
            known = self._alive.get(name)
            if known is None:
                self._keep(name, network)
                if self.newest(file) in ("", name):
                    self._newest[file] = name, digest
        return known or network

    def add(self, file: str, digest: str, network: Network) -> str:
        """Take a file's new network, and name it."""
        with self._lock:
            last, known = self._newest.get(file, ("", ""))
            if known == digest:
                return last
            name = epoch_name(file, number_of(last) + 1 if last else 1)
            self._keep(name, network)
            self._newest[file] = name, digest
            return name

    def trim(self, used: Collection[str]) -> set[str]:
        """Let go of the oldest that are too many, but not of those in use; tell which cannot be read again."""
        gone: set[str] = set()
        with self._lock:
            if self._is_trimmed:
                return gone
            self._is_trimmed = True
            stored = sum(map(distinct_weights, self._kept.values()))
            for name in [each for each in [*self._kept][:-LEAST] if each not in used]:
                if len(self._kept) <= self._count and stored <= self._weights:
                    break
                stored -= distinct_weights(self._kept.pop(name))
                gone.add(name)
        return {name for name in gone if name != self.newest(file_of(name))}

    def _keep(self, name: str, network: Network) -> None:
        self._kept[name] = self._alive[name] = network
        self._is_trimmed = False


EPOCHS = Epochs()
