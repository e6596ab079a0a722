#version 300 es
// What comes out: a network's picture as a shader for shadertoy.com, all layers in one invocation, one point a pixel.
// publish/shadertoy.py writes its numbers before it and keeps what is needed; the words here are part of what it writes.
//
// By define: DRAWN, where the weights are drawn here; ACTIVATION_OF_KIND, an expression of `kind` and `z`; INPUT_0 and perhaps INPUT_1, the inputs at a point;
// SOFTMAX; CURVE, a name of lib/activation.glsl, where values are not shown as they are; PALETTE, RED_GREEN or neither,
// as lib/shade.glsl has it; READ and THIRD, as there, where colours are not plain; FLOOR, where 8 bits are cut off.

#include "lib/activation.glsl"

#ifdef DRAWN
// The 64 bits of a product, the upper half first.
uvec2 product(uint a, uint b) {
    uint low = (a & 65535u) * (b >> 16u);
    uint high = (a >> 16u) * (b & 65535u) + (((a & 65535u) * (b & 65535u)) >> 16u);
    low += high & 65535u;
    return uvec2((a >> 16u) * (b >> 16u) + (high >> 16u) + (low >> 16u), a * b);
}

// Four random numbers in -1..1 of a counter, by Philox4x32-10, twin of network/philox.py.
vec4 drawn(uvec4 c) {
    uvec2 key = SEED;
    for (int k = 0; k < 10; k++) {
        uvec2 p = product(0xD2511F53u, c.x);
        uvec2 q = product(0xCD9E8D57u, c.z);
        c = uvec4(q.x ^ c.y ^ key.x, q.y, p.x ^ c.w ^ key.y, p.y);
        key += uvec2(0x9E3779B9u, 0xBB67AE85u);
    }
    return vec4(ivec4(c >> 9u) * 2 - 8388607) / 8388608.0;
}

// Four weights of each of four units: the inputs' fours and the units' fours are counted.
mat4 weights(int four, int group, int layer) {
    mat4 made;
    for (int k = 0; k < 4; k++) made[k] = drawn(uvec4(four, 4 * group + k, layer, 0));
    return made;
}
#else
// Four biases, or four weights of a unit: the bits of 32-bit floats.
vec4 numbers(int at) {
    return uintBitsToFloat(NUMBERS[at]);
}

// Four weights of each of four units.
mat4 weights(int at) {
    return mat4(numbers(at), numbers(at + 1), numbers(at + 2), numbers(at + 3));
}

#endif

// One of the network's activations.
vec4 activation(int kind, vec4 z) {
    return ACTIVATION_OF_KIND;
}

// How far the distance from the plane's origin is above that of the centre, d away from it.
float rise(vec2 d) {
    return dot(d, 2.0 * CENTER + d) / max(length(CENTER + d) + length(CENTER), 1e-37);
}

// Time in turns; one takes 12 seconds.
float turn() {
    return 6.28318531 * fract(TIME + iTime / 12.0);
}

// The network at a point, d away from the centre. Units stand in fours; a layer says in how many fours its inputs and
// its units come, where its numbers begin, and its activation.
vec4 network(vec2 d) {
    vec4 a[FOURS];
    vec4 n[FOURS];
    a[0] = INPUT_0;
#ifdef INPUT_1
    a[1] = INPUT_1;
#endif
#ifdef DRAWN
    for (int k = 0; k < LAYERS; k++) {
        bool last = k == LAYERS - 1;
        int layer = last ? 0 : k + 1;
        float size = last ? SIZES.z : k == 0 ? SIZES.x : SIZES.y;
        for (int group = 0; group < (last ? 1 : FOURS); group++) {
            vec4 z = SIZES.w * drawn(uvec4(group, 0, layer, 1));
            for (int four = 0; four < (k == 0 ? 1 : FOURS); four++) z += size * a[four] * weights(four, group, layer);
            z = activation(last ? LAST : 0, clamp_preactivation(z));
            n[group] = mix(z, vec4(0.0), greaterThanEqual(4 * group + ivec4(0, 1, 2, 3), ivec4(last ? 4 : WIDTH)));
        }
        a = n;
    }
#else
    for (int k = 0; k < LAYERS; k++) {
        ivec4 layer = LAYER[k];
        int at = layer.z;
        for (int group = 0; group < layer.y; group++) {
            vec4 bias = numbers(at++);
            vec4 z = vec4(0.0);
            for (int four = 0; four < layer.x; four++) {
                z += a[four] * weights(at);
                at += 4;
            }
            n[group] = activation(layer.w, clamp_preactivation(z + bias));
        }
        a = n;
    }
#endif
#ifdef SOFTMAX
    float most = a[0].x;
    for (int k = 0; k < OUTPUTS; k++) most = max(most, a[k / 4][k % 4]);
    float sum = 0.0;
    for (int k = 0; k < OUTPUTS; k++) sum += exp_falling(vec4(a[k / 4][k % 4] - most)).x;
    a[0] = exp_falling(a[0] - most) / sum;
#endif
    return a[0];
}

#ifdef PALETTE
// One entry of the palette, 0xRRGGBB.
vec3 entry(int n) {
    uint bits = COLORS[n];
    return vec3(bits >> 16u, (bits >> 8u) & 255u, bits & 255u) / 255.0;
}
#endif

#ifdef PALETTE
// The color of a number in 0..1.
vec3 palette(float value) {
    float place = value * 255.0;
    int low = min(int(place), 254);
    return mix(entry(low), entry(low + 1), place - float(low));
}
#endif

#ifdef READ
// 1 / gamma, whether dark is bright, how far hues or the palette have turned, whether the palette closes.
vec4 reading() {
    return vec4(BEND, INVERTED, fract(BEGUN + CYCLE * iTime / 12.0), CLOSES);
}
#define u_reading reading()
#include "lib/reading.glsl"
#endif

// Values to display colors.
vec3 shade(vec4 values) {
#ifdef CURVE
    values = CURVE(GAIN * (values - ZERO) + BIAS);
#endif
    vec4 shown = clamp(values, 0.0, 1.0);
#ifdef READ
#ifdef RED_GREEN
    vec3 color = READ(vec3(shown.xy, THIRD));
#else
    vec3 color = READ(shown.rgb);
#endif
#else
#ifdef PALETTE
    vec3 color = palette(shown.x);
#else
#ifdef RED_GREEN
    vec3 color = vec3(shown.xy, 0.0);
#else
    vec3 color = shown.rgb;
#endif
#endif
#endif
#ifdef FLOOR
    color = floor(255.0 * color) / 255.0;
#endif
    return color;
}

// Pixels to -1..1 on the short side, y up.
vec2 screen(vec2 pixel) {
    return (2.0 * pixel - iResolution.xy) / min(iResolution.x, iResolution.y);
}

// The point that the mouse presses follows it; up is nearer by 2^5 for half the height.
void mainImage(out vec4 color, in vec2 pixel) {
    vec2 place = screen(pixel);
    if (iMouse.z != 0.0) {
        vec2 pressed = screen(abs(iMouse.zw));
        vec2 hand = screen(iMouse.xy);
        place = pressed + (place - hand) * exp2(5.0 * (pressed.y - hand.y));
    }
    color = vec4(shade(network(TO_PLANE * place)), 1.0);
}
