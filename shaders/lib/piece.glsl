// The patterns of a tile's points (lib/workgroup.glsl, lib/pattern.glsl): each invocation sums up the words of its own
// units that are on, and adds them to what others found for the same points. PIECE(u, i, p) is the slope of unit i of
// four at four points; PIECE_LAYER is the layer's number, PIECE_UNITS(u) its four units' own, in vec4s, PIECE_POINT(p)
// the first point's.

#include "lib/pattern.glsl"

#ifdef DOUBLE
uvec4 words_of(uvec4 words, double slope) {
    return words_of(words, float(slope));
}
#endif

uvec4 sums[4 * POINT_VECTORS];
uvec4 words;
real4 piece;

#define CLEAR_SUMS(p, k) { \
    sums[4 * p] = uvec4(0u); sums[4 * p + 1] = uvec4(0u); sums[4 * p + 2] = uvec4(0u); sums[4 * p + 3] = uvec4(0u); }
#define COUNT(u, i, p) { \
    words = unit_words(PIECE_LAYER, 4 * PIECE_UNITS(u) + i); piece = PIECE(u, i, p); \
    sums[4 * p] += words_of(words, piece.x); sums[4 * p + 1] += words_of(words, piece.y); \
    sums[4 * p + 2] += words_of(words, piece.z); sums[4 * p + 3] += words_of(words, piece.w); }
#define ADD_SUMS(p, k) { \
    add_words(PIECE_POINT(p), sums[4 * p]); add_words(PIECE_POINT(p) + 1, sums[4 * p + 1]); \
    add_words(PIECE_POINT(p) + 2, sums[4 * p + 2]); add_words(PIECE_POINT(p) + 3, sums[4 * p + 3]); }
