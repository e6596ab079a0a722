#version 330 core
// What a GPU can do at most in fragment shaders, which on some chips only a small part of it runs.

layout(location = 0) out vec4 out_result;

#include "lib/peak.glsl"

void main() {
    out_result = multiply_adds(fract(gl_FragCoord.x / 256.0));
}
