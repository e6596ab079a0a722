// How a matrix product is shared out to a workgroup: each invocation holds the sums of 4 UNIT_VECTORS units at
// 4 POINT_VECTORS points in registers, so that every number it loads serves many multiply-adds (lib/product.glsl).
//
// A row of weights is ROW vec4s (four units each), a row of activations COLUMN vec4s (four points each). An
// invocation takes every UNIT_GROUPS-th vec4 of one and every POINT_GROUPS-th of the other: neighbours read
// neighbouring vec4s, so that eight invocations, which memory serves at once, meet LANES different vec4s of points
// side by side and 8 / LANES of weights: each its own banks or the very same word, hence no bank conflicts. (Eight
// points in a row for one invocation would put every fifth invocation on the first one's banks.) Where LANES is less
// than 8, writing a layer back, which is done once for all its inputs, meets two rows on the same banks.
//
// Shape, by define: UNIT_VECTORS, POINT_VECTORS, UNIT_GROUPS, POINT_GROUPS, THREADS (their product; a layout takes no
// arithmetic before 4.40), LANES, STEPS (inputs taken without a loop), SLICE (inputs staged in shared memory at once),
// WEIGHT_FETCHES and INPUT_FETCHES (vec4s an invocation stages of a slice), and the repetitions EACH_UNIT, EACH_POINT,
// EACH_TILE, EACH_ROW, EACH_SUM, EACH_STEP, EACH_WEIGHT_FETCH, EACH_INPUT_FETCH (lib/product.glsl says why).

#define ROW (UNIT_GROUPS * UNIT_VECTORS)
#define COLUMN (POINT_GROUPS * POINT_VECTORS)

layout(local_size_x = THREADS) in;

int thread = int(gl_LocalInvocationIndex);
int point_group = thread % LANES + LANES * (thread / (LANES * UNIT_GROUPS));
int unit_group = thread / LANES % UNIT_GROUPS;

#define UNITS_AT(u) (unit_group + (u) * UNIT_GROUPS)
#define POINTS_AT(p) (point_group + (p) * POINT_GROUPS)

// The workgroup's points: with DERIVATIVES its vec4s are of the points and of their two tangents.
#ifdef DERIVATIVES
#define POINTS (4 * POINT_GROUPS)
#else
#define POINTS (4 * COLUMN)
#endif
int first_point = int(gl_WorkGroupID.x) * POINTS;

// Where the invocation's p-th four points begin in the tile.
int point_at(int p) {
    return first_point + 4 * POINTS_AT(p);
}

// Staging: a slice of `whole` vec4s is fetched in turns of THREADS, of which the last may be a part.
#define IN_PART(n, whole) ((whole) % THREADS == 0 || thread + (n) * THREADS < (whole))

// Let all threads come here, and see what each has stored.
void sync() {
    memoryBarrierShared();
    barrier();
}
