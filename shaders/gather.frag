#version 330 core
// What comes out: up to four outputs of each point of a tile, a texel a point, row 0 first: as a window samples them.
// They are gathered from PIXELS textures, of which the k-th has every PIXELS-th point (fused.frag, layer.frag).
//
// Shape, by define: PIXELS and the repetition EACH_PIXEL.

uniform sampler2D u_activations[PIXELS];
uniform int u_columns;  // points in a row of the tile whose points stand in one row of texels; 0: row stands by row
uniform int u_top;      // the row that the tile begins at

layout(location = 0) out vec4 out_values;

// GLSL 3.30 indexes samplers by nothing but constants.
#define TAKE(k) { \
    if (number % PIXELS == k) out_values = texelFetch(u_activations[k], ivec2(number / PIXELS, row), 0); }

void main() {
    int number = int(gl_FragCoord.x);
    int row = int(gl_FragCoord.y) - u_top;
    if (u_columns > 0) {
        number += row * u_columns;
        row = 0;
    }
    out_values = vec4(0.0);
    EACH_PIXEL(TAKE)
}
