// A classifier's colours, twin of winners() in lens/winner.py: a class has its colour, darker where the second comes
// close.

// Paul Tol's "muted" scheme (2021), in 255ths.
const vec3 CLASS_COLOURS[10] = vec3[10](
    vec3(51.0, 34.0, 136.0), vec3(136.0, 204.0, 238.0), vec3(68.0, 170.0, 153.0), vec3(17.0, 119.0, 51.0),
    vec3(153.0, 153.0, 51.0), vec3(221.0, 204.0, 119.0), vec3(204.0, 102.0, 119.0), vec3(136.0, 34.0, 85.0),
    vec3(170.0, 68.0, 153.0), vec3(221.0, 221.0, 221.0)
);
// Three outputs are red, green and blue.
const vec3 THREE[3] = vec3[3](vec3(0.93, 0.36, 0.27), vec3(0.60, 0.92, 0.55), vec3(0.36, 0.58, 0.98));
const float DARKEST = 0.25;

// `margin`: by how much the largest of so many `classes` exceeds the second.
vec3 winner(int largest, int classes, float margin) {
    vec3 colour = classes == 3 ? THREE[largest % 3] : CLASS_COLOURS[largest % 10] / 255.0;
    return colour * (DARKEST + (1.0 - DARKEST) * sqrt(clamp(margin, 0.0, 1.0)));
}
