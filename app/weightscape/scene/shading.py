"""How a field that stays on the GPU becomes display values there: twin of shaders/lib/shading.glsl.

display value = curve((value - zero) / span + bias), a channel by itself. A field's value is offset + scale * data, and
at deep zoom scale is 1e-300: what belongs to it is folded in float64, and only the outcome is rounded for the shader.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.softmax import SOFTMAX, softmax
from weightscape.scene.contrast import MARGIN, Contrast

Values = npt.NDArray[np.floating]
Reals = npt.NDArray[np.float64]
Four = tuple[float, float, float, float]

# An activation's name: display values are often its own range.
Curve = Literal["identity", "sigmoid"]
# Softmax goes over all channels of a point.
PointCurve = Curve | Literal["softmax"]
# The largest gain that a shader is given: times 0 it is still 0.
MOST = float(np.finfo(np.float32).max)


class Uniforms(NamedTuple):
    """Hold what the shader takes for up to four channels: display value = curve(gain * (data - zero) + bias)."""

    zero: Four
    gain: Four
    bias: Four
    curve: PointCurve


class Largest(NamedTuple):
    """Say that a point has the colour of its largest output (lens/winner.py); of a softmax's, if its input is held."""

    is_softmax: bool


class Pieces(NamedTuple):
    """Say that a point has the colour of its linear piece, darker at the piece's left and upper edge (lens/region.py).

    What is held begins so many columns `left` of the points that are coloured, and so many rows `above` them.
    """

    left: int = 0
    above: int = 0


# What makes colours of points that stay on the GPU.
Colouring = Largest | Pieces


@dataclass(frozen=True)
class Shading:
    """Hold a curve, and float64 numbers for each channel: display value = curve((value - zero) / span + bias).

    `span` is infinite where a channel has one colour, its bias. `is_relative`: of what values are above the offset.
    """

    zero: Reals
    span: Reals
    bias: Reals
    curve: PointCurve = "identity"
    is_relative: bool = False

    def of(self, offset: Reals, scale: Reals) -> Uniforms:
        """Fold in a field's offset and scale, so that the shader takes the field's data."""
        zero, gain, bias = self.folded(offset, scale)
        return Uniforms(_four(zero), _four(gain), _four(bias), self.curve)

    def folded(self, offset: Reals, scale: Reals) -> tuple[Reals, Reals, Reals]:
        """Tell zero, gain and bias of every channel: display value = curve(gain * (data - zero) + bias)."""
        gain = scale / self.span
        # Data close together differ from a datum exactly; from 0, gain * data would round each by itself.
        zero = np.divide(self.zero, scale, out=np.zeros_like(gain), where=self.zero != 0.0)
        zero = zero.astype(np.float32).astype(np.float64)
        bias = self.bias + (gain * zero - self.zero / self.span)
        if not self.is_relative:
            bias = bias + offset / self.span
        return zero, np.minimum(gain, MOST), bias


def plain(channels: int) -> Shading:
    """Show values as they are."""
    return Shading(np.zeros(channels), np.ones(channels), np.zeros(channels))


def centred(channels: int) -> Shading:
    """Show values in -1..1, 0 in the middle."""
    return Shading(np.zeros(channels), np.full(channels, 2.0), np.full(channels, 0.5))


def bounded(channels: int) -> Shading:
    """Show values of any size, 0 in the middle: sigmoid(value)."""
    return Shading(np.zeros(channels), np.ones(channels), np.zeros(channels), "sigmoid")


def stretched(contrast: Contrast) -> Shading:
    """Show relative values as `contrast` does."""
    span = contrast.high - contrast.low
    flat = ~(span > 0.0)
    return Shading(
        np.where(flat, 0.0, contrast.low),
        np.where(flat, np.inf, span / (1.0 - 2.0 * MARGIN)),
        np.where(flat, 0.5, MARGIN),
        is_relative=True,
    )


def level(data: npt.NDArray[np.float32], uniforms: Uniforms) -> npt.NDArray[np.float32]:
    """Turn a field's data (..., channels) into display values as the shader does: in float32, up to four channels."""
    kept = data[..., :4]
    zero, gain, bias = (np.array(each[: kept.shape[-1]], np.float32) for each in uniforms[:3])
    value = gain * (kept - zero) + bias
    if uniforms.curve == SOFTMAX:
        return np.asarray(softmax(value), np.float32)
    return np.asarray(ACTIVATIONS[uniforms.curve].function(value), np.float32)


def _four(numbers: Reals) -> Four:
    padded = np.zeros(4)
    padded[: min(4, len(numbers))] = numbers[:4]
    red, green, blue, alpha = padded.tolist()
    return red, green, blue, alpha
