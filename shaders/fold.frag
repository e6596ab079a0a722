#version 330 core
// What comes out: the numbers of some units of a layer, a texel each, one after the other in rows of ROW texels: as a window
// reads more than four numbers a point. Of each point they follow each other, or, with u_column, of each unit.
// They are taken from PIXELS textures, of which the k-th has every PIXELS-th point (layer.frag).
//
// Shape, by define: ROW, PIXELS and the repetition EACH_PIXEL.

uniform sampler2D u_activations[PIXELS];
uniform int u_column;    // numbers from one unit to the next; 0: a point's follow each other
uniform int u_channels;  // of a point
uniform int u_begin;     // the first point that is there, and how many are
uniform int u_points;
uniform int u_channel;   // the first unit's
uniform int u_units;     // how many there are
uniform int u_unit;      // the first one's number in its layer

layout(location = 0) out vec4 out_value;

// GLSL 3.30 indexes samplers by nothing but constants.
#define TAKE(k) { \
    if (point % PIXELS == k) texel = texelFetch(u_activations[k], ivec2(point / PIXELS, unit / 4), 0); }

void main() {
    int number = int(gl_FragCoord.y) * ROW + int(gl_FragCoord.x);
    int channel = u_column > 0 ? number / u_column : number % u_channels;
    int point = (u_column > 0 ? number % u_column : number / u_channels) - u_begin;
    int unit = channel - u_channel;
    if (point < 0 || point >= u_points || unit < 0 || unit >= u_units) discard;
    unit += u_unit;
    vec4 texel = vec4(0.0);
    EACH_PIXEL(TAKE)
    out_value = vec4(texel[unit % 4]);
}
