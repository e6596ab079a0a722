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
// Shape, by define: VECTORS (vec4s of a hidden layer), PIXELS, INPUTS (2, or 3 with r), lib/finish.glsl's for hidden
// and output layers, and the repetitions EACH_PIXEL, EACH_VECTOR, EACH_PAIR, EACH_LINK. With PERTURBED, what comes out
// are the outputs' differences from those at the picture's centre: no biases.
//
// With DERIVATIVES, three of the PIXELS are one pixel: its outputs and their derivatives by x and by y, which go
// through a layer as points do, without a bias, and past it times a factor. With PATTERN, what comes out is which
// linear piece the pixel is in (lib/pattern.glsl), of the layers that COUNT_HIDDEN and COUNT_OUTPUT, true or false, are
// about. The former: the repetition EACH_VALUE.

#include "lib/finish.glsl"
#include "lib/input.glsl"
#include "lib/pattern.glsl"
#include "lib/weight.glsl"

uniform int u_layers;         // the output layer included
uniform int u_hidden;         // where the first matrix between hidden layers begins
uniform int u_hidden_stride;  // from one to the next; 0 when they are tied
uniform int u_output;         // where the output layer begins

layout(location = 0) out vec4 out_values[PIXELS];

#define PLACE(k, v) ((k) * VECTORS + (v))

// Macros with constant indices, spelt out by repetitions, as registers are not indexed by a variable. Seen on llvmpipe:
// with TAKE_INPUTS and MULTIPLY in loops, 18 layers of 30 units take 2.3 times as long, 8 of 64 twice.
#ifdef DERIVATIVES
#define COLUMNS (PIXELS / 3)
#define INPUT_POINT(k) p[k] = grid_point(column + k / 3, row);
#define FIRST_SUMS(k) { \
    e[k] = first_sum(p[k], wx, wy, wr); first_tangents(p[k], wx, wy, wr, e[k + 1], e[k + 2]); }
#define APPEND(k) { \
    n[PLACE(k, VECTORS - 1)] = finish(e[k], unit); factor = finish_factor(e[k], unit); \
    n[PLACE(k + 1, VECTORS - 1)] = clamp_preactivation(factor * e[k + 1]); \
    n[PLACE(k + 2, VECTORS - 1)] = clamp_preactivation(factor * e[k + 2]); }
#define WRITE(k) { \
    factor = finish_output_factor(e[k], unit); out_values[k] = finish_output(e[k], unit); \
    out_values[k + 1] = clamp_preactivation(factor * e[k + 1]); \
    out_values[k + 2] = clamp_preactivation(factor * e[k + 2]); }
#else
#define EACH_VALUE(DO) EACH_PIXEL(DO)
#define COLUMNS PIXELS
#define INPUT_POINT(k) p[k] = grid_point(column + k, row);
#define FIRST_SUMS(k) e[k] = first_sum(p[k], wx, wy, wr);
#define APPEND(k) n[PLACE(k, VECTORS - 1)] = finish(e[k], unit);
#define WRITE(k) out_values[k] = finish_output(e[k], unit);
#endif
#define BEGIN(k) e[k] = vec4(0.0);
#define MULTIPLY(k, v) { \
    e[k] += w0 * a[PLACE(k, v)].x; e[k] += w1 * a[PLACE(k, v)].y; \
    e[k] += w2 * a[PLACE(k, v)].z; e[k] += w3 * a[PLACE(k, v)].w; }
#define TAKE_INPUTS(v) { \
    w0 = weight(at); w1 = weight(at + 1); w2 = weight(at + 2); w3 = weight(at + 3); at += 4; \
    EACH_PIXEL_WITH(MULTIPLY, v) }
#define SHIFT(k, v) n[PLACE(k, v)] = n[PLACE(k, v + 1)];
#define COPY(k, v) a[PLACE(k, v)] = n[PLACE(k, v)];
#define CLEAR(k, v) n[PLACE(k, v)] = vec4(0.0);
#define CLEAR_SUM(k) sums[k] = uvec4(0u);
#define COUNT(k) { \
    piece = last ? finish_output_piece(e[k], unit) : finish_piece(e[k], unit); \
    sums[k] += group_words(layer, group, piece); }
#define WRITE_SUM(k) out_values[k] = vec4(sums[k] & 0xFFFFu);

void main() {
    int column = int(gl_FragCoord.x) * COLUMNS;
    int row = int(gl_FragCoord.y);
    vec2 p[PIXELS];
    EACH_VALUE(INPUT_POINT)

    vec4 a[PIXELS * VECTORS];
    vec4 n[PIXELS * VECTORS];
    vec4 e[PIXELS];
    vec4 bias, w0, w1, w2, w3, factor, piece;
    Unit unit;
#ifdef PATTERN
    uvec4 sums[PIXELS];
    EACH_PIXEL(CLEAR_SUM)
#endif
    EACH_PAIR(CLEAR)

    int layer = 0;
    bool last = u_layers == 1;
    int at = last ? u_output : 0;
    int groups = last ? 1 : VECTORS;
    for (int group = 0; group < groups; group++) {
        bias = weight(at);
        vec4 wx = weight(at + 1);
        vec4 wy = weight(at + 2);
        vec4 wr = weight(at + INPUTS);
        at += 1 + INPUTS;
        unit = take_unit(bias, layer, layer, group);
        EACH_VALUE(FIRST_SUMS)
#ifdef PATTERN
        if (last ? COUNT_OUTPUT : COUNT_HIDDEN) {
            EACH_PIXEL(COUNT)
        }
#endif
        EACH_LINK(SHIFT)
        EACH_VALUE(APPEND)
    }

    for (layer = 1; layer < u_layers; layer++) {
        last = layer == u_layers - 1;
        at = last ? u_output : u_hidden + (layer - 1) * u_hidden_stride;
        groups = last ? 1 : VECTORS;
        EACH_PAIR(COPY)
        for (int group = 0; group < groups; group++) {
            bias = weight(at);
            at += 1;
            EACH_PIXEL(BEGIN)
            EACH_VECTOR(TAKE_INPUTS)
            unit = take_unit(bias, layer, layer, group);
#ifdef PATTERN
            if (last ? COUNT_OUTPUT : COUNT_HIDDEN) {
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
