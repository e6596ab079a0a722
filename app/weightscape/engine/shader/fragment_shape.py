"""Which networks a fragment shader goes through at once, and how many pixels an invocation of it takes."""

from itertools import pairwise

from weightscape.engine.shader.weight_store import vec4s
from weightscape.network.network import Network

# An invocation draws into up to eight textures, a pixel each.
MOST_PIXELS = 8
# Registers: about 8 * VECTORS * PIXELS + 4 * PIXELS floats an invocation; GPUs have 128 to 256, software any number.
WIDEST_FUSED = 16
FLOATS_A_GPU_INVOCATION = 160


def vectors(network: Network) -> int:
    """Count the vec4s of the widest hidden layer."""
    return max((vec4s(width) for width in network.widths[1:-1]), default=1)


def is_narrow(network: Network) -> bool:
    """Tell whether all layers fit one invocation: equal, narrow hidden layers, one activation, up to four outputs."""
    hidden = {vec4s(width) for width in network.widths[1:-1]}
    alike = len(hidden) <= 1 and len(set(network.activations[:-1])) <= 1
    return alike and max(hidden, default=1) <= WIDEST_FUSED and network.widths[-1] <= 4 and _strides(network) <= 1


def _strides(network: Network) -> int:
    """Count the different distances from one stored hidden matrix to the next: the shader's loop knows only one."""
    seen: dict[tuple[int, int], int] = {}
    hidden = zip(network.weights[1:-1], network.biases[1:-1], strict=True)
    numbers = [seen.setdefault((id(W), id(b)), len(seen)) for W, b in hidden]
    return len({b - a for a, b in pairwise(numbers)})


def fused_pixels(network: Network, is_software: bool, lanes: int) -> int:
    """Choose how many pixels an invocation takes: limited by registers on a GPU, by compile time in software.

    Of a point's `lanes` none is left out: they are a multiple of those.
    """
    if is_software:
        return (MOST_PIXELS if vectors(network) <= 8 else 4) // lanes * lanes
    pixels = FLOATS_A_GPU_INVOCATION // (8 * vectors(network) + 4)
    if lanes > 1:
        return max(min(pixels, MOST_PIXELS) // lanes, 1) * lanes
    return next(p for p in (8, 4, 2, 1) if p <= max(pixels, 1))
