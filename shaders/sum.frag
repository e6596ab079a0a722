#version 330 core
// What comes out: what all units of a layer add to the patterns of the points of a column (lib/pattern.glsl): the sums
// of the words that layer.frag left for every four units. Each is below 2^16, and up to 128 of them below 2^23: exact.
//
// Shape, by define: PIXELS and the repetition EACH_PIXEL.

uniform sampler2D u_activations[PIXELS];
uniform int u_vectors;  // vec4s of the layer

layout(location = 0) out vec4 out_values[PIXELS];

#define CLEAR(k) out_values[k] = vec4(0.0);
#define ADD(k) out_values[k] += texelFetch(u_activations[k], ivec2(int(gl_FragCoord.x), v), 0);

void main() {
    EACH_PIXEL(CLEAR)
    for (int v = 0; v < u_vectors; v++) {
        EACH_PIXEL(ADD)
    }
}
