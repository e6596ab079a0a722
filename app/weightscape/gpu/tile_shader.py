"""Which shader draws a tile, and what it is told: display values, a field's data by a shading, or a lens's points."""

from typing import NamedTuple

Four = tuple[float, float, float, float]
# Zero, gain and bias of lib/shading.glsl, and the activation that is its CURVE, or softmax, which comes after it.
Shading = tuple[Four, Four, Four, str]
# Points have the colour of their largest number, or of its softmax's, where that is told (largest.frag).
Largest = tuple[bool]
# Points have the colour of their linear piece; so many columns and rows come before the tile's own (region.frag).
Pieces = tuple[int, int]
Colouring = Largest | Pieces
# How outputs are read where that is not plain (lib/shade.glsl): READ without its "read_", u_reading, and THIRD.
Reading = tuple[str, Four, float]


class TileShader(NamedTuple):
    """Hold a fragment shader's file, its uniforms and its defines."""

    name: str
    uniforms: dict[str, object]
    defines: dict[str, str]


def read_by(reading: Reading | None) -> tuple[dict[str, object], dict[str, str]]:
    """Tell the uniforms and the defines of lib/shade.glsl."""
    if reading is None:
        return {}, {}
    name, numbers, third = reading
    return {"u_reading": numbers}, {"READ": f"read_{name}", "THIRD": repr(third)}


def tile_shader(
    shading: Shading | Colouring | None, shape: tuple[int, int, int], reading: Reading | None = None
) -> TileShader:
    """Choose for a tile of (rows, columns, channels)."""
    rows, columns, channels = shape
    told, read = read_by(reading)
    uniforms: dict[str, object] = {"u_values": 0, "u_palette": 1, "u_channels": min(channels, 4)} | told
    if shading is None:
        return TileShader("tile.frag", uniforms, read)
    if len(shading) == 1:
        defines = {"CHANNELS": str(channels)} | ({"SOFTMAX": "1"} if shading[0] else {})
        return TileShader("largest.frag", {"u_values": 0, "u_columns": columns}, defines)
    if len(shading) == 2:
        return TileShader("region.frag", {"u_values": 0, "u_begin": shading}, {})
    zero, gain, bias, curve = shading
    numbers = {"u_zero": zero, "u_gain": gain, "u_bias": bias, "u_points": (columns, rows)}
    if curve == "softmax":  # of all channels together
        return TileShader("tile.frag", uniforms | numbers, {"CURVE": "activation_identity", "SOFTMAX": "1"} | read)
    return TileShader("tile.frag", uniforms | numbers, {"CURVE": f"activation_{curve}"} | read)
