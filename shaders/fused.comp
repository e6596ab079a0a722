#version 430 core
// What comes out: the network's outputs (up to four) at every point, raw, all layers in one dispatch.
//
// A workgroup owns POINTS points. Their activations stand in shared memory, s_values[unit][four points], and each
// layer overwrites them: all sums of the layer are in registers before the first is written back. With SLICE, the
// weights come through shared memory too, SLICE inputs at a time: while one half of s_weights is multiplied, the
// next slice is on its way in registers to the other half. With WHOLE, SLICE is all of a layer's inputs, and there is
// no other half. With SLICE 0 they are read straight from the storage buffer, where a row is one or two cache lines
// that all invocations share.
//
// Padding: units beyond the layer's own have weights of zero and hold ACTIVATION(0), which meets weights of zero in
// the next layer. The bias comes last, as in h W + b: in float32 the order of a sum is part of its value.
//
// Shape, by define: lib/workgroup.glsl's, lib/finish.glsl's for hidden and output layers, INPUTS (2, or 3 with r). With
// PERTURBED, what comes out are the outputs' differences from those at the picture's centre: no biases.
//
// With DERIVATIVES, POINT_VECTORS is 3: four points, and their tangents by x and by y, which go through a layer as
// points do, without a bias, and past it times a factor. With PATTERN, what comes out is which linear piece a point is
// in (lib/piece.glsl), of the layers that COUNT_HIDDEN and COUNT_OUTPUT, true or false, are about.
// With DOUBLE, all of this in double precision (lib/real.glsl).

#include "lib/finish.glsl"
#include "lib/input.glsl"
#include "lib/point.glsl"
#include "lib/workgroup.glsl"

// Of each layer: a row of biases, then a row of weights for each input; ROW vec4s a row, in the output layer one.
layout(std430, binding = 0) readonly restrict buffer Weights { real4 weights[]; };

// Of each layer: where its weights begin, and how many inputs it takes (a multiple of SLICE and STEPS).
layout(std430, binding = 4) readonly restrict buffer Places { ivec2 places[]; };

uniform int u_layers;  // the output layer included

shared real4 s_values[4 * ROW * COLUMN];
#if SLICE
#ifdef WHOLE
shared real4 s_weights[SLICE * ROW];
#else
shared real4 s_weights[2 * SLICE * ROW];
#endif
#define TAKE_WEIGHT(u, k) w[u] = s_weights[row + (k) * ROW + UNITS_AT(u)];
#else
#define TAKE_WEIGHT(u, k) w[u] = weights[row + (k) * ROW + UNITS_AT(u)];
#endif
#define TAKE_INPUT(p, k) a[p] = s_values[(from + (k)) * COLUMN + POINTS_AT(p)];

// Write a unit's values at the p-th four points back.
void put_value(int unit, int p, real4 value) {
    s_values[unit * COLUMN + POINTS_AT(p)] = value;
}

#include "lib/product.glsl"

#if SLICE
real4 next[WEIGHT_FETCHES];

#define FETCH_WEIGHT(n) { if (IN_PART(n, SLICE * ROW)) next[n] = weights[begin + thread + n * THREADS]; }
#define STORE_WEIGHT(n) { if (IN_PART(n, SLICE * ROW)) s_weights[half_begin + thread + n * THREADS] = next[n]; }

void fetch_slice(int begin) {
    EACH_WEIGHT_FETCH(FETCH_WEIGHT)
}

void store_slice(int half_begin) {
    EACH_WEIGHT_FETCH(STORE_WEIGHT)
}
#endif

// Leaves with every invocation past its last read of s_values.
void hidden_layer(int at, int inputs) {
    EACH_SUM(CLEAR)
#if SLICE
    fetch_slice(at + ROW);
    store_slice(0);
#endif
    sync();
#ifdef WHOLE
    multiply(0, 0, SLICE);
    sync();
#elif SLICE
    int half_begin = 0;
    for (int slice = 0; slice < inputs; slice += SLICE) {
        bool more = slice + SLICE < inputs;
        if (more) fetch_slice(at + (1 + slice + SLICE) * ROW);
        multiply(half_begin, slice, slice + SLICE);
        half_begin = SLICE * ROW - half_begin;
        if (more) store_slice(half_begin);
        sync();
    }
#else
    multiply(at + ROW, 0, inputs);
    sync();
#endif
}

// A network of one layer is fed coordinates in its output layer: sums of four units at a point, or in the sheets 1 and
// 2 their derivatives.
real4 coordinate_sum(int at, int number, int sheet) {
    real2 p = tile_point(first_point + number);
    real4 wx = weights[at], wy = weights[at + 1], wr = weights[at + INPUTS - 1];
#ifdef DERIVATIVES
    real4 by_x, by_y;
    first_tangents(p, wx, wy, wr, by_x, by_y);
    if (sheet == 1) return by_x;
    if (sheet == 2) return by_y;
#endif
    return first_sum(p, wx, wy, wr);
}

#define ADD_OUTPUT(k) sum += weights[at + (k)] * s_values[(from + (k)) * COLUMN + number / 4][number % 4];

// The sums of up to four units at one point, whose weights begin at `at`.
real4 output_sum(int at, int inputs, int number, int sheet) {
    if (u_layers == 1) return coordinate_sum(at, number, sheet);
    real4 sum = real4(0.0);
    number += sheet * POINTS;
    for (int from = 0; from < inputs; from += STEPS) {
        EACH_STEP(ADD_OUTPUT)
        at += STEPS;
    }
    return sum;
}

// Write what comes out at one point.
void put_outputs(int at, int inputs, int number) {
    int last = u_layers - 1;
    Unit unit = take_unit(weights[at], last, last, 0);
    real4 sum = output_sum(at + 1, inputs, number, 0);
#if defined(DERIVATIVES)
    real4 factor = finish_output_factor(sum, unit);
    put_sheet(first_point + number, 0, finish_output(sum, unit));
    for (int sheet = 1; sheet < 3; sheet++) {
        sum = output_sum(at + 1, inputs, number, sheet);
        put_sheet(first_point + number, sheet, clamp_preactivation(factor * sum));
    }
#elif defined(PATTERN)
    if (COUNT_OUTPUT) add_words(first_point + number, group_words(last, 0, finish_output_piece(sum, unit)));
#else
    put_all(first_point + number, finish_output(sum, unit));
#endif
}

void main() {
#ifdef PATTERN
    clear_sums();
#endif
    for (int layer = 0; layer < u_layers - 1; layer++) {
        int at = places[layer].x;
        if (layer == 0) multiply_coordinates(at, ROW);
        else hidden_layer(at, places[layer].y);
        finish_units(at, layer, layer, 0);
    }
    sync();
#ifdef PATTERN
    add_sums();
#endif
    ivec2 last = places[u_layers - 1];
    for (int number = thread; number < POINTS; number += THREADS) put_outputs(last.x, last.y, number);
}
