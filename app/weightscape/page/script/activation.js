// The activation functions in doubles, and their slopes: twin of network/activation.py.

// e^(-k a²) for 0 <= a <= 40 in two factors: rounding a² itself would cost the tail a² ulp.
function expMinusSquare(a, k) {
  const near = Math.round(a * 64) / 64;
  return Math.exp(-k * near * near) * Math.exp(-k * (a - near) * (a + near));
}

// e^(x²) erfc(x) for x >= 0, by Clenshaw's recurrence.
function erfcx(x) {
  const [first, ...rest] = NUMBERS.chebyshev, t = (x - 3.75) / (x + 3.75);
  let [b1, b2] = [0, 0];
  for (const c of rest.reverse()) [b1, b2] = [2 * t * b1 - b2 + c, b1];
  return (t * b1 - b2 + first) / (1 + 2 * x);
}

function sigmoid(z) {
  return 1 / (1 + Math.exp(-z));
}

function sigmoidSlope(z) {
  const e = Math.exp(-Math.abs(z));
  return e / (1 + e) ** 2;
}

function gelu(z) {
  const a = Math.min(Math.abs(z), 40);
  return Math.max(z, 0) - 0.5 * a * erfcx(a * Math.SQRT1_2) * expMinusSquare(a, 0.5);
}

function geluSlope(z) {
  const a = Math.min(Math.abs(z), 40);
  const left = (0.5 * erfcx(a * Math.SQRT1_2) - a / Math.sqrt(2 * Math.PI)) * expMinusSquare(a, 0.5);
  return z > 0 ? 1 - left : left;
}

// The nearest whole number, of two that are as near the even one.
function rint(x) {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function triangle(z) {
  const w = z - 4 * rint(0.25 * z);
  return Math.max(-2 - w, Math.min(w, 2 - w));
}

// Name: f and its slope.
const ACTIVATIONS = {
  identity: [(z) => z, () => 1],
  tanh: [Math.tanh, (z) => 4 * sigmoidSlope(2 * z)],
  sigmoid: [sigmoid, sigmoidSlope],
  relu: [(z) => Math.max(z, 0), (z) => Number(z > 0)],
  leaky_relu: [(z) => Math.max(z, 0.01 * z), (z) => (z > 0 ? 1 : 0.01)],
  elu: [(z) => Math.max(z, 0) + Math.expm1(Math.min(z, 0)), (z) => Math.exp(Math.min(z, 0))],
  softplus: [(z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), sigmoid],
  gelu: [gelu, geluSlope],
  silu: [(z) => z * sigmoid(z), (z) => sigmoid(z) + z * sigmoidSlope(z)],
  softsign: [(z) => z / (1 + Math.abs(z)), (z) => (1 / (1 + Math.abs(z))) ** 2],
  sin: [Math.sin, Math.cos],
  cos: [Math.cos, (z) => -Math.sin(z)],
  gaussian: [
    (z) => expMinusSquare(Math.min(Math.abs(z), 40), 1),
    (z) => -2 * z * expMinusSquare(Math.min(Math.abs(z), 40), 1),
  ],
  abs: [Math.abs, Math.sign],
  triangle: [triangle, (z) => Math.sign(1 - Math.abs(z - 4 * rint(0.25 * z)))],
};

// The probabilities of one point's pre-activations.
function softmax(z) {
  const most = z.reduce((a, b) => Math.max(a, b));
  const e = z.map((each) => Math.exp(each - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map((each) => each / sum);
}
