"""Every variant of the shaders, as tests take them apart: a file's name, and its defines."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from weightscape.engine.shader.workgroup import GPU, SOFTWARE, Tiles, fused, repeated, sheeted, wide
from weightscape.network.activation import ACTIVATIONS

Variant = tuple[str, dict[str, str | int]]

# Every way through the shaders: staged and direct weights, larger and smaller register tiles, odd lanes.
SHAPES = {
    "software": SOFTWARE,
    "gpu": GPU,
    "direct": replace(GPU, fused_slice=0),
    "tall": replace(GPU, unit_vectors=4, wide_points=64, wide_slice=16),
    "flat": replace(SOFTWARE, point_vectors=1, fused_slice=4, steps=2, output_steps=8),
}
SHEETED = {name: sheeted(tiles) for name, tiles in SHAPES.items()}


def variants(shapes: Mapping[str, Tiles] = SHAPES) -> Iterator[Variant]:
    """Each shader with the defines of several shapes, and each activation once."""
    for k, name in enumerate(ACTIVATIONS):
        tiles, inputs = list(shapes.values())[k % len(shapes)], 2 + k % 2
        ends: dict[str, str | int] = {"INPUTS": inputs, "ACTIVATION": f"activation_{name}"}
        group = fused(tiles, (3, 30, 64, 128)[k % 4])
        assert group
        yield "fused.comp", {**group.defines(), **ends, "OUTPUT_ACTIVATION": f"activation_{name}"}
        for first, last in ((1, 0), (0, 0), (0, 1), (1, 1)):
            yield "layer.comp", {**wide(tiles, 130).defines(), **ends, "FIRST": first, "LAST": last}
        steps = {"THREADS": 128, "STEPS": tiles.output_steps, "EACH_STEP(DO)": repeated(tiles.output_steps)}
        yield "output.comp", {**steps, **ends}


def doubled_variants() -> Iterator[Variant]:
    """Each shader in double precision: values of every activation, plain and perturbed, and the other answers."""
    for k, ((name, defines), perturbed_too) in enumerate(product(variants(), (False, True))):
        defines = {**defines, "DOUBLE": 1}
        names = {key: str(value) for key, value in defines.items() if key.endswith("ACTIVATION")}
        if perturbed_too:
            defines |= {key: f"difference_{value[len('activation_') :]}" for key, value in names.items()}
            defines |= {"PERTURBED": 1, **({"CLAMPED": 1} if k % 4 == 1 else {})}
        yield name, defines
        if name != "output.comp" and not defines.get("LAST"):
            kind = "difference_slope" if perturbed_too else "slope"
            slopes = {f"{key[:-10]}SLOPE": f"{kind}_{value[len('activation_') :]}" for key, value in names.items()}
            counts = {"COUNT_HIDDEN": "true", "COUNT_OUTPUT": "true"}
            yield name, {**defines, **slopes, **counts, "PATTERN": 1}


def kinds(answered: str) -> Iterator[dict[str, str | int]]:
    """What makes a shader answer otherwise, plain and beside a reference; names by %s."""
    counts = {"COUNT_HIDDEN": "true", "COUNT_OUTPUT": "false"} if answered == "pattern" else {}
    answer = {} if answered == "values" else {answered.upper(): 1}
    for more in ({}, {"PERTURBED": 1}, {"PERTURBED": 1, "CLAMPED": 1}):
        yield {**answer, **counts, **more}


def named(name: str, kind: dict[str, str | int]) -> dict[str, str | int]:
    first, slope = ("difference", "difference_slope") if "PERTURBED" in kind else ("activation", "slope")
    ends = {"ACTIVATION": f"{first}_{name}"}
    if {"DERIVATIVES", "PATTERN"} & {*kind}:
        ends["SLOPE"] = f"{slope}_{name}"
    return {**kind, **ends, **{f"OUTPUT_{key}": value for key, value in ends.items()}}
