"""How a matrix product is shared out to workgroups: the shapes that compute shaders are compiled for.

One small table of sizes, so that a GPU can be tuned after measuring, and the arithmetic from it to defines. What was
measured: docs/shaders.md, section 4.
"""

from dataclasses import dataclass, replace
from functools import cache

from weightscape.network.network import Network

# Threads that a GPU runs in step; a workgroup of another multiple leaves some idle.
WARP = 32


@dataclass(frozen=True)
class Tiles:
    """Hold the sizes a GPU is tuned by.

    A thread keeps 4 `unit_vectors` units at 4 `point_vectors` points in registers and takes `steps` inputs in a
    row without a loop. `fused_*`: all layers in one dispatch, up to `fused_units` wide, `fused_slice` inputs of
    weights in shared memory at once (0: weights come straight from their buffer), or, up to `fused_whole` inputs
    and where there is room, the whole matrix. `wide_*`: a layer a dispatch, with 4 `wide_vectors` units a thread,
    in tiles of those `wide_units`, the largest first, that pad it least. `shared_bytes`: OpenGL 4.3 promises 32 KiB
    a workgroup. `number_bytes`: of a float, or of a double.
    """

    unit_vectors: int = 2
    point_vectors: int = 2
    steps: int = 4
    fused_units: int = 128
    fused_threads: int = 128
    fused_slice: int = 8
    fused_whole: int = 0
    wide_vectors: int = 2
    wide_units: tuple[int, ...] = (128, 64)
    wide_points: int = 128
    wide_slice: int = 8
    output_threads: int = 128
    output_steps: int = 16
    shared_bytes: int = 32768
    activation_bytes: int = 64 << 20
    number_bytes: int = 4


# Seen on an NVIDIA H100 (driver 580), milliseconds for 1920 x 1080 points: 18 layers of 30 units 4.8 with slices of 8,
# 3.6 with the whole matrix, 7.9 with 16 x 8 sums a thread; 5 layers of 400 units 83 with 8 x 8 sums, 59 with 16 x 8.
GPU = Tiles(fused_whole=64, wide_vectors=4)
# With derivatives a thread keeps four points and their two tangents.
SHEETS = 3
# A software driver compiles slowly and runs a workgroup's threads one after another: small tiles.
SOFTWARE = Tiles(
    unit_vectors=1,
    point_vectors=2,
    fused_threads=32,
    fused_slice=0,
    wide_units=(32, 16),
    wide_vectors=1,
    wide_points=64,
    output_threads=32,
)


# Of a GPU's free memory, an eighth is for activations, within these limits.
LEAST_ACTIVATIONS, MOST_ACTIVATIONS = 64 << 20, 512 << 20


