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
// Shape, by define: lib/workgroup.glsl's, INPUTS (2, or 3 with r), ACTIVATION, OUTPUT_ACTIVATION. With PERTURBED, what
// comes out are the outputs' differences from those at the picture's centre: no biases, and lib/step.glsl for
// activations, whose names are then those of lib/difference.glsl.
//
// With DERIVATIVES, POINT_VECTORS is 3: four points, and their tangents by x and by y, which go through a layer as
// points do, without a bias, and past it times SLOPE. With PATTERN, what comes out is which linear piece a point is in
// (lib/piece.glsl), of the layers that COUNT_HIDDEN and COUNT_OUTPUT, true or false, are about. Both: SLOPE and
// OUTPUT_SLOPE, of lib/slope.glsl or lib/difference_slope.glsl; the former: the repetition EACH_ROW.
// With DOUBLE, all of this in double precision (lib/real.glsl).

#include "lib/real.glsl"
#include "lib/activation.glsl"
#include "lib/input.glsl"
#include "lib/point.glsl"

// Of each layer: a row of biases, then a row of weights for each input; ROW vec4s a row, in the output layer one.
layout(std430, binding = 0) readonly restrict buffer Weights { real4 weights[]; };

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

#ifdef DERIVATIVES
#define POINTS (4 * POINT_GROUPS)
#else
#define POINTS (4 * COLUMN)
#endif
shared real4 s_values[4 * ROW * COLUMN];

#if SLICE
#ifdef WHOLE
shared real4 s_weights[SLICE * ROW];
#else
shared real4 s_weights[2 * SLICE * ROW];
#endif
real4 next[WEIGHT_FETCHES];

#define FETCH(n) { if (IN_PART(n, SLICE * ROW)) next[n] = weights[begin + thread + n * THREADS]; }
#define STORE(n) { if (IN_PART(n, SLICE * ROW)) s_weights[half_begin + thread + n * THREADS] = next[n]; }

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
#define TAKE_FIRST_WEIGHTS(u, k) { \
    wx[u] = weights[at + ROW + UNITS_AT(u)]; wy[u] = weights[at + 2 * ROW + UNITS_AT(u)]; \
    wr[u] = weights[at + INPUTS * ROW + UNITS_AT(u)]; }
#define TAKE_POINTS(p, k) take_points(first_point + 4 * POINTS_AT(p), x[p], y[p], r[p]);

void first_layer(int at, int first_point) {
    real4 x[POINT_VECTORS], y[POINT_VECTORS], r[POINT_VECTORS];
    real4 wx[UNIT_VECTORS], wy[UNIT_VECTORS], wr[UNIT_VECTORS];
#ifdef DERIVATIVES
    take_sheets(first_point + 4 * point_group, x, y, r);
#else
    EACH_POINT(TAKE_POINTS, 0)
#endif
    EACH_UNIT(TAKE_FIRST_WEIGHTS, 0)
    EACH_SUM(FIRST)
}

// Leaves with every invocation past its last read of s_values.
void hidden_layer(int at, int inputs) {
    EACH_SUM(CLEAR)
    int row;
#ifdef WHOLE
    fetch_slice(at + ROW);
    store_slice(0);
    sync();
    row = 0;
    for (int from = 0; from < SLICE; from += STEPS) {
        EACH_STEP(STEP)
        row += STEPS * ROW;
    }
    sync();
#elif SLICE
    fetch_slice(at + ROW);
    store_slice(0);
    sync();
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
        sync();
    }
#else
    sync();
    row = at + ROW;
    for (int from = 0; from < inputs; from += STEPS) {
        EACH_STEP(STEP)
        row += STEPS * ROW;
    }
    sync();
#endif
}

#ifdef SLOPE
#include "lib/slope.glsl"
#endif

#ifdef PERTURBED
#include "lib/difference.glsl"
#include "lib/step.glsl"
DEFINE_STEP(hidden_step, ACTIVATION)
DEFINE_STEP(output_step, OUTPUT_ACTIVATION)
Step steps[UNIT_VECTORS];
#define TAKE_UNITS(u, k) steps[u] = take_step(step_head(layer), layer, UNITS_AT(u));
#define HIDDEN(u, i, p) hidden_step(e[PLACE(u, i, p)], unit_step(steps[u], i))
#define LAST_STEP take_step(step_head(u_layers - 1), u_layers - 1, 0)
#define OUTPUT(sum, bias) output_step(sum, LAST_STEP)
#ifdef SLOPE
#include "lib/difference_slope.glsl"
#endif
#ifdef DERIVATIVES
DEFINE_TANGENT(hidden_tangent, SLOPE)
DEFINE_TANGENT(output_tangent, OUTPUT_SLOPE)
#define HIDDEN_FACTOR(u, i) hidden_tangent(e[PLACE(u, i, 0)], unit_step(steps[u], i))
#define OUTPUT_FACTOR(sum, bias) output_tangent(sum, LAST_STEP)
#endif
#ifdef PATTERN
DEFINE_PIECE(hidden_piece, SLOPE)
DEFINE_PIECE(output_piece, OUTPUT_SLOPE)
#define PIECE(u, i, p) hidden_piece(e[PLACE(u, i, p)], unit_step(steps[u], i))
#define OUTPUT_PIECE(sum, bias) output_piece(sum, LAST_STEP)
#endif
#else
#define TAKE_UNITS(u, k) w[u] = weights[at + UNITS_AT(u)];
#define HIDDEN(u, i, p) ACTIVATION(clamp_preactivation(e[PLACE(u, i, p)] + w[u][i]))
#define OUTPUT(sum, bias) OUTPUT_ACTIVATION(clamp_preactivation(sum + bias))
#ifdef DERIVATIVES
uniform int u_shrink;  // in 1/1024 of a doubling
#define HIDDEN_FACTOR(u, i) \
    layer_shrink(u_shrink, layer) * SLOPE(clamp_preactivation(e[PLACE(u, i, 0)] + w[u][i])) * within_limit(e[PLACE(u, i, 0)] + w[u][i])
