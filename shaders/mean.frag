#version 330 core
// What comes out: the smooth picture, the mean of all samples that have been added up.

uniform sampler2D u_total;
uniform float u_samples;

layout(location = 0) out vec4 out_color;

void main() {
    out_color = vec4(texelFetch(u_total, ivec2(gl_FragCoord.xy), 0).rgb / u_samples, 1.0);
}
