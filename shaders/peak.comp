#version 430 core
// What a GPU can do at most in compute shaders: multiply-adds alone. The result is written so that all of it counts.

layout(local_size_x = 256) in;

layout(std430, binding = 0) writeonly restrict buffer Results { vec4 results[]; };

#include "lib/peak.glsl"

void main() {
    uint number = gl_GlobalInvocationID.x;
    results[number] = multiply_adds(float(number & 255u) / 256.0);
}
