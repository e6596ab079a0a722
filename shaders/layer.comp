#version 430 core
// What comes out: one layer's activations at every point, for networks too wide to keep in a workgroup; or, of the
// last layer, the network's outputs.
//
// A matrix product in tiles: a workgroup makes 4 ROW units at 4 COLUMN points. Slices of SLICE inputs, weights and
// activations, pass through shared memory in two halves: while one is multiplied, the next is on its way in
// registers to the other. Between layers the activations stand in storage buffers as [unit][four points], padded to
// whole tiles; padded units hold ACTIVATION(0) and meet weights of zero.
//
// Shape, by define: lib/workgroup.glsl's, lib/finish.glsl's, FIRST (1 for the layer that is fed coordinates), LAST (1
// for the one whose values are the outputs), INPUTS (2, or 3 with r). With PERTURBED, differences from the picture's
// centre: no biases.
//
// With DERIVATIVES, POINT_VECTORS is 3: four points and their tangents, as in fused.comp, and a workgroup's stand in
// the buffers as three sheets, one beside the other. With PATTERN the words of units that are on are added up, too
// (lib/piece.glsl).
// With DOUBLE, all of this in double precision (lib/real.glsl).

#include "lib/finish.glsl"
#include "lib/input.glsl"
#include "lib/point.glsl"
#include "lib/workgroup.glsl"

// A row of biases, then a row of weights for each input; u_row vec4s a row.
layout(std430, binding = 0) readonly restrict buffer Weights { real4 weights[]; };
layout(std430, binding = 2) readonly restrict buffer Inputs { real4 inputs[]; };
layout(std430, binding = 3) writeonly restrict buffer Outputs { real4 outputs[]; };

uniform int u_layer;   // where this layer's weights begin
uniform int u_inputs;  // rows of its input, a multiple of SLICE
uniform int u_row;     // vec4s in a row of its weights
uniform int u_column;  // vec4s in a row of activations
uniform int u_tile;    // the submission's first row of workgroups: a slow driver gets a layer in several
uniform int u_number;  // this layer's, from 0
uniform int u_step;    // its row of steps

int first_unit = (u_tile + int(gl_WorkGroupID.y)) * ROW;  // in vec4s
int first_column = int(gl_WorkGroupID.x) * COLUMN;        // in vec4s of activations, tangents included

#if !FIRST
shared real4 s_weights[2 * SLICE * ROW];
shared real4 s_inputs[2 * SLICE * COLUMN];
#define TAKE_WEIGHT(u, k) w[u] = s_weights[(from + (k)) * ROW + UNITS_AT(u)];
#define TAKE_INPUT(p, k) a[p] = s_inputs[(from + (k)) * COLUMN + POINTS_AT(p)];
#endif

// Write a unit's values at the p-th four points.
void put_value(int unit, int p, real4 value) {
#if LAST
    put(point_at(p), unit, value.x);
    put(point_at(p) + 1, unit, value.y);
    put(point_at(p) + 2, unit, value.z);
    put(point_at(p) + 3, unit, value.w);
#else
    outputs[unit * u_column + first_column + POINTS_AT(p)] = value;
#endif
}

#define COUNT_HIDDEN true
#include "lib/product.glsl"

#if !FIRST
real4 next_weights[WEIGHT_FETCHES];
real4 next_inputs[INPUT_FETCHES];

#define FETCH_WEIGHT(n) { \
    i = thread + n * THREADS; if (IN_PART(n, SLICE * ROW)) \
    next_weights[n] = weights[u_layer + (1 + slice + i / ROW) * u_row + first_unit + i % ROW]; }
#define FETCH_INPUT(n) { \
    i = thread + n * THREADS; if (IN_PART(n, SLICE * COLUMN)) \
    next_inputs[n] = inputs[(slice + i / COLUMN) * u_column + first_column + i % COLUMN]; }
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

void multiply_activations() {
    EACH_SUM(CLEAR)
    fetch_slice(0);
    store_slice(0);
    sync();
    int begin = 0;
    for (int slice = 0; slice < u_inputs; slice += SLICE) {
        bool more = slice + SLICE < u_inputs;
        if (more) fetch_slice(slice + SLICE);
        multiply(begin * ROW, begin, begin + SLICE);
        begin = SLICE - begin;
        if (more) store_slice(begin);
        sync();
    }
}
#endif

void main() {
#if FIRST
    multiply_coordinates(u_layer + first_unit, u_row);
#else
    multiply_activations();
#endif
#ifdef PATTERN
    clear_sums();
#endif
    finish_units(u_layer, u_number, u_step, first_unit);
#ifdef PATTERN
    add_sums();
#endif
}
