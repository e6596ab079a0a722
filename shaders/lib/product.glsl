// The sums of an invocation's units at its points (lib/workgroup.glsl), in registers, and what follows them.
//
// What touches e, w or a is a macro with constant indices, spelt out by a repetition: registers are not indexed by a
// variable, and one loop over e that a compiler leaves a loop puts all sums into memory. Seen on llvmpipe: 18 layers of
// 30 units, two vec4s of units an invocation, take 1.5 times as long where EACH_SUM is three loops. (It unrolls loops
// in place of EACH_TILE, EACH_STEP, EACH_UNIT and EACH_POINT, which took 0.8 to 1.0 times as long. What compilers of
// GPUs unroll was not measured.) All the rest is functions and loops.
//
// The shader has `weights`, put_value, and TAKE_WEIGHT(u, k) and TAKE_INPUT(p, k), which fetch w[u] and a[p] of input
// from + k; with PATTERN COUNT_HIDDEN, whether its units are counted.

#ifdef PATTERN
#include "lib/piece.glsl"
#endif

#define PLACE(u, i, p) ((4 * (u) + (i)) * POINT_VECTORS + (p))

real4 e[4 * UNIT_VECTORS * POINT_VECTORS];
real4 w[UNIT_VECTORS];
real4 a[POINT_VECTORS];

#define CLEAR(u, i, p) e[PLACE(u, i, p)] = real4(0.0);
#define ACCUMULATE(u, p) { \
    e[PLACE(u, 0, p)] += w[u].x * a[p]; e[PLACE(u, 1, p)] += w[u].y * a[p]; \
    e[PLACE(u, 2, p)] += w[u].z * a[p]; e[PLACE(u, 3, p)] += w[u].w * a[p]; }
#define MULTIPLY(k) { EACH_UNIT(TAKE_WEIGHT, k) EACH_POINT(TAKE_INPUT, k) EACH_TILE(ACCUMULATE) }

#ifdef TAKE_WEIGHT
// Add the products of the inputs `begin` .. `end`, whose weights stand from `row` on.
void multiply(int row, int begin, int end) {
    for (int from = begin; from < end; from += STEPS) {
        EACH_STEP(MULTIPLY)
        row += STEPS * ROW;
    }
}
#endif

#if INPUTS == 3
#define FIRST_SUM(u, i, p) e[PLACE(u, i, p)] = wx[u][i] * x[p] + wy[u][i] * y[p] + wr[u][i] * r[p];
#else
#define FIRST_SUM(u, i, p) e[PLACE(u, i, p)] = wx[u][i] * x[p] + wy[u][i] * y[p];
#endif

// Make the sums of a layer that is fed coordinates. `at` is where the biases of the workgroup's first units stand, and
// rows are `row` vec4s long.
void multiply_coordinates(int at, int row) {
    real4 x[POINT_VECTORS], y[POINT_VECTORS], r[POINT_VECTORS];
    real4 wx[UNIT_VECTORS], wy[UNIT_VECTORS], wr[UNIT_VECTORS];
#ifdef DERIVATIVES
    take_sheets(point_at(0), x, y, r);
#else
    for (int p = 0; p < POINT_VECTORS; p++) take_points(point_at(p), x[p], y[p], r[p]);
#endif
    for (int u = 0; u < UNIT_VECTORS; u++) {
        wx[u] = weights[at + row + UNITS_AT(u)];
        wy[u] = weights[at + 2 * row + UNITS_AT(u)];
        wr[u] = weights[at + INPUTS * row + UNITS_AT(u)];
    }
    EACH_SUM(FIRST_SUM)
}

Unit units[UNIT_VECTORS];

#ifdef DERIVATIVES
void finish_unit(int unit, Unit made, real4 sum, real4 by_x, real4 by_y) {
    real4 factor = finish_factor(sum, made);
    put_value(unit, 0, finish(sum, made));
    put_value(unit, 1, clamp_preactivation(factor * by_x));
    put_value(unit, 2, clamp_preactivation(factor * by_y));
}
#define FINISH(u, i) \
    finish_unit(4 * (first + UNITS_AT(u)) + i, one_unit(units[u], i), \
        e[PLACE(u, i, 0)], e[PLACE(u, i, 1)], e[PLACE(u, i, 2)]);
#define EACH_FINISH EACH_ROW(FINISH)
#else
void finish_unit(int number, int unit, Unit made, int p, real4 sum) {
    put_value(unit, p, finish(sum, made));
#ifdef PATTERN
    if (COUNT_HIDDEN) count_unit(number, unit, p, finish_piece(sum, made));
#endif
}
#define FINISH(u, i, p) \
    finish_unit(number, 4 * (first + UNITS_AT(u)) + i, one_unit(units[u], i), p, e[PLACE(u, i, p)]);
#define EACH_FINISH EACH_SUM(FINISH)
#endif

// Finish layer `number`, whose biases begin at `at`; the workgroup's units are those from the `first` four on.
void finish_units(int at, int number, int row, int first) {
    for (int u = 0; u < UNIT_VECTORS; u++) {
        int group = first + UNITS_AT(u);
        units[u] = take_unit(weights[at + group], number, row, group);
    }
    EACH_FINISH
}
