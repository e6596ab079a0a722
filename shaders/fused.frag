#version 330 core
// What comes out: the network's outputs (up to four) at every pixel, raw, all layers in one invocation.
//
// An invocation evaluates PIXELS neighbours, one render target each, so that every weight it fetches serves
// PIXELS points. The layer's input `a` and output `n` live in registers: no array is indexed by a variable.
// Instead of storing unit group g at place g, the n move down by one place before each new group comes in at
// the end; after VECTORS groups each stands where it belongs. Loops run over layers and groups, so the text and
// its compile time do not grow with depth (measured: docs/shaders.md, section 2). The bias
// comes last, as in h W + b: in float32 the order of a sum is part of its value.
//
// Shape, by define: VECTORS (vec4s of a hidden layer), PIXELS, INPUTS (2, or 3 with r), ACTIVATION,
// OUTPUT_ACTIVATION, and the repetitions EACH_PIXEL, EACH_VECTOR, EACH_PAIR, EACH_LINK. With PERTURBED, what comes out
// are the outputs' differences from those at the picture's centre: no biases, and lib/step.glsl for activations, whose
// names are then those of lib/difference.glsl.
//
// With DERIVATIVES, three of the PIXELS are one pixel: its outputs and their derivatives by x and by y, which go
// through a layer as points do, without a bias, and past it times SLOPE. With PATTERN, what comes out is which linear
// piece the pixel is in (lib/pattern.glsl), of the layers that COUNT_HIDDEN and COUNT_OUTPUT, 0 or 1, are about.
// Both: SLOPE and OUTPUT_SLOPE, of lib/slope.glsl or lib/difference_slope.glsl, and the repetition EACH_VALUE.

#include "lib/activation.glsl"
#include "lib/input.glsl"
#include "lib/weight.glsl"

uniform int u_layers;         // the output layer included
uniform int u_hidden;         // where the first matrix between hidden layers begins
uniform int u_hidden_stride;  // from one to the next; 0 when they are tied
uniform int u_output;         // where the output layer begins

layout(location = 0) out vec4 out_values[PIXELS];

#define PLACE(k, v) ((k) * VECTORS + (v))

#ifdef SLOPE
#include "lib/slope.glsl"
#endif
#ifndef DERIVATIVES
#define EACH_VALUE(DO) EACH_PIXEL(DO)
#endif

#ifdef PERTURBED
#include "lib/difference.glsl"
#include "lib/step.glsl"
DEFINE_STEP(hidden_step, ACTIVATION)
DEFINE_STEP(output_step, OUTPUT_ACTIVATION)
#define PLUS_BIAS
#define BIAS(k)
#define CLAMP(k)
#define HIDDEN(e) hidden_step(e, now)
#define OUTPUT(e) output_step(e, now)
#ifdef SLOPE
#include "lib/difference_slope.glsl"
#endif
#ifdef DERIVATIVES
DEFINE_TANGENT(hidden_tangent, SLOPE)
DEFINE_TANGENT(output_tangent, OUTPUT_SLOPE)
#define HIDDEN_FACTOR(e) hidden_tangent(e, now)
#define OUTPUT_FACTOR(e) output_tangent(e, now)
#endif
#ifdef PATTERN
DEFINE_PIECE(hidden_piece, SLOPE)
DEFINE_PIECE(output_piece, OUTPUT_SLOPE)
#define HIDDEN_PIECE(e) hidden_piece(e, now)
#define OUTPUT_PIECE(e) output_piece(e, now)
#endif
#else
#define PLUS_BIAS + bias
#define BIAS(k) e[k] += bias;
#define CLAMP(k) e[k] = clamp_preactivation(e[k]);
#define HIDDEN(e) ACTIVATION(e)
#define OUTPUT(e) OUTPUT_ACTIVATION(e)
#ifdef DERIVATIVES
uniform int u_shrink;  // in 1/1024 of a doubling
#define HIDDEN_FACTOR(e) layer_shrink(u_shrink, layer) * SLOPE(e) * within_limit(e)
#define OUTPUT_FACTOR(e) layer_shrink(u_shrink, u_layers - 1) * OUTPUT_SLOPE(e) * within_limit(e)
#endif
#ifdef PATTERN
#define HIDDEN_PIECE(e) SLOPE(e)
#define OUTPUT_PIECE(e) OUTPUT_SLOPE(e)
#endif
#endif

#ifdef DERIVATIVES
#define COLUMNS (PIXELS / 3)
#define INPUT_POINT(k) p[k] = grid_point(column + k / 3, row);
#else
#define COLUMNS PIXELS
#define INPUT_POINT(k) p[k] = grid_point(column + k, row);
#endif
#if INPUTS == 3
#define FIRST_LAYER(k) e[k] = wx * p[k].x + wy * p[k].y + wr * radial_input(p[k]) PLUS_BIAS;
#else
#define FIRST_LAYER(k) e[k] = wx * p[k].x + wy * p[k].y PLUS_BIAS;
#endif
#if INPUTS == 3
#define FIRST_TANGENTS(k) { \
    slope = radial_slope(p[k]); e[k + 1] = wx + wr * slope.x; e[k + 2] = wy + wr * slope.y; }
#else
#define FIRST_TANGENTS(k) { e[k + 1] = wx; e[k + 2] = wy; }
#endif
#define BEGIN(k) e[k] = vec4(0.0);
#define MULTIPLY(k, v) { \
    e[k] += w0 * a[PLACE(k, v)].x; e[k] += w1 * a[PLACE(k, v)].y; \
    e[k] += w2 * a[PLACE(k, v)].z; e[k] += w3 * a[PLACE(k, v)].w; }
