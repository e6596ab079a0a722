"""What shaders must not say, as compilers get them wrong: held for the text of every variant, includes and macros in.

All of it was seen on an NVIDIA H100 (driver 580), and none of it on a software driver.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from glsl import LONG_LITERAL
from spirv import Module, module, preprocessed
from variant import SHEETED, Variant, doubled_variants, kinds, named, variants

from weightscape.gpu.source import source

NUMBER = re.compile(r"(?<![\w.])(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?(?![\w.])")
# What decides which lines of a shader are there.
SWITCHES = ("FIRST", "LAST", "SLICE", "DERIVATIVES", "PATTERN", "PERTURBED", "CLAMPED")
# No digit of it matters: it keeps a division from 0 / 0 (lib/input.glsl).
GUARD = "1e-37"


def with_derivatives() -> Iterator[Variant]:
    """Each shader in double precision that answers with derivatives, plain and perturbed."""
    for name, defines in variants(SHEETED):
        activation = str(defines["ACTIVATION"]).removeprefix("activation_")
        if name != "output.comp" and not defines.get("LAST"):
            for kind in kinds("derivatives"):
                yield name, {**defines, **named(activation, kind), "DOUBLE": 1}


def all_doubled() -> list[Variant]:
    return [*doubled_variants(), *with_derivatives()]


def written(folder: Path, chosen: list[Variant]) -> list[Path]:
    files = [folder / f"{n}-{name}" for n, (name, _) in enumerate(chosen)]
    for file, (name, defines) in zip(files, chosen, strict=True):
        file.write_text(source(name, defines).text)
    return files


@pytest.fixture(scope="module")
def doubles(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the preprocessed text of every variant in double precision."""
    return preprocessed(*written(tmp_path_factory.mktemp("text"), all_doubled()))


def _is_of_two(name: str, defines: Mapping[str, str | int]) -> bool:
    """Choose what is fed two inputs, the others three: each file that reads inputs has lines for either."""
    return defines["SLICE"] == 0 if name == "fused.comp" else defines.get("FIRST") == defines.get("LAST") == 1


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> list[Module]:
    """Give the SPIR-V of one variant for each set of switches; each has the functions of all activations."""
    chosen = {
        (name, *(bool(defines[key]) if key == "SLICE" else defines[key] for key in SWITCHES if key in defines)): (
            name,
            defines,
        )
        for name, defines in all_doubled()
        if (defines["INPUTS"] == 3) != _is_of_two(name, defines)
    }
    return [module(file) for file in written(tmp_path_factory.mktemp("spirv"), list(chosen.values()))]


def test_a_double_is_the_same_rounded_or_cut_off(doubles: str) -> None:
    found = set(LONG_LITERAL.findall(doubles))
    assert len(found) >= 85
    assert sorted(text for text in found if Fraction(text) < Fraction(float(text))) == []


def test_a_number_without_lf_is_exact_as_a_float(doubles: str) -> None:
    found = set(NUMBER.findall(doubles))
    assert len(found) >= 15
    assert {text for text in found if Fraction(text) != Fraction(float(np.float32(text)))} == {GUARD}


@pytest.mark.slow
def test_no_element_of_a_vector_is_stored_by_a_variable_index(modules: list[Module]) -> None:
    assert [place for each in modules for place in each.variable_elements()] == []
    assert len(modules) >= 20
    assert sum(each.variable_loads() for each in modules) >= 10, "reads are there, and found"


@pytest.mark.slow
def test_no_bare_sign_of_doubles_is_returned_or_stored(modules: list[Module]) -> None:
    assert [place for each in modules for place in each.bare_signs()] == []
    functions = {i.function for each in modules for i in each.instructions if i.name == "OpReturnValue"}
    assert {"activation_abs", "slope_cos", "difference_abs", "difference_slope_cos", "finish_factor"} <= functions
