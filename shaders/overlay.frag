#version 330 core
// The user interface over the picture: colour times coverage, with straight alpha, in display values.

uniform sampler2D u_texture;

in vec2 v_uv;
in vec4 v_color;

out vec4 out_color;

void main() {
    out_color = v_color * texture(u_texture, v_uv);
}
