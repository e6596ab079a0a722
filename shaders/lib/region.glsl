// Linear pieces' colours, twin of coloured() and boundary() in lens/region.py: a hue and a lightness from a pattern's words
// (lib/pattern.glsl), and whether a neighbour is of another piece.

const float BOUNDARY = 0.35;
const float TURN = 6.283185307179586;

vec3 coloured(vec4 words) {
    float hue = words.x / 65536.0;
    float light = words.y / 65536.0;
    float depth = words.z / 65536.0;
    // A cosine palette: three waves a third apart, which nowhere gets dark.
    vec3 phase = hue + vec3(0.0, 1.0 / 3.0, 2.0 / 3.0);
    vec3 waves = 0.5 + 0.5 * cos(TURN * phase);
    return clamp((0.45 + 0.4 * light) * (1.0 - (0.35 + 0.4 * depth) * (1.0 - waves)) * 1.15, 0.0, 1.0);
}

bool boundary(vec4 words, vec4 left, vec4 upper) {
    return words != left || words != upper;
}
