// A classifier's colours, twin of winners() in lens/winner.py: a class has its colour, darker where the second comes
// close.

// Paul Tol's "muted" scheme (2021), in 255ths.
const vec3 CLASS_COLOURS[10] = vec3[10](
    vec3(51.0, 34.0, 136.0), vec3(136.0, 204.0, 238.0), vec3(68.0, 170.0, 153.0), vec3(17.0, 119.0, 51.0),
    vec3(153.0, 153.0, 51.0), vec3(221.0, 204.0, 119.0), vec3(204.0, 102.0, 119.0), vec3(136.0, 34.0, 85.0),
    vec3(170.0, 68.0, 153.0), vec3(221.0, 221.0, 221.0)
);
const float DARKEST = 0.25;

// `margin`: by how much the largest output exceeds the second.
vec3 winner(int largest, float margin) {
    return CLASS_COLOURS[largest % 10] / 255.0 * (DARKEST + (1.0 - DARKEST) * sqrt(clamp(margin, 0.0, 1.0)));
}
