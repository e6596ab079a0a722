// How the numbers of a layer are drawn: twin of network/initialisation.py.

const SQRT_3 = Math.sqrt(3);

// Map a probability in (0, 1) to a standard normal deviate: AS 241.
function inverseNormal(u) {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(NUMBERS.centre, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(u, 1 - u)));
  const size = r <= 5 ? ratio(NUMBERS.shoulder, r - 1.6) : ratio(NUMBERS.tail, r - 5);
  return q < 0 ? -size : size;
}

function ratio([above, below], x) {
  return horner(above, x) / horner(below, x);
}

function horner(coefficients, x) {
  return coefficients.reduceRight((sum, each) => sum * x + each);
}

// Half the width of a layer's uniform weights: sqrt 3 times their standard deviation.
function halfWidth(rule, scale, nIn, nOut) {
  switch (rule) {
    case "fixed": return scale;
    case "lecun": return scale * SQRT_3 / Math.sqrt(nIn);
    case "glorot": return scale * SQRT_3 * Math.sqrt(2 / (nIn + nOut));
    case "he": return scale * SQRT_3 * Math.sqrt(2 / nIn);
    case "orthogonal": return scale * SQRT_3 / Math.sqrt(Math.max(nIn, nOut));
  }
  throw new Error(`no rule ${rule}`);
}

// Shape uniform draws into a weight matrix; `orthogonal` always starts from normal ones.
function layerWeights({rule, shape, scale}, draws) {
  const {rows, columns, values} = draws;
  if (rule !== "orthogonal") {
    return matrix(rows, columns, shaped(shape, halfWidth(rule, scale, rows, columns), values));
  }
  const made = orthonormal(matrix(rows, columns, values.map(inverseNormal)));
  return matrix(rows, columns, made.values.map((each) => scale * each));
}

// Shape uniform draws into biases: like weights under `fixed`, of a deviation of their own under the other rules.
function layerBiases({rule, shape, scale, bias_scale}, draws) {
  const deviation = bias_scale === null ? NUMBERS.default_bias_scale : bias_scale;
  return shaped(shape, rule === "fixed" ? scale : SQRT_3 * deviation, draws);
}

function shaped(shape, width, draws) {
  const size = width / SQRT_3;
  return shape === "normal" ? draws.map((u) => size * inverseNormal(u)) : draws.map((u) => (2 * u - 1) * width);
}

// Orthonormal rows or columns, whichever are fewer: Q of Q R with a positive diagonal of R, which is unique.
function orthonormal(normal) {
  const isTall = normal.rows >= normal.columns;
  const vectors = isTall ? transposed(normal) : matrix(normal.rows, normal.columns, normal.values.slice());
  const rows = Array.from({length: vectors.rows}, (_, n) => rowOf(vectors, n));
  rows.forEach((row, n) => {
    // Gram-Schmidt, twice: once alone loses what nearly cancels.
    for (const _ of [1, 2]) for (let k = 0; k < n; k++) add(row, -dot(row, rows[k]), rows[k]);
    const length = Math.sqrt(dot(row, row));
    row.forEach((each, k) => { row[k] = each / length; });
  });
  return isTall ? transposed(vectors) : vectors;
}

function dot(a, b) {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}

function add(a, factor, b) {
  for (let n = 0; n < a.length; n++) a[n] += factor * b[n];
}

// Draw a tied network's stream; half a step is added where it feeds an inverse, since its numbers can be 0.
function tiedDraws(seed, isNormal, count) {
  const stream = tiedStream(seed, count);
  return isNormal ? stream.map((u) => u + 2 ** -24) : stream;
}
