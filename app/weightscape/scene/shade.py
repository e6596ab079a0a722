"""From a field's values to colours: twin of shaders/lib/shade.glsl.

Outputs are display (sRGB-encoded) values already, as in the article: no gamma anywhere.
"""

import numpy as np
import numpy.typing as npt

from weightscape.scene.palette import palette

Values = npt.NDArray[np.floating]


def shade(values: Values, palette_name: str) -> Values:
    """Turn outputs into display colours: (..., m) -> (..., 3) in 0..1; one output goes through the palette."""
    clamped = np.clip(values, 0.0, 1.0)
    channels = values.shape[-1]
    if channels == 1:
        return palette(palette_name, clamped[..., 0])
    if channels == 2:
        return np.concatenate([clamped, np.zeros_like(clamped[..., :1])], axis=-1)
    return clamped[..., :3]


def quantise(colours: Values, how: str) -> npt.NDArray[np.uint8]:
    """Round display values in 0..1 to 8 bits: floor(255 v + 0.5), or floor(255 v) for "floor"."""
    return np.asarray(np.floor(255.0 * colours + (0.5 if how == "round" else 0.0)), np.uint8)
