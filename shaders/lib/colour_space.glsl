// Colour spaces, twin of scene/colour_space.py: display (sRGB-encoded) values, linear light, OKLab (Björn Ottosson,
// https://bottosson.github.io/posts/oklab/), HSV.

const int HALVINGS = 12;
const float SLACK = 2e-6;
const float TURN = 6.28318531;

// What OKLab's three roots gain by a and b, and linear light of three cubes.
const mat3 ROOTS = mat3(1.0, 1.0, 1.0, 0.3963377774, -0.1055613458, -0.0894841775, 0.2158037573, -0.0638541728, -1.2914855480);
const mat3 LIGHT = mat3(
    4.0767416621, -1.2684380046, -0.0041960863, -3.3077115913, 2.6097574011, -0.7034186147, 0.2309699292, -0.3413193965, 1.7076147010
);
const mat3 LMS = mat3(
    0.4122214708, 0.2119034982, 0.0883024619, 0.5363325363, 0.6806995451, 0.2817188376, 0.0514459929, 0.1073969566, 0.6299787005
);
const mat3 LAB = mat3(
    0.2104542553, 1.9779984951, 0.0259040371, 0.7936177850, -2.4285922050, 0.7827717662, -0.0040720468, 0.4505937099, -0.8086757660
);

// Of display values in 0..1.
vec3 linear(vec3 shown) {
    return mix(pow((shown + 0.055) / 1.055, vec3(2.4)), shown / 12.92, lessThanEqual(shown, vec3(0.04045)));
}

// Of light in 0..1.
vec3 display(vec3 light) {
    return mix(1.055 * pow(light, vec3(1.0 / 2.4)) - 0.055, light * 12.92, lessThanEqual(light, vec3(0.0031308)));
}

// The grey that gives as much light.
float grey(vec3 shown) {
    return display(vec3(min(dot(linear(shown), vec3(0.2126, 0.7152, 0.0722)), 1.0))).x;
}

// Of linear light in 0..1.
vec3 oklab(vec3 light) {
    return LAB * pow(LMS * light, vec3(1.0 / 3.0));
}

vec3 rgb_of_hsv(vec3 hsv) {
    vec3 sixth = mod(hsv.x * 6.0 + vec3(5.0, 3.0, 1.0), 6.0);
    return hsv.z - hsv.z * hsv.y * clamp(min(sixth, 4.0 - sixth), 0.0, 1.0);
}

// What no screen shows loses chroma, and keeps lightness and hue. Light is a cubic in the part of the chroma that is
// kept, for the roots are lightness + part * k and light is a sum of their cubes.
vec3 rgb_of_oklab(vec3 lab) {
    float lightness = clamp(lab.x, 0.0, 1.0);
    vec3 k = ROOTS * vec3(0.0, lab.yz);
    vec3 first = 3.0 * lightness * lightness * (LIGHT * k);
    vec3 second = 3.0 * lightness * (LIGHT * (k * k));
    vec3 third = LIGHT * (k * k * k);
    float one = lightness * lightness * lightness;
    vec3 light = third + second + first + one;
    if (any(greaterThan(abs(light - 0.5), vec3(0.5 + SLACK)))) {
        float low = 0.0;
        float part = 1.0;
        for (int n = 0; n < HALVINGS; n++) {
            part *= 0.5;
            float middle = low + part;
            light = ((third * middle + second) * middle + first) * middle + one;
            if (all(lessThanEqual(abs(light - 0.5), vec3(0.5)))) low = middle;
        }
        light = ((third * low + second) * low + first) * low + one;
    }
    return display(clamp(light, 0.0, 1.0));
}

// The hue of OKLab, so many turns farther.
vec3 turned(vec3 lab, float turns) {
    float c = cos(TURN * turns);
    float s = sin(TURN * turns);
    return vec3(lab.x, c * lab.y - s * lab.z, s * lab.y + c * lab.z);
}