def afforded(tiles: Tiles, shared: int, free: int | None) -> Tiles:
    """Lay out as much as a GPU has room for: bytes that a workgroup may share, and what memory is free, if known."""
    activations = min(max((free or 0) // 8, LEAST_ACTIVATIONS), MOST_ACTIVATIONS)
    return replace(tiles, shared_bytes=shared, activation_bytes=activations)


@dataclass(frozen=True)
class Workgroup:
    """Lay `unit_groups` x `point_groups` threads over a tile of units and points.

    They stage `slice` inputs of weights at once, which are all there are where the matrix `is_whole`.
    """

    tiles: Tiles
    unit_groups: int
    point_groups: int
    slice: int
    is_whole: bool = False

    @property
    def units(self) -> int:
        """Count the units of a tile."""
        return 4 * self.tiles.unit_vectors * self.unit_groups

    @property
    def points(self) -> int:
        """Count the points of a tile."""
        return 4 * self.tiles.point_vectors * self.point_groups

    @property
    def threads(self) -> int:
        """Count the threads."""
        return self.unit_groups * self.point_groups

    def defines(self) -> dict[str, str | int]:
        """Tell lib/workgroup.glsl the shape, and spell out the loops that must be unrolled (lib/product.glsl: why)."""
        every_u, every_p = range(self.tiles.unit_vectors), range(self.tiles.point_vectors)
        sums = [(u, i, p) for u in every_u for i in range(4) for p in every_p]
        return {
            "UNIT_VECTORS": self.tiles.unit_vectors,
            "POINT_VECTORS": self.tiles.point_vectors,
            "UNIT_GROUPS": self.unit_groups,
            "POINT_GROUPS": self.point_groups,
            "THREADS": self.threads,
            "LANES": next(lanes for lanes in (8, 4, 2, 1) if self.point_groups % lanes == 0),
            "SLICE": self.slice,
            **({"WHOLE": 1} if self.is_whole else {}),
            "STEPS": self.tiles.steps,
            "EACH_UNIT(DO, k)": " ".join(f"DO({u}, k)" for u in every_u),
            "EACH_POINT(DO, k)": " ".join(f"DO({p}, k)" for p in every_p),
            "EACH_TILE(DO)": " ".join(f"DO({u}, {p})" for u in every_u for p in every_p),
            "EACH_ROW(DO)": " ".join(f"DO({u}, {i})" for u in every_u for i in range(4)),
            "EACH_SUM(DO)": " ".join(f"DO({u}, {i}, {p})" for u, i, p in sums),
            "EACH_STEP(DO)": repeated(self.tiles.steps),
            **self._fetches("WEIGHT", self.units),
            **self._fetches("INPUT", self.points),
        }

    def _fetches(self, what: str, row: int) -> dict[str, str | int]:
        """Count the vec4s that a thread stages of a slice with `row` numbers a row."""
        count = -(-self.slice * row // 4 // self.threads)
        return {f"{what}_FETCHES": count, f"EACH_{what}_FETCH(DO)": repeated(count)}


def repeated(times: int) -> str:
    """Spell out DO(0) DO(1) ..."""
    return " ".join(f"DO({k})" for k in range(times))


def padded(number: int, multiple: int) -> int:
    """Round up to a multiple."""
    return -(-number // multiple) * multiple


@cache
def fused(tiles: Tiles, width: int) -> Workgroup | None:
    """Lay out a workgroup that holds all units of layers up to `width`; None when shared memory has no room.

    The whole matrix stands there where that leaves room for as many threads as slices of it do.
    """
    sliced = _fused(tiles, width, tiles.fused_slice)
    whole = padded(width, max(tiles.fused_slice, tiles.steps))
    if tiles.fused_slice and whole <= tiles.fused_whole:
        group = _fused(tiles, width, whole, is_whole=True)
        if group and sliced and group.threads >= sliced.threads:
            return group
    return sliced


def _fused(tiles: Tiles, width: int, slice: int, is_whole: bool = False) -> Workgroup | None:
    """Lay out as many points as threads and shared memory allow, over the fewest units that fill whole warps."""
    least = padded(width, max(slice, tiles.steps))
    for unit_groups in range(-(-least // (4 * tiles.unit_vectors)), tiles.fused_threads + 1):
        layouts = [Workgroup(tiles, unit_groups, n, slice, is_whole) for n in range(1, tiles.fused_threads + 1)]
        fitting = [each for each in layouts if each.threads <= tiles.fused_threads and fits(each)]
        full = [each for each in fitting if each.threads % WARP == 0]
        if full:
            return full[-1]
    return None


def fits(group: Workgroup) -> bool:
    """Tell whether a fused workgroup's shared memory is enough: its activations and one or two slices of weights."""
    slices = 1 if group.is_whole else 2
    numbers = group.units * (group.points + slices * group.slice)
    return group.tiles.number_bytes * numbers <= group.tiles.shared_bytes


@cache
def wide(tiles: Tiles, units: int) -> Workgroup:
    """Lay out a tile of one wide layer: of those sizes that pad it least the first, which is the largest."""
    taken = min(tiles.wide_units, key=lambda each: padded(units, each))
    tiles = replace(tiles, unit_vectors=tiles.wide_vectors)
    return Workgroup(
        tiles, taken // (4 * tiles.unit_vectors), tiles.wide_points // (4 * tiles.point_vectors), tiles.wide_slice
    )


def fused_for(tiles: Tiles, network: Network) -> Workgroup | None:
    """Lay out all layers of a network at once; None when it is too wide or mixed, or has more than four outputs."""
    widest = max(network.widths[1:-1], default=1)
    if widest > tiles.fused_units or network.widths[-1] > 4 or len(set(network.activations[:-1])) > 1:
        return None
    return fused(tiles, widest)


def sheeted(tiles: Tiles) -> Tiles:
    """Lay out what a thread keeps as sheets: of values, of derivatives by x and of those by y."""
    points = tiles.wide_points // tiles.point_vectors * SHEETS
    return replace(low(tiles), point_vectors=SHEETS, wide_points=points)


def doubled(tiles: Tiles) -> Tiles:
    """Lay out doubles, which take two registers each: half as many a thread, and half as many inputs staged."""
    half = 2 if tiles.unit_vectors > 1 else 1
    return low(
        replace(
            tiles,
            number_bytes=8,
            unit_vectors=tiles.unit_vectors // half,
            wide_units=tuple(each // half for each in tiles.wide_units),
            wide_slice=max(tiles.wide_slice // 2, tiles.steps),
        )
    )


def low(tiles: Tiles) -> Tiles:
    """Lay out what needs registers beside its sums: no more units a thread than in narrow networks."""
    return replace(tiles, wide_vectors=min(tiles.wide_vectors, tiles.unit_vectors))


def walk_shapes(tiles: Tiles, network: Network) -> list[tuple[int, int]]:
    """Tell what each layer's matrix is padded to, (inputs, units), where all are gone through in tiles."""
    units = [padded(width, wide(tiles, width).units) for width in network.widths[1:]]
    inputs = [network.widths[0], *(padded(width, tiles.wide_slice) for width in network.widths[1:-1])]
    return list(zip(inputs, units, strict=True))


def padded_shapes(tiles: Tiles, network: Network) -> list[tuple[int, int]]:
    """Tell what each layer's matrix is padded to: (inputs, units), as fused_for or layer after layer needs it."""
    group, first = fused_for(tiles, network), network.widths[0]
    if group:
        hidden = [padded(width, max(group.slice, tiles.steps)) for width in network.widths[1:-1]]
        return list(zip([first, *hidden], [group.units] * len(hidden) + [4], strict=True))
    shapes = walk_shapes(tiles, network)
    if is_thin(network):
        shapes[-1] = padded(network.widths[-2], tiles.output_steps), 4
    return shapes


def is_thin(network: Network) -> bool:
    """Tell whether the last of several layers has so few units that no tile is worth it."""
    return network.layers > 1 and network.widths[-1] <= 4


def layered_points(tiles: Tiles, shapes: list[tuple[int, int]], more: int = 0) -> int:
    """Count the points whose activations, twice, stay within `activation_bytes`: whole tiles, at least one.

    `more` units are kept beside them. With sheets each sheet of a point counts.
    """
    units = 2 * max(units for _, units in shapes) + more
    return max(tiles.activation_bytes // (tiles.number_bytes * units) // tiles.wide_points, 1) * tiles.wide_points
