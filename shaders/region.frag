#version 330 core
// What comes out: one tile of a network's linear pieces, each in a colour of its own, with dark lines between them, at its
// place in the canvas. A coarse tile's points are squares.
//
// The texture begins with what lies left of the tile and above it, for the lines there; at the picture's own edges there
// is nothing more, and no line.

#include "lib/region.glsl"

uniform sampler2D u_values;  // four words a point, row 0 on top
uniform vec4 u_place;        // left, top (pixels of the canvas, y down), pixels across one point, the canvas's height
uniform ivec2 u_begin;       // the texture's column and row where the tile begins: 0 or 1

layout(location = 0) out vec4 out_color;

vec4 words_at(ivec2 texel) {
    return texelFetch(u_values, max(texel, ivec2(0)), 0);
}

void main() {
    vec2 pixel = vec2(gl_FragCoord.x, u_place.w - gl_FragCoord.y);
    ivec2 texel = ivec2((pixel - u_place.xy) / u_place.z) + u_begin;
    vec4 words = words_at(texel);
    bool is_dark = boundary(words, words_at(texel - ivec2(1, 0)), words_at(texel - ivec2(0, 1)));
    out_color = vec4((is_dark ? BOUNDARY : 1.0) * coloured(words), 1.0);
}
