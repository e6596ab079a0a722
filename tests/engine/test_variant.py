"""Every variant of every shader is valid GLSL: each answer, activation, precision and shape; beside a reference too."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest
from glsl import COMPILED
from spirv import validate
from variant import SHAPES, SHEETED, Variant, doubled_variants, kinds, named, variants

from weightscape.engine.shader.fragment_draw import repetitions
from weightscape.gpu.source import source
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.pattern import PIECEWISE

ANSWERS = pytest.mark.parametrize("answered", ["values", "derivatives", "pattern"])
# Of hundreds of variants every fifth: no factor of how many there are of a kind; all of them with -m long.
STEP = pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.long)])


def check(folder: Path, made: Iterable[Variant], *version: str) -> int:
    """Validate variants; tell how many there are."""
    files = []
    for n, (name, defines) in enumerate(made):
        files.append(folder / f"{n}-{name}")
        files[-1].write_text(source(name, defines, *version).text)
    validate(*files)
    return len(files)


def of_compute(answered: str) -> Iterable[Variant]:
    for name, defines in variants(SHEETED if answered == "derivatives" else SHAPES):
        if answered == "values" or not (name == "output.comp" or defines.get("LAST")):
            for kind in kinds(answered):
                yield name, {**defines, **named(str(defines["ACTIVATION"]).removeprefix("activation_"), kind)}


@pytest.mark.slow
@ANSWERS
@STEP
def test_compute_shaders(answered: str, step: int, tmp_path: Path) -> None:
    assert check(tmp_path, islice(of_compute(answered), 0, None, step)) >= 100 // step


@pytest.mark.slow
@STEP
def test_compute_shaders_in_double(step: int, tmp_path: Path) -> None:
    assert check(tmp_path, islice(doubled_variants(), 0, None, step)) >= 200 // step


def of_fragments(answered: str) -> Iterable[Variant]:
    lanes = 3 if answered == "derivatives" else 1
    for n, name in enumerate(PIECEWISE if answered == "pattern" else ACTIVATIONS):
        for kind in kinds(answered):
            ends = {**named(name, kind), "INPUTS": 2 + n % 2, "PIXELS": 3, **repetitions(3, 2, lanes)}
            for file, shape in (("fused", {"VECTORS": 2}), ("layer", {"FIRST": 1}), ("layer", {"FIRST": 0})):
                yield f"{file}.frag", {**ends, **shape}
    yield "sum.frag", {"PIXELS": 4, **repetitions(4, 1)}


@COMPILED
@ANSWERS
def test_fragment_shaders(answered: str, version: str, tmp_path: Path) -> None:
    assert check(tmp_path, of_fragments(answered), version) >= 28
