// Which linear piece a point is in, twin of network/pattern.py: four words of 16 bits for each unit, summed over the
// units that are on; whoever sums takes the sums modulo 2^16.
// Valid in 330 core, 430 and 300 es.
#ifndef PATTERN_GLSL
#define PATTERN_GLSL

#include "lib/real.glsl"

// The finaliser of MurmurHash3 (Appleby 2008).
highp uint mixed_bits(highp uint number) {
    number = (number ^ (number >> 16)) * 0x85EBCA6Bu;
    number = (number ^ (number >> 13)) * 0xC2B2AE35u;
    return number ^ (number >> 16);
}

// The words of a unit of a layer, both counted from 0.
highp uvec4 unit_words(int layer, int unit) {
    highp uint number = (1u + 512u * uint(layer) + uint(unit)) * 0x9E3779B9u;
    highp uint first = mixed_bits(number);
    highp uint second = mixed_bits(number ^ 0xFFFFFFFFu);
    return uvec4(first & 0xFFFFu, first >> 16, second & 0xFFFFu, second >> 16);
}

// What a unit adds: its words where its slope is 1, on, and nothing where it is off (relu's is 0 there, leaky_relu's
// 0.01, that of abs -1).
highp uvec4 words_of(highp uvec4 words, real slope) {
    return slope > 0.5 ? words : uvec4(0u);
}

// What four units of a layer add at a point.
highp uvec4 group_words(int layer, int group, real4 slope) {
    return words_of(unit_words(layer, 4 * group), slope.x) + words_of(unit_words(layer, 4 * group + 1), slope.y)
        + words_of(unit_words(layer, 4 * group + 2), slope.z) + words_of(unit_words(layer, 4 * group + 3), slope.w);
}

#endif
