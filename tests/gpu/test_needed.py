"""What is left of a shader's text where only some of its functions are wanted."""

import pytest

from weightscape.gpu.needed import needed

TEXT = """#version 300 es
#define EXACT
#define four vec4
#define KIND four
// What comes out: nothing that stays.

#ifndef ONCE
#define ONCE
const float USED = 1.0;  // stays
const float UNUSED = 2.0;
#endif

// Doubles a number; other() is only named.
KIND twice(KIND x) {
    EXACT KIND y = x * USED;

    return y + y;
}

four other(four x) {
    return x;
}

#ifdef LONG
four main_thing(four x) { return other(x); }
#else
// One sentence.
four main_thing(four x) {
    return twice(x);
}
#endif
"""
LEFT = """const float USED = 1.0;  // stays

// Doubles a number; other() is only named.
vec4 twice(vec4 x) {
    vec4 y = x * USED;

    return y + y;
}

// One sentence.
vec4 main_thing(vec4 x) {
    return twice(x);
}
"""


def test_what_is_used_stays_with_its_comment_and_nothing_else() -> None:
    assert needed(TEXT, "main_thing") == LEFT + "\n"


def test_a_switch_chooses() -> None:
    text = needed(TEXT.replace("#define EXACT", "#define LONG 1\n#define EXACT"), "main_thing")
    assert "twice" not in text
    assert "vec4 main_thing(vec4 x) { return other(x); }" in text


@pytest.mark.parametrize("line", ["#if A == 3", "#define F(x) x", "#extension all : enable"])
def test_what_is_not_understood_raises(line: str) -> None:
    with pytest.raises(ValueError, match="is no line that can be left out"):
        needed(f"{TEXT}{line}\n", "main_thing")
