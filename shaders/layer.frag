#version 330 core
// What comes out: the activations of one layer, four units a texel, for networks too wide to keep in registers.
//
// Row y of the targets holds units 4y .. 4y+3, column x the points x PIXELS + 0, 1, ... of the tile, one render
// target each; the next pass reads these targets as its input. Rolled loops only: one program serves every width.
//
// Shape, by define: PIXELS, ACTIVATION, FIRST (1 for the layer that is fed coordinates), INPUTS (2, or 3 with r),
// and the repetition EACH_PIXEL. With PERTURBED, differences from the picture's centre: no biases, and lib/step.glsl
// for activations, whose names are then those of lib/difference.glsl.
//
// With DERIVATIVES, three of the PIXELS are one point, as in fused.frag; with PATTERN, as many targets again hold the
// words (lib/pattern.glsl) that the four units add, for sum.frag. Both: SLOPE; the former: the repetition EACH_VALUE.

#include "lib/activation.glsl"
#include "lib/input.glsl"
#include "lib/weight.glsl"

uniform int u_layer;    // where this layer's weights begin
uniform int u_vectors;  // vec4s of its input
uniform int u_columns;  // points in a row of the tile
uniform sampler2D u_activations[PIXELS];

#ifdef PATTERN
layout(location = 0) out vec4 out_values[2 * PIXELS];
#else
layout(location = 0) out vec4 out_values[PIXELS];
#endif

#ifdef SLOPE
#include "lib/slope.glsl"
#endif
#ifdef DERIVATIVES
#define POINT(k) (x * (PIXELS / 3) + k / 3)
#else
#define EACH_VALUE(DO) EACH_PIXEL(DO)
#define POINT(k) x * PIXELS + k
#endif

#if defined(DERIVATIVES) || defined(PATTERN)
uniform int u_number;  // this layer's, from 0
#endif

#ifdef PERTURBED
#include "lib/difference.glsl"
#include "lib/step.glsl"
uniform int u_step;  // this layer's row of steps
#ifdef SLOPE
#include "lib/difference_slope.glsl"
#endif
DEFINE_STEP(layer_step, ACTIVATION)
#define PLUS_BIAS
#define BIAS(k)
#define VALUE(k) layer_step(e[k], now)
#ifdef DERIVATIVES
DEFINE_TANGENT(layer_tangent, SLOPE)
#define FACTOR(k) layer_tangent(e[k], now)
#endif
#ifdef PATTERN
DEFINE_PIECE(layer_piece, SLOPE)
#define PIECE(k) layer_piece(e[k], now)
#endif
#else
#define PLUS_BIAS + bias
#define BIAS(k) e[k] += bias;
#define VALUE(k) ACTIVATION(clamp_preactivation(e[k]))
#ifdef DERIVATIVES
uniform int u_shrink;  // in 1/1024 of a doubling
#define FACTOR(k) layer_shrink(u_shrink, u_number) * SLOPE(clamp_preactivation(e[k])) * within_limit(e[k])
#endif
#define PIECE(k) SLOPE(e[k])
#endif

#define FIRST_LAYER(k) { \
    point = POINT(k); p = grid_point(point % u_columns, point / u_columns); \
    e[k] = w0 * p.x + w1 * p.y + RADIAL PLUS_BIAS; }
#if INPUTS == 3
#define RADIAL weight(at + 3) * radial_input(p)
#else
#define RADIAL vec4(0.0)
#endif
#ifdef DERIVATIVES
#if INPUTS == 3
#define FIRST_TANGENTS(k) { \
    slope = radial_slope(p); e[k + 1] = w0 + weight(at + 3) * slope.x; e[k + 2] = w1 + weight(at + 3) * slope.y; }
#else
#define FIRST_TANGENTS(k) { e[k + 1] = w0; e[k + 2] = w1; }
#endif
#define FIRST_BOTH(k) FIRST_LAYER(k) FIRST_TANGENTS(k)
#define WRITE(k) { \
    factor = FACTOR(k); out_values[k] = VALUE(k); \
    out_values[k + 1] = clamp_preactivation(factor * e[k + 1]); \
    out_values[k + 2] = clamp_preactivation(factor * e[k + 2]); }
#else
#define WRITE(k) out_values[k] = VALUE(k);
#endif
#ifdef PATTERN
#include "lib/pattern.glsl"
#define COUNT(k) { \
    piece = PIECE(k); sum = words_of(words0, piece.x) + words_of(words1, piece.y); \
    sum += words_of(words2, piece.z) + words_of(words3, piece.w); \
    out_values[PIXELS + k] = vec4(sum & 0xFFFFu); }
#endif
#define BEGIN(k) e[k] = vec4(0.0);
#define MULTIPLY(k) { \
    h = texelFetch(u_activations[k], ivec2(x, v), 0); \
    e[k] += w0 * h.x; e[k] += w1 * h.y; e[k] += w2 * h.z; e[k] += w3 * h.w; }

void main() {
    int x = int(gl_FragCoord.x);
    int group = int(gl_FragCoord.y);
    vec4 e[PIXELS];
#if FIRST
    int point;
    vec2 p;
    int at = u_layer + group * (1 + INPUTS);
    vec4 bias = weight(at);
    vec4 w0 = weight(at + 1);
    vec4 w1 = weight(at + 2);
#ifdef DERIVATIVES
    vec2 slope;
    EACH_VALUE(FIRST_BOTH)
#else
    EACH_PIXEL(FIRST_LAYER)
#endif
#else
    vec4 h;
    int at = u_layer + group * (1 + 4 * u_vectors);
    vec4 bias = weight(at);
    EACH_PIXEL(BEGIN)
    for (int v = 0; v < u_vectors; v++) {
        vec4 w0 = weight(at + 1);
        vec4 w1 = weight(at + 2);
        vec4 w2 = weight(at + 3);
        vec4 w3 = weight(at + 4);
        at += 4;
        EACH_PIXEL(MULTIPLY)
    }
    EACH_VALUE(BIAS)
#endif
#ifdef PERTURBED
    Step now = take_step(step_head(u_step), u_step, group);
#endif
#ifdef DERIVATIVES
    vec4 factor;
#endif
    EACH_VALUE(WRITE)
#ifdef PATTERN
    uvec4 words0 = unit_words(u_number, 4 * group);
    uvec4 words1 = unit_words(u_number, 4 * group + 1);
    uvec4 words2 = unit_words(u_number, 4 * group + 2);
    uvec4 words3 = unit_words(u_number, 4 * group + 3);
    uvec4 sum;
    vec4 piece;
    EACH_PIXEL(COUNT)
#endif
}
