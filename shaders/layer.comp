#version 430 core
// What comes out: one layer's activations at every point, for networks too wide to keep in a workgroup; or, of the
// last layer, the network's outputs.
//
// A matrix product in tiles: a workgroup makes 4 ROW units at 4 COLUMN points. Slices of SLICE inputs, weights and
// activations, pass through shared memory in two halves: while one is multiplied, the next is on its way in
// registers to the other. Between layers the activations stand in storage buffers as [unit][four points], padded to
// whole tiles; padded units hold ACTIVATION(0) and meet weights of zero.
//
// Shape, by define: lib/workgroup.glsl's, ACTIVATION, FIRST (1 for the layer that is fed coordinates), LAST (1 for
// the one whose values are the outputs), INPUTS (2, or 3 with r). With PERTURBED, differences from the picture's
// centre: no biases, and lib/step.glsl for activations, whose names are then those of lib/difference.glsl.
//
// With DERIVATIVES, POINT_VECTORS is 3: four points and their tangents, as in fused.comp, and a workgroup's stand in
// the buffers as three sheets, one beside the other. With PATTERN the words of units that are on are added up, too
// (lib/piece.glsl). Both: SLOPE; the former: the repetition EACH_ROW.
// With DOUBLE, all of this in double precision (lib/real.glsl).

#include "lib/real.glsl"
#include "lib/activation.glsl"
#include "lib/input.glsl"
#include "lib/point.glsl"

// A row of biases, then a row of weights for each input; u_row vec4s a row.
layout(std430, binding = 0) readonly restrict buffer Weights { real4 weights[]; };
layout(std430, binding = 2) readonly restrict buffer Inputs { real4 inputs[]; };
layout(std430, binding = 3) writeonly restrict buffer Outputs { real4 outputs[]; };

uniform int u_layer;   // where this layer's weights begin
uniform int u_inputs;  // rows of its input, a multiple of SLICE
uniform int u_row;     // vec4s in a row of its weights
uniform int u_column;  // vec4s in a row of activations
uniform int u_tile;    // the submission's first row of workgroups: a slow driver gets a layer in several

#define TAKE_WEIGHT(u, k) w[u] = s_weights[(from + (k)) * ROW + UNITS_AT(u)];
#define TAKE_INPUT(p, k) a[p] = s_inputs[(from + (k)) * COLUMN + POINTS_AT(p)];
#include "lib/workgroup.glsl"

int first_unit = (u_tile + int(gl_WorkGroupID.y)) * ROW;  // in vec4s
int first_point = int(gl_WorkGroupID.x) * COLUMN;         // in vec4s

#if FIRST
#define TAKE_POINTS(p, k) take_points(4 * (first_point + POINTS_AT(p)), x[p], y[p], r[p]);
#define TAKE_FIRST_WEIGHTS(u, k) { \
    at = u_layer + first_unit + UNITS_AT(u); \
    wx[u] = weights[at + u_row]; wy[u] = weights[at + 2 * u_row]; wr[u] = weights[at + INPUTS * u_row]; }
#if INPUTS == 3
#define FIRST_SUM(u, i, p) \
    e[PLACE(u, i, p)] = wx[u][i] * x[p] + wy[u][i] * y[p] + wr[u][i] * r[p];
#else
#define FIRST_SUM(u, i, p) e[PLACE(u, i, p)] = wx[u][i] * x[p] + wy[u][i] * y[p];
#endif

void multiply() {
    int at;
    real4 x[POINT_VECTORS], y[POINT_VECTORS], r[POINT_VECTORS];
    real4 wx[UNIT_VECTORS], wy[UNIT_VECTORS], wr[UNIT_VECTORS];
#ifdef DERIVATIVES
    take_sheets(4 * (int(gl_WorkGroupID.x) * POINT_GROUPS + point_group), x, y, r);
#else
    EACH_POINT(TAKE_POINTS, 0)
#endif
    EACH_UNIT(TAKE_FIRST_WEIGHTS, 0)
    EACH_SUM(FIRST_SUM)
}
#else
shared real4 s_weights[2 * SLICE * ROW];
shared real4 s_inputs[2 * SLICE * COLUMN];
real4 next_weights[WEIGHT_FETCHES];
real4 next_inputs[INPUT_FETCHES];

#define FETCH_WEIGHT(n) { \
    i = thread + n * THREADS; if (IN_PART(n, SLICE * ROW)) \
    next_weights[n] = weights[u_layer + (1 + slice + i / ROW) * u_row + first_unit + i % ROW]; }
#define FETCH_INPUT(n) { \
    i = thread + n * THREADS; if (IN_PART(n, SLICE * COLUMN)) \
    next_inputs[n] = inputs[(slice + i / COLUMN) * u_column + first_point + i % COLUMN]; }
#define STORE_WEIGHT(n) \
    { if (IN_PART(n, SLICE * ROW)) s_weights[row * ROW + thread + n * THREADS] = next_weights[n]; }
