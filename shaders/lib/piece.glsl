// The patterns of a tile's points (lib/product.glsl, lib/pattern.glsl): each invocation sums up the words of its own
// units that are on, and adds them to what others found for the same points.

#include "lib/pattern.glsl"

uvec4 sums[4 * POINT_VECTORS];

void clear_sums() {
    for (int n = 0; n < 4 * POINT_VECTORS; n++) sums[n] = uvec4(0u);
}

// A unit's slopes at the p-th four points.
void count_unit(int layer, int unit, int p, real4 slope) {
    uvec4 words = unit_words(layer, unit);
    sums[4 * p] += words_of(words, slope.x);
    sums[4 * p + 1] += words_of(words, slope.y);
    sums[4 * p + 2] += words_of(words, slope.z);
    sums[4 * p + 3] += words_of(words, slope.w);
}

void add_sums() {
    for (int p = 0; p < POINT_VECTORS; p++) {
        for (int n = 0; n < 4; n++) add_words(point_at(p) + n, sums[4 * p + n]);
    }
}
