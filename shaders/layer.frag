#version 330 core
// What comes out: the activations of one layer, four units a texel, for networks too wide to keep in registers.
//
// Row y of the targets holds units 4y .. 4y+3, column x the points x PIXELS + 0, 1, ... of the tile, one render
// target each; the next pass reads these targets as its input. Rolled loops only: one program serves every width.
//
// Shape, by define: PIXELS, FIRST (1 for the layer that is fed coordinates), INPUTS (2, or 3 with r), lib/finish.glsl's
// and the repetition EACH_PIXEL. With PERTURBED, differences from the picture's centre: no biases.
//
// With DERIVATIVES, three of the PIXELS are one point, as in fused.frag; with PATTERN, as many targets again hold the
// words (lib/pattern.glsl) that the four units add, for sum.frag. The former: the repetition EACH_VALUE.

#include "lib/finish.glsl"
#include "lib/input.glsl"
#include "lib/pattern.glsl"
#include "lib/weight.glsl"

uniform int u_layer;    // where this layer's weights begin
uniform int u_vectors;  // vec4s of its input
uniform int u_columns;  // points in a row of the tile
uniform int u_number;   // this layer's, from 0
uniform int u_step;     // its row of steps
uniform sampler2D u_activations[PIXELS];

#ifdef PATTERN
layout(location = 0) out vec4 out_values[2 * PIXELS];
#else
layout(location = 0) out vec4 out_values[PIXELS];
#endif

// `number` counts the tile's points.
vec2 tile_point(int number) {
    return grid_point(number % u_columns, number / u_columns);
}

// Macros with constant indices: GLSL 3.30 indexes samplers by nothing else, and registers are not to be.
#ifdef DERIVATIVES
#define FIRST_SUMS(k) { \
    p = tile_point(x * (PIXELS / 3) + k / 3); \
    e[k] = first_sum(p, w0, w1, w2); first_tangents(p, w0, w1, w2, e[k + 1], e[k + 2]); }
#define WRITE(k) { \
    factor = finish_factor(e[k], unit); out_values[k] = finish(e[k], unit); \
    out_values[k + 1] = clamp_preactivation(factor * e[k + 1]); \
    out_values[k + 2] = clamp_preactivation(factor * e[k + 2]); }
#else
#define EACH_VALUE(DO) EACH_PIXEL(DO)
#define FIRST_SUMS(k) { p = tile_point(x * PIXELS + k); e[k] = first_sum(p, w0, w1, w2); }
#define WRITE(k) out_values[k] = finish(e[k], unit);
#endif
#define COUNT(k) out_values[PIXELS + k] = vec4(group_words(u_number, group, finish_piece(e[k], unit)) & 0xFFFFu);
#define BEGIN(k) e[k] = vec4(0.0);
#define MULTIPLY(k) { \
    h = texelFetch(u_activations[k], ivec2(x, v), 0); \
    e[k] += w0 * h.x; e[k] += w1 * h.y; e[k] += w2 * h.z; e[k] += w3 * h.w; }

void main() {
    int x = int(gl_FragCoord.x);
    int group = int(gl_FragCoord.y);
    vec4 e[PIXELS];
#if FIRST
    int at = u_layer + group * (1 + INPUTS);
    vec4 bias = weight(at);
    vec4 w0 = weight(at + 1);
    vec4 w1 = weight(at + 2);
    vec4 w2 = weight(at + INPUTS);
    vec2 p;
    EACH_VALUE(FIRST_SUMS)
#else
    int at = u_layer + group * (1 + 4 * u_vectors);
    vec4 bias = weight(at);
    vec4 h;
    EACH_PIXEL(BEGIN)
    for (int v = 0; v < u_vectors; v++) {
        vec4 w0 = weight(at + 1);
        vec4 w1 = weight(at + 2);
        vec4 w2 = weight(at + 3);
        vec4 w3 = weight(at + 4);
        at += 4;
        EACH_PIXEL(MULTIPLY)
    }
#endif
    Unit unit = take_unit(bias, u_number, u_step, group);
    vec4 factor;
    EACH_VALUE(WRITE)
#ifdef PATTERN
    EACH_PIXEL(COUNT)
#endif
}
