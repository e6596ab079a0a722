"""Numbers as GLSL text: floats, vectors, and a network's weights as shaders/shadertoy.glsl reads them.

Draws no weight and chooses none.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from weightscape.network.network import Matrix, Network

FOUR = 4
LINE = 120


def number(value: float) -> str:
    """Write a number as a float: the shortest text that gives the same 32 bits."""
    return str(np.float32(value) + np.float32(0.0))  # no -0.0


def vector(values: Sequence[float]) -> str:
    """Write two to four numbers as a vector."""
    return f"vec{len(values)}({', '.join(map(number, values))})"


def array(kind: str, name: str, items: Sequence[str]) -> str:
    """Declare an array of items that are written already, in lines of 120 characters.

    It is not `const`: Mesa 22.3.6 copies a constant wherever it is used, and compiles 8,000 weights four times as long.
    """
    lines, line = list[str](), ""
    for item in items:
        if line and len(line) + len(item) + 1 > LINE:
            lines.append(line)
            line = ""
        line += item + ","
    body = "\n".join([*lines, line]).rstrip(",")
    return f"{kind} {name}[{len(items)}] = {kind}[{len(items)}](\n{body});"


def table(made: Network, codes: Sequence[int]) -> tuple[list[str], list[str]]:
    """Pack a network: its layers, ivec4 (fours of inputs, fours of units, place, code of the activation), and uvec4s.

    Of each four units come the four biases, then for each four inputs the four weights of each unit, as bits of floats.
    A layer that equals another one in shape and numbers is packed once.
    """
    layers, rows, places = list[str](), list[npt.NDArray[np.uint32]](), dict[tuple[tuple[int, ...], bytes], int]()
    size = 0
    for W, b, code in zip(made.weights, made.biases, codes, strict=True):
        packed = _packed(W, b)
        key = W.shape, packed.tobytes()
        if key not in places:
            places[key] = size
            rows.append(packed)
            size += len(packed)
        layers.append(f"ivec4({-(-len(W) // FOUR)},{-(-len(b) // FOUR)},{places[key]},{code})")
    return layers, [_four(row) for row in np.concatenate(rows)]


def _packed(W: Matrix, b: Matrix) -> npt.NDArray[np.uint32]:
    """Order a layer's numbers: (rows, 4)."""
    ins, outs = (-(-n // FOUR) for n in W.shape)
    padded = np.zeros((outs * FOUR, ins * FOUR), np.float32)
    padded[: W.shape[1], : W.shape[0]] = W.T
    biases = np.zeros((outs, 1, FOUR), np.float32)
    biases.reshape(-1)[: len(b)] = b
    weights = padded.reshape(outs, FOUR, ins, FOUR).transpose(0, 2, 1, 3).reshape(outs, -1, FOUR)
    return np.concatenate([biases, weights], axis=1).reshape(-1, FOUR).view(np.uint32)


def _four(row: npt.NDArray[np.uint32]) -> str:
    return f"uvec4({','.join(f'{bits:#x}u' if bits else '0u' for bits in row.tolist())})" if row.any() else "uvec4(0)"
