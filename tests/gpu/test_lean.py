"""What is left of a shader's text where some switches are never set."""

import pytest

from weightscape.gpu.lean import lean
from weightscape.gpu.source import source

TEXT = """#version 330 core
// What comes out: little.

#ifdef WHOLE
float a = 1.0;
#ifdef INNER
float b = 1.0;
#else
float c = 1.0;
#endif
#else
float d = 1.0;  // stays
    #ifdef INNER
    float e = 1.0;
    #else
    float f = 1.0;
    #endif
#endif
#ifndef WHOLE
float g = 1.0;
#else
float h = 1.0;
#endif
#if FIRST
float i = 1.0;
#endif
"""
LEFT = """#version 330 core
float d = 1.0;
#ifdef INNER
float e = 1.0;
#else
float f = 1.0;
#endif
float g = 1.0;
#if FIRST
float i = 1.0;
#endif
"""


def test_only_what_the_switches_hide_is_left_out() -> None:
    assert lean(TEXT, ("WHOLE",)) == LEFT


@pytest.mark.parametrize("text", ["#ifdef A\n", "#else\n", "#endif\n"])
def test_a_condition_that_is_not_closed_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="condition"):
        lean(text, ())


def test_real_shaders_become_short() -> None:
    text = source("fused.frag", version="300 es").text
    short = lean(text, ("PERTURBED", "DERIVATIVES", "PATTERN", "DOUBLE", "SLOPE"))
    assert 5_000 < len(short) < len(text) / 3
    assert "//" not in short
    assert "DERIVATIVES" not in short
    assert "WEIGHTS_IN_TEXTURE" in short
