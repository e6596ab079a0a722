// A matrix product shared out to a workgroup: each invocation holds the sums of 4 UNIT_VECTORS units at
// 4 POINT_VECTORS points in registers, so that every number it loads serves many multiply-adds.
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
// EACH_TILE, EACH_SUM, EACH_STEP, EACH_WEIGHT_FETCH, EACH_INPUT_FETCH. TAKE_WEIGHT(u, k) and TAKE_INPUT(p, k) fetch
// w[u] and a[p]; the shader defines them.

#define ROW (UNIT_GROUPS * UNIT_VECTORS)
#define COLUMN (POINT_GROUPS * POINT_VECTORS)
#define PLACE(u, i, p) ((4 * (u) + (i)) * POINT_VECTORS + (p))

layout(local_size_x = THREADS) in;

int thread = int(gl_LocalInvocationIndex);
int point_group = thread % LANES + LANES * (thread / (LANES * UNIT_GROUPS));
int unit_group = thread / LANES % UNIT_GROUPS;

#define UNITS_AT(u) (unit_group + (u) * UNIT_GROUPS)
#define POINTS_AT(p) (point_group + (p) * POINT_GROUPS)

// Staging: a slice of `whole` vec4s is fetched in turns of THREADS, of which the last may be a part.
#define IN_PART(n, whole) ((whole) % THREADS == 0 || thread + (n) * THREADS < (whole))

// Let all threads come here, and see what each has stored.
void sync() {
    memoryBarrierShared();
    barrier();
}

real4 e[4 * UNIT_VECTORS * POINT_VECTORS];
real4 w[UNIT_VECTORS];
real4 a[POINT_VECTORS];

#define CLEAR(u, i, p) e[PLACE(u, i, p)] = real4(0.0);
#define ACCUMULATE(u, p) { \
    e[PLACE(u, 0, p)] += w[u].x * a[p]; e[PLACE(u, 1, p)] += w[u].y * a[p]; \
    e[PLACE(u, 2, p)] += w[u].z * a[p]; e[PLACE(u, 3, p)] += w[u].w * a[p]; }
#define STEP(k) EACH_UNIT(TAKE_WEIGHT, k) EACH_POINT(TAKE_INPUT, k) EACH_TILE(ACCUMULATE)
