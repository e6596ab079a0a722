"""Which way round the matrices of a weights file lie: their names say it, their shapes have to agree.

Where the shapes are those of the other way round, the complaint says which member to turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weightscape.file.member import Member
from weightscape.network.limit import MAX_WIDTH
from weightscape.network.normalising import WHY

MAX_INPUTS = 4096


@dataclass(frozen=True)
class Layer:
    """Hold the members of one layer; `outputs_first`: its weights lie as (outputs, inputs)."""

    weights: Member
    bias: Member | None
    outputs_first: bool

    @property
    def sides(self) -> tuple[int, int]:
        """Tell its inputs and outputs."""
        a, b = self.lying
        return (b, a) if self.outputs_first else (a, b)

    @property
    def lying(self) -> tuple[int, int]:
        """Tell the shape of its matrix as it lies in the file: of n plain numbers what the biases make of it."""
        shape = self.weights.shape
        if len(shape) == 2:
            return shape[0], shape[1]
        has_one_output = self.bias is None or self.bias.size == 1
        inputs, outputs = (shape[0], 1) if has_one_output else (1, shape[0])
        return (outputs, inputs) if self.outputs_first else (inputs, outputs)

    def turned(self) -> "Layer":
        """Read the weights the other way round."""
        return Layer(self.weights, self.bias, not self.outputs_first)


def oriented(layers: Sequence[Layer]) -> list[Layer]:
    """Settle which way round the weights lie; biases may be rows, columns or single numbers.

    Columns of biases belong to matrices (outputs, inputs), z = W x + b; elsewhere names decide. Raises ValueError for
    shapes that do not fit, with the likely cure.
    """
    check_shapes(layers)
    turned = [layer.turned() for layer in layers]
    if any(_is_column(layer.bias) for layer in layers) and not layers[0].outputs_first and not _misfit(turned):
        if not _misfit(layers):
            first = layers[0].weights
            raise ValueError(
                f"members {first.name} {first.shape} and so on may lie either way round beside columns of "
                "biases; save biases of shape (n,) and weights (inputs, outputs)"
            )
        layers = turned
    elif complaint := _misfit(layers):
        raise ValueError(complaint + _cure(layers))
    for k, layer in enumerate(layers):
        if max(layer.sides[0] / (MAX_INPUTS if k == 0 else MAX_WIDTH), layer.sides[1] / MAX_WIDTH) > 1.0:
            raise ValueError(
                f"member {layer.weights.name} has shape {layer.weights.shape}; at most {MAX_INPUTS} "
                f"inputs and {MAX_WIDTH} units a layer are read"
            )
    return list(layers)


def check_shapes(layers: Sequence[Layer]) -> None:
    """Raise ValueError for weights that are no matrices, and biases that are no vectors."""
    for layer in layers:
        _check_shape(layer)


def _check_shape(layer: Layer) -> None:
    name, shape = layer.weights.name, layer.weights.shape
    if len(shape) > 2:
        raise ValueError(f"member {name} has shape {shape}: a convolution's? only dense layers, matrices, are read")
    if len(shape) == 1 and layer.outputs_first and layer.bias is None:
        raise ValueError(
            f"member {name} has shape {shape}, and is no matrix: slopes of a PReLU, or a normalising layer? "
            "only dense layers are read"
        )
    if len(shape) == 1 and (layer.outputs_first or layer.bias is None):
        raise ValueError(
            f"member {name} has shape {shape}, and is no matrix; save {name}.reshape(inputs, outputs), "
            f"or, is it a LayerNorm's: {WHY}"
        )
    if not shape or 0 in shape:
        raise ValueError(f"member {name} has shape {shape}; want (inputs, outputs)")
    if layer.bias and not _is_vector(layer.bias.shape):
        raise ValueError(f"member {layer.bias.name} has shape {layer.bias.shape}; want (outputs,), a row or a column")


def _is_vector(shape: tuple[int, ...]) -> bool:
    return len(shape) <= 2 and 0 not in shape and sum(n > 1 for n in shape) <= 1


def _is_column(bias: Member | None) -> bool:
    return bias is not None and len(bias.shape) == 2 and bias.shape[0] > 1


def _misfit(layers: Sequence[Layer]) -> str:
    """Tell what does not fit first, "" where all does."""
    before: Layer | None = None
    for layer in layers:
        weights, (n_in, n_out) = layer.weights, layer.sides
        if before and n_in != before.sides[1]:
            width = before.sides[1]
            want = f"(outputs, {width})" if layer.outputs_first else f"({width}, outputs)"
            return (
                f"member {weights.name} has shape {weights.shape}; want {want}, as {before.weights.name} "
                f"{before.weights.shape} has {width} outputs"
            )
        if layer.bias and layer.bias.size != n_out:
            return (
                f"member {layer.bias.name} has shape {layer.bias.shape}; want ({n_out},), as {weights.name} "
                f"{weights.shape} has {n_out} outputs"
            )
        before = layer
    return ""


def _cure(layers: Sequence[Layer]) -> str:
    """Say which member seems to lie the other way round, "" where that would not help."""
    if not _misfit([layer.turned() for layer in layers]):
        return _turn(layers[0]) + ", and the others likewise" * (len(layers) > 1)
    for k, layer in enumerate(layers):
        if not _misfit([*layers[:k], layer.turned(), *layers[k + 1 :]]):
            return _turn(layer)
    return ""


def _turn(layer: Layer) -> str:
    way, name = "(inputs, outputs)" if layer.outputs_first else "(outputs, inputs)", layer.weights.name
    return f": {name} seems to be {way}: save {name}.T"
