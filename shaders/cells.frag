#version 330 core
// What comes out: many small pictures of one view, each of another unit of the network, in the palette's colours. A
// coarse picture's points are squares.
//
// By define: CURVE, a name of lib/activation.glsl, where numbers go through one (lib/shading.glsl); FOLDED: numbers lie
// one after the other, a texel each, in rows of so many (gpu/shelf.py), else a texel has a point's.

#include "lib/shade.glsl"
#ifdef CURVE
#include "lib/activation.glsl"
#endif

uniform sampler2D u_values;  // row 0 on top
uniform float u_stride;      // pixels across one point
uniform int u_columns;       // points in a row
uniform ivec2 u_steps;       // where numbers are folded: from a point to the next one, and from a unit to the next one
uniform float u_height;      // the canvas's

flat in vec4 v_cell;
flat in int v_channel;

layout(location = 0) out vec4 out_color;

float number_of(ivec2 point) {
#ifdef FOLDED
    int number = (point.y * u_columns + point.x) * u_steps.x + v_channel * u_steps.y;
    return texelFetch(u_values, ivec2(number % FOLDED, number / FOLDED), 0).r;
#else
    return texelFetch(u_values, point, 0)[v_channel];
#endif
}

void main() {
    vec2 pixel = vec2(gl_FragCoord.x, u_height - gl_FragCoord.y);
    EXACT float value = v_cell.z * number_of(ivec2((pixel - v_cell.xy) / u_stride)) + v_cell.w;
#ifdef CURVE
    value = CURVE(vec4(value)).x;
#endif
    value = clamp(value, 0.0, 1.0);
#ifdef READ
    out_color = vec4(READ(vec3(value)), 1.0);
#else
    out_color = vec4(palette(value), 1.0);
#endif
}