#define STORE_INPUT(n) \
    { if (IN_PART(n, SLICE * COLUMN)) s_inputs[row * COLUMN + thread + n * THREADS] = next_inputs[n]; }

void fetch_slice(int slice) {
    int i;
    EACH_WEIGHT_FETCH(FETCH_WEIGHT)
    EACH_INPUT_FETCH(FETCH_INPUT)
}

void store_slice(int row) {
    EACH_WEIGHT_FETCH(STORE_WEIGHT)
    EACH_INPUT_FETCH(STORE_INPUT)
}

void multiply() {
    EACH_SUM(CLEAR)
    fetch_slice(0);
    store_slice(0);
    sync();
    int begin = 0;
    for (int slice = 0; slice < u_inputs; slice += SLICE) {
        bool more = slice + SLICE < u_inputs;
        if (more) fetch_slice(slice + SLICE);
        for (int from = begin; from < begin + SLICE; from += STEPS) {
            EACH_STEP(STEP)
        }
        begin = SLICE - begin;
        if (more) store_slice(begin);
        sync();
    }
}
#endif

#ifdef SLOPE
#include "lib/slope.glsl"
#endif

#if defined(DERIVATIVES) || defined(PATTERN)
uniform int u_number;  // this layer's, from 0
#endif

#ifdef PERTURBED
#include "lib/difference.glsl"
#include "lib/step.glsl"
uniform int u_step;  // this layer's row of steps
DEFINE_STEP(layer_step, ACTIVATION)
Step steps[UNIT_VECTORS];
#define TAKE_UNITS(u, k) steps[u] = take_step(step_head(u_step), u_step, first_unit + UNITS_AT(u));
#define ACTIVATE(u, i, p) layer_step(e[PLACE(u, i, p)], unit_step(steps[u], i))
#ifdef SLOPE
#include "lib/difference_slope.glsl"
#endif
#ifdef DERIVATIVES
DEFINE_TANGENT(layer_tangent, SLOPE)
#define FACTOR(u, i) layer_tangent(e[PLACE(u, i, 0)], unit_step(steps[u], i))
#endif
#ifdef PATTERN
DEFINE_PIECE(layer_piece, SLOPE)
#define PIECE(u, i, p) layer_piece(e[PLACE(u, i, p)], unit_step(steps[u], i))
#endif
#else
#define TAKE_UNITS(u, k) w[u] = weights[u_layer + first_unit + UNITS_AT(u)];
#define ACTIVATE(u, i, p) ACTIVATION(clamp_preactivation(e[PLACE(u, i, p)] + w[u][i]))
#ifdef DERIVATIVES
uniform int u_shrink;  // in 1/1024 of a doubling
#define FACTOR(u, i) \
    layer_shrink(u_shrink, u_number) * SLOPE(clamp_preactivation(e[PLACE(u, i, 0)] + w[u][i])) * within_limit(e[PLACE(u, i, 0)] + w[u][i])
#endif
#define PIECE(u, i, p) SLOPE(e[PLACE(u, i, p)] + w[u][i])
#endif
#if LAST
#define FINISH(u, i, p) put_four(4 * (first_point + POINTS_AT(p)), \
    4 * (first_unit + UNITS_AT(u)) + i, ACTIVATE(u, i, p));

void put_four(int number, int channel, real4 value) {
    put(number, channel, value.x);
    put(number + 1, channel, value.y);
    put(number + 2, channel, value.z);
    put(number + 3, channel, value.w);
}
#else
#define VALUE_AT(u, i, p) outputs[(4 * (first_unit + UNITS_AT(u)) + i) * u_column + first_point + POINTS_AT(p)]
#define FINISH(u, i, p) VALUE_AT(u, i, p) = ACTIVATE(u, i, p);
#endif
#ifdef DERIVATIVES
real4 factor;
#define FINISH_ROW(u, i) { \
    factor = FACTOR(u, i); VALUE_AT(u, i, 0) = ACTIVATE(u, i, 0); \
    VALUE_AT(u, i, 1) = clamp_preactivation(factor * e[PLACE(u, i, 1)]); \
    VALUE_AT(u, i, 2) = clamp_preactivation(factor * e[PLACE(u, i, 2)]); }
#endif

#ifdef PATTERN
#define PIECE_LAYER u_number
#define PIECE_UNITS(u) (first_unit + UNITS_AT(u))
#define PIECE_POINT(p) 4 * (first_point + POINTS_AT(p))
#include "lib/piece.glsl"
#endif

void main() {
    multiply();
    EACH_UNIT(TAKE_UNITS, 0)
#ifdef DERIVATIVES
    EACH_ROW(FINISH_ROW)
#else
    EACH_SUM(FINISH)
#endif
#ifdef PATTERN
    EACH_POINT(CLEAR_SUMS, 0)
    EACH_SUM(COUNT)
    EACH_POINT(ADD_SUMS, 0)
#endif
}
