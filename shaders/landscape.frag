#version 330 core
// What comes out: a lit landscape against paper, its colours between the points of its lattice.

// Within the triangle: at the middle of a pixel of which it covers a corner alone, it would have any colour.
centroid in vec3 v_color;

layout(location = 0) out vec4 out_color;

void main() {
    out_color = vec4(clamp(v_color, 0.0, 1.0), 1.0);
}