#define TAKE_INPUTS(v) { \
    w0 = weight(at); w1 = weight(at + 1); w2 = weight(at + 2); w3 = weight(at + 3); at += 4; \
    EACH_PIXEL_WITH(MULTIPLY, v) }
#define SHIFT(k, v) n[PLACE(k, v)] = n[PLACE(k, v + 1)];
#ifdef DERIVATIVES
#define APPEND(k) { \
    n[PLACE(k, VECTORS - 1)] = HIDDEN(e[k]); factor = HIDDEN_FACTOR(e[k]); \
    n[PLACE(k + 1, VECTORS - 1)] = clamp_preactivation(factor * e[k + 1]); \
    n[PLACE(k + 2, VECTORS - 1)] = clamp_preactivation(factor * e[k + 2]); }
#else
#define APPEND(k) n[PLACE(k, VECTORS - 1)] = HIDDEN(e[k]);
#endif
#define COPY(k, v) a[PLACE(k, v)] = n[PLACE(k, v)];
#define CLEAR(k, v) n[PLACE(k, v)] = vec4(0.0);
#ifdef DERIVATIVES
#define WRITE(k) { \
    factor = OUTPUT_FACTOR(e[k]); out_values[k] = OUTPUT(e[k]); \
    out_values[k + 1] = clamp_preactivation(factor * e[k + 1]); \
    out_values[k + 2] = clamp_preactivation(factor * e[k + 2]); }
#else
#define WRITE(k) out_values[k] = OUTPUT(e[k]);
#endif

#ifdef PATTERN
#include "lib/pattern.glsl"
#define CLEAR_SUM(k) sums[k] = uvec4(0u);
#define TAKE_WORDS(layer, group) { \
    words0 = unit_words(layer, 4 * group); words1 = unit_words(layer, 4 * group + 1); \
    words2 = unit_words(layer, 4 * group + 2); words3 = unit_words(layer, 4 * group + 3); }
#define COUNT(k) { \
    piece = last ? OUTPUT_PIECE(e[k]) : HIDDEN_PIECE(e[k]); \
    sums[k] += words_of(words0, piece.x); sums[k] += words_of(words1, piece.y); \
    sums[k] += words_of(words2, piece.z); sums[k] += words_of(words3, piece.w); }
#define WRITE_SUM(k) out_values[k] = vec4(sums[k] & 0xFFFFu);
#endif

void main() {
    int column = int(gl_FragCoord.x) * COLUMNS;
    int row = int(gl_FragCoord.y);
    vec2 p[PIXELS];
    EACH_VALUE(INPUT_POINT)

    vec4 a[PIXELS * VECTORS];
    vec4 n[PIXELS * VECTORS];
    vec4 e[PIXELS];
    vec4 bias, w0, w1, w2, w3;
#ifdef DERIVATIVES
    vec4 factor;
    vec2 slope;
#endif
#ifdef PATTERN
    uvec4 sums[PIXELS];
    uvec4 words0, words1, words2, words3;
    vec4 piece;
    bool last = u_layers == 1;
    EACH_PIXEL(CLEAR_SUM)
#endif
#ifdef PERTURBED
    Step now;
    vec4 head = step_head(0);
#endif
    EACH_PAIR(CLEAR)

    int layer = 0;
    int at = u_layers == 1 ? u_output : 0;
    int groups = u_layers == 1 ? 1 : VECTORS;
    for (int group = 0; group < groups; group++) {
        bias = weight(at);
        vec4 wx = weight(at + 1);
        vec4 wy = weight(at + 2);
#if INPUTS == 3
        vec4 wr = weight(at + 3);
#endif
        at += 1 + INPUTS;
#ifdef PERTURBED
        now = take_step(head, 0, group);
#endif
        EACH_VALUE(FIRST_LAYER)
        EACH_VALUE(CLAMP)
#ifdef DERIVATIVES
        EACH_VALUE(FIRST_TANGENTS)
#endif
#ifdef PATTERN
        if (last ? COUNT_OUTPUT : COUNT_HIDDEN) {
            TAKE_WORDS(0, group)
            EACH_PIXEL(COUNT)
        }
#endif
        EACH_LINK(SHIFT)
        EACH_VALUE(APPEND)
    }

    for (layer = 1; layer < u_layers; layer++) {
#ifdef PATTERN
        last = layer == u_layers - 1;
#else
        bool last = layer == u_layers - 1;
#endif
        at = last ? u_output : u_hidden + (layer - 1) * u_hidden_stride;
        groups = last ? 1 : VECTORS;
#ifdef PERTURBED
        head = step_head(layer);
#endif
        EACH_PAIR(COPY)
        for (int group = 0; group < groups; group++) {
            bias = weight(at);
            at += 1;
            EACH_PIXEL(BEGIN)
            EACH_VECTOR(TAKE_INPUTS)
#ifdef PERTURBED
            now = take_step(head, layer, group);
#endif
            EACH_VALUE(BIAS)
            EACH_VALUE(CLAMP)
#ifdef PATTERN
            if (last ? COUNT_OUTPUT : COUNT_HIDDEN) {
                TAKE_WORDS(layer, group)
                EACH_PIXEL(COUNT)
            }
#endif
            EACH_LINK(SHIFT)
            EACH_VALUE(APPEND)
        }
    }
#ifdef PATTERN
    EACH_PIXEL(WRITE_SUM)
#else
    EACH_VALUE(WRITE)
#endif
}
