"""What identifies a network: its contents, whatever file or format they came from."""

import hashlib

from weightscape.network.network import Network
from weightscape.network.remembered import remembered

LENGTH = 16  # hexadecimal digits


@remembered(1)
def fingerprint(network: Network) -> str:
    """Hash a network's shapes, activations, weights and biases (SHA-256 of float64): 16 hexadecimal digits."""
    contents = hashlib.sha256()
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        contents.update(f"{W.shape[0]} {W.shape[1]} {name}\n".encode())
        for array in (W, b):
            contents.update(array.astype("<f8", order="C", copy=False).data)
    return contents.hexdigest()[:LENGTH]
