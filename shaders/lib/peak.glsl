// A long run of multiply-adds that nothing but arithmetic holds up: 16 independent chains, all in registers.
// A step is 8 multiply-adds of each (bench/peak.py counts with both numbers). What they begin and go on with comes
// from uniforms and from the invocation, so that no compiler can work it out beforehand.

uniform int u_steps;
uniform float u_factor;
uniform float u_offset;

#define MULTIPLY_ADD { \
    a = a * u_factor + u_offset; b = b * u_factor + u_offset; \
    c = c * u_factor + u_offset; d = d * u_factor + u_offset; }

vec4 multiply_adds(float start) {
    vec4 a = vec4(start, start + 0.1, start + 0.2, start + 0.3);
    vec4 b = a + 0.4;
    vec4 c = a + 0.5;
    vec4 d = a + 0.6;
    for (int step = 0; step < u_steps; step++) {
        MULTIPLY_ADD MULTIPLY_ADD MULTIPLY_ADD MULTIPLY_ADD
        MULTIPLY_ADD MULTIPLY_ADD MULTIPLY_ADD MULTIPLY_ADD
    }
    return a + b + c + d;
}
