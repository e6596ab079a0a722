#version 330 core
// What comes out: letters or a thumbnail, laid over what the canvas shows. Colours are multiplied by their alpha.

uniform sampler2D u_sprite;  // row 0 on top
uniform vec3 u_corner;       // left, top (pixels of the canvas, y down), the canvas's height

layout(location = 0) out vec4 out_color;

void main() {
    vec2 pixel = vec2(gl_FragCoord.x, u_corner.z - gl_FragCoord.y);
    out_color = texelFetch(u_sprite, ivec2(pixel - u_corner.xy), 0);
}