#define OUTPUT_FACTOR(sum, bias) \
    layer_shrink(u_shrink, u_layers - 1) * OUTPUT_SLOPE(clamp_preactivation(sum + bias)) * within_limit(sum + bias)
#endif
#ifdef PATTERN
#define PIECE(u, i, p) SLOPE(e[PLACE(u, i, p)] + w[u][i])
#define OUTPUT_PIECE(sum, bias) OUTPUT_SLOPE(sum + bias)
#endif
#endif

#define VALUE_AT(u, i, p) s_values[(4 * UNITS_AT(u) + i) * COLUMN + POINTS_AT(p)]
#define FINISH(u, i, p) VALUE_AT(u, i, p) = HIDDEN(u, i, p);
#ifdef DERIVATIVES
real4 factor;
#define FINISH_ROW(u, i) { \
    factor = HIDDEN_FACTOR(u, i); VALUE_AT(u, i, 0) = HIDDEN(u, i, 0); \
    VALUE_AT(u, i, 1) = clamp_preactivation(factor * e[PLACE(u, i, 1)]); \
    VALUE_AT(u, i, 2) = clamp_preactivation(factor * e[PLACE(u, i, 2)]); }
#endif

#ifdef PATTERN
#define PIECE_LAYER layer
#define PIECE_UNITS(u) UNITS_AT(u)
#define PIECE_POINT(p) first_point + 4 * POINTS_AT(p)
#include "lib/piece.glsl"

// What the output layer's four units add at one point.
uvec4 output_words(real4 piece) {
    int last = u_layers - 1;
    return words_of(unit_words(last, 0), piece.x) + words_of(unit_words(last, 1), piece.y)
        + words_of(unit_words(last, 2), piece.z) + words_of(unit_words(last, 3), piece.w);
}
#endif

#define OUTPUT_STEP(k) sum += weights[at + (k)] * s_values[(from + (k)) * COLUMN + number / 4][number % 4];

// The inputs of a network of one layer.
real3 output_inputs(int first_point, int number) {
#ifdef DERIVATIVES
    int sheet = number / POINTS;
    number %= POINTS;
#endif
    real2 p = tile_point(first_point + number);
#ifdef DERIVATIVES
#if INPUTS == 3
    real2 slope = radial_slope(p);
#else
    real2 slope = real2(0.0);
#endif
    if (sheet == 1) return real3(1.0, 0.0, slope.x);
    if (sheet == 2) return real3(0.0, 1.0, slope.y);
#endif
#if INPUTS == 3
    return real3(p, radial_input(p));
#else
    return real3(p, 0.0);
#endif
}

// The sums of up to four units at one point; a network of one layer is fed coordinates here.
real4 output_sum(int at, int inputs, int first_point, int number) {
    real4 sum = real4(0.0);
    at++;
    if (u_layers == 1) {
        real3 p = output_inputs(first_point, number);
        sum = weights[at] * p.x + weights[at + 1] * p.y;
#if INPUTS == 3
        sum += weights[at + 2] * p.z;
#endif
    } else {
        for (int from = 0; from < inputs; from += STEPS) {
            EACH_STEP(OUTPUT_STEP)
            at += STEPS;
        }
    }
    return sum;
}

// Write what comes out at one point.
void put_outputs(int at, int inputs, int first_point, int number) {
    real4 bias = weights[at];
    real4 sum = output_sum(at, inputs, first_point, number);
#if defined(DERIVATIVES)
    real4 slope = OUTPUT_FACTOR(sum, bias);
    put_sheet(first_point + number, 0, OUTPUT(sum, bias));
    for (int sheet = 1; sheet < 3; sheet++) {
        sum = output_sum(at, inputs, first_point, number + sheet * POINTS);
        put_sheet(first_point + number, sheet, clamp_preactivation(slope * sum));
    }
#elif defined(PATTERN)
    if (COUNT_OUTPUT) add_words(first_point + number, output_words(OUTPUT_PIECE(sum, bias)));
#else
    put_all(first_point + number, OUTPUT(sum, bias));
#endif
}

void main() {
#ifdef PATTERN
    EACH_POINT(CLEAR_SUMS, 0)
#endif
    int first_point = int(gl_WorkGroupID.x) * POINTS;
    for (int layer = 0; layer < u_layers - 1; layer++) {
        int at = places[layer].x;
        if (layer == 0) first_layer(at, first_point);
        else hidden_layer(at, places[layer].y);
        EACH_UNIT(TAKE_UNITS, 0)
#ifdef DERIVATIVES
        EACH_ROW(FINISH_ROW)
#else
        EACH_SUM(FINISH)
#endif
#ifdef PATTERN
        if (COUNT_HIDDEN) {
            EACH_SUM(COUNT)
        }
#endif
    }
    sync();
#ifdef PATTERN
    EACH_POINT(ADD_SUMS, 0)
#endif
    ivec2 last = places[u_layers - 1];
    for (int number = thread; number < POINTS; number += THREADS)
        put_outputs(last.x, last.y, first_point, number);
}
