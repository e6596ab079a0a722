#version 430 core
// What comes out: the words of a tile's patterns (lib/pattern.glsl), where their sums stood: modulo 2^16, as floats, which
// hold them exactly.
//
// Shape, by define: THREADS, a point each.

layout(local_size_x = THREADS) in;

layout(std430, binding = 1) restrict buffer Values { uint values[]; };

uniform int u_points;

void main() {
    int number = int(gl_GlobalInvocationID.x);
    if (number >= u_points) return;
    for (int k = 4 * number; k < 4 * number + 4; k++) values[k] = floatBitsToUint(float(values[k] & 0xFFFFu));
}
