#version 430 core
// What comes out: the network's outputs (up to four) at every point, raw, all layers in one dispatch.
//
// A workgroup owns POINTS points. Their activations stand in shared memory, s_values[unit][four points], and each
// layer overwrites them: all sums of the layer are in registers before the first is written back. With SLICE, the
// weights come through shared memory too, SLICE inputs at a time: while one half of s_weights is multiplied, the
// next slice is on its way in registers to the other half. With SLICE 0 they are read straight from the storage
// buffer, where a row is one or two cache lines that all invocations share.
//
// Padding: units beyond the layer's own have weights of zero and hold ACTIVATION(0), which meets weights of zero in
// the next layer. The bias comes last, as in h W + b: in float32 the order of a sum is part of its value.
//
// Shape, by define: lib/workgroup.glsl's, INPUTS (2, or 3 with r), ACTIVATION, OUTPUT_ACTIVATION. With PERTURBED, what
// comes out are the outputs' differences from those at the picture's centre: no biases, and lib/step.glsl for
// activations, whose names are then those of lib/difference.glsl.

#include "lib/activation.glsl"
#include "lib/input.glsl"
#include "lib/point.glsl"

// Of each layer: a row of biases, then a row of weights for each input; ROW vec4s a row, in the output layer one.
layout(std430, binding = 0) readonly restrict buffer Weights { vec4 weights[]; };

// Of each layer: where its weights begin, and how many inputs it takes (a multiple of SLICE and STEPS).
layout(std430, binding = 4) readonly restrict buffer Places { ivec2 places[]; };

uniform int u_layers;  // the output layer included

#if SLICE
#define TAKE_WEIGHT(u, k) w[u] = s_weights[row + (k) * ROW + UNITS_AT(u)];
#else
#define TAKE_WEIGHT(u, k) w[u] = weights[row + (k) * ROW + UNITS_AT(u)];
#endif
#define TAKE_INPUT(p, k) a[p] = s_values[(from + (k)) * COLUMN + POINTS_AT(p)];
#include "lib/workgroup.glsl"

#define POINTS (4 * COLUMN)
shared vec4 s_values[4 * ROW * COLUMN];

#if SLICE
shared vec4 s_weights[2 * SLICE * ROW];
vec4 next[WEIGHT_FETCHES];

#define FETCH(n) IF_PART(n, SLICE * ROW) next[n] = weights[begin + thread + n * THREADS];
#define STORE(n) IF_PART(n, SLICE * ROW) s_weights[half_begin + thread + n * THREADS] = next[n];

void fetch_slice(int begin) {
    EACH_WEIGHT_FETCH(FETCH)
}

void store_slice(int half_begin) {
    EACH_WEIGHT_FETCH(STORE)
}
#endif

#if INPUTS == 3
#define FIRST(u, i, p) \
    e[PLACE(u, i, p)] = wx[u][i] * x[p] + wy[u][i] * y[p] + wr[u][i] * r[p];
#else
#define FIRST(u, i, p) e[PLACE(u, i, p)] = wx[u][i] * x[p] + wy[u][i] * y[p];
#endif
#define TAKE_FIRST_WEIGHTS(u, k) \
    wx[u] = weights[at + ROW + UNITS_AT(u)]; wy[u] = weights[at + 2 * ROW + UNITS_AT(u)]; \
    wr[u] = weights[at + INPUTS * ROW + UNITS_AT(u)];
#define TAKE_POINTS(p, k) take_points(first_point + 4 * POINTS_AT(p), x[p], y[p], r[p]);

void first_layer(int at, int first_point) {
    vec4 x[POINT_VECTORS], y[POINT_VECTORS], r[POINT_VECTORS];
    vec4 wx[UNIT_VECTORS], wy[UNIT_VECTORS], wr[UNIT_VECTORS];
    EACH_POINT(TAKE_POINTS, 0)
    EACH_UNIT(TAKE_FIRST_WEIGHTS, 0)
    EACH_SUM(FIRST)
}

// Leaves with every invocation past its last read of s_values.
void hidden_layer(int at, int inputs) {
    EACH_SUM(CLEAR)
    int row;
#if SLICE
    fetch_slice(at + ROW);
    store_slice(0);
    SYNC
    int half_begin = 0;
    for (int slice = 0; slice < inputs; slice += SLICE) {
        bool more = slice + SLICE < inputs;
        if (more) fetch_slice(at + (1 + slice + SLICE) * ROW);
        row = half_begin;
        for (int from = slice; from < slice + SLICE; from += STEPS) {
            EACH_STEP(STEP)
            row += STEPS * ROW;
        }
        half_begin = SLICE * ROW - half_begin;
        if (more) store_slice(half_begin);
        SYNC
    }
#else
    SYNC
    row = at + ROW;
    for (int from = 0; from < inputs; from += STEPS) {
        EACH_STEP(STEP)
        row += STEPS * ROW;
    }
    SYNC
#endif
}

#ifdef PERTURBED
#include "lib/difference.glsl"
#include "lib/step.glsl"
DEFINE_STEP(hidden_step, ACTIVATION)
DEFINE_STEP(output_step, OUTPUT_ACTIVATION)
Step steps[UNIT_VECTORS];
#define TAKE_UNITS(u, k) steps[u] = take_step(step_head(layer), layer, UNITS_AT(u));
#define HIDDEN(u, i, p) hidden_step(e[PLACE(u, i, p)], unit_step(steps[u], i))
#define OUTPUT(sum, bias) output_step(sum, take_step(step_head(u_layers - 1), u_layers - 1, 0))
#else
#define TAKE_UNITS(u, k) w[u] = weights[at + UNITS_AT(u)];
#define HIDDEN(u, i, p) ACTIVATION(clamp_preactivation(e[PLACE(u, i, p)] + w[u][i]))
#define OUTPUT(sum, bias) OUTPUT_ACTIVATION(clamp_preactivation(sum + bias))
#endif
#define FINISH(u, i, p) s_values[(4 * UNITS_AT(u) + i) * COLUMN + POINTS_AT(p)] = HIDDEN(u, i, p);

#define OUTPUT_STEP(k) sum += weights[at + (k)] * s_values[(from + (k)) * COLUMN + number / 4][number % 4];

// Up to four units of one point; a network of one layer is fed coordinates here.
vec4 output_layer(int at, int inputs, int first_point, int number) {
    vec4 bias = weights[at];
    vec4 sum = vec4(0.0);
    at++;
    if (u_layers == 1) {
        vec2 p = tile_point(first_point + number);
        sum = weights[at] * p.x + weights[at + 1] * p.y;
#if INPUTS == 3
        sum += weights[at + 2] * radial_input(p);
#endif
    } else {
        for (int from = 0; from < inputs; from += STEPS) {
            EACH_STEP(OUTPUT_STEP)
            at += STEPS;
        }
    }
    return OUTPUT(sum, bias);
}

void main() {
    int first_point = int(gl_WorkGroupID.x) * POINTS;
    for (int layer = 0; layer < u_layers - 1; layer++) {
        int at = places[layer].x;
        if (layer == 0) first_layer(at, first_point);
        else hidden_layer(at, places[layer].y);
        EACH_UNIT(TAKE_UNITS, 0)
        EACH_SUM(FINISH)
    }
    SYNC
    ivec2 last = places[u_layers - 1];
    for (int number = thread; number < POINTS; number += THREADS)
        put_all(first_point + number, output_layer(last.x, last.y, first_point, number));
}
