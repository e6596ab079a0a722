// Probabilities of the first `units` of up to four pre-activations, twin of softmax() in network/softmax.py.

#include "lib/activation.glsl"

vec4 softmax(vec4 z, int units) {
    bvec4 is_unit = lessThan(ivec4(0, 1, 2, 3), ivec4(units));
    z = mix(vec4(-PREACTIVATION_LIMIT), z, is_unit);
    vec4 e = exp_falling(z - max(max(z.x, z.y), max(z.z, z.w)));
    e = mix(vec4(0.0), e, is_unit);
    return e / (e.x + e.y + e.z + e.w);
}
