// The one source of randomness: Philox4x32-10, twin of network/philox.py.

const {rounds: ROUNDS, article_key: ARTICLE_KEY} = NUMBERS.philox;
const [MULTIPLIER_0, MULTIPLIER_1] = NUMBERS.philox.multipliers, [WEYL_0, WEYL_1] = NUMBERS.philox.weyl;

// The upper 32 bits of a product of two 32-bit words, signed or not: 16 bits at a time.
function upper(a, b) {
  const aLow = a & 0xffff, aHigh = a >>> 16, bLow = b & 0xffff, bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) >>> 0) + (Math.imul(aLow, bLow) >>> 16);
  const other = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff);
  return Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16);
}

// Encrypt a counter of four 32-bit words by a key of two: four random words into `out`.
function philox(c0, c1, c2, c3, k0, k1, out) {
  for (let n = 0; n < ROUNDS; n++) {
    const high0 = upper(MULTIPLIER_0, c0), high1 = upper(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0), low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

// The lower and the upper 32 bits of a seed, a BigInt.
function seedWords(seed) {
  return [Number(seed & 0xffffffffn), Number(seed >> 32n)];
}

// Draw the article's stream: `count` numbers in [0, 1), multiples of 2^-23.
function tiedStream(seed, count) {
  const [low, high] = seedWords(seed);
  const words = new Uint32Array(4), draws = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    if (n % 4 === 0) philox(n / 4, 0, low, high, ARTICLE_KEY, 0, words);
    draws[n] = (words[n % 4] & 0x7fffff) / 2 ** 23;
  }
  return draws;
}

// Draw the weights of one layer, (nIn, nOut) numbers in (0, 1); hidden layers count from 1, the output layer is 0.
function independentWeights(seed, layer, nIn, nOut) {
  const [low, high] = seedWords(seed);
  const words = new Uint32Array(4), draws = new Float64Array(nIn * nOut);
  // A block is four columns: their numbers are written row after row, side by side in memory.
  for (let column = 0; column < nIn; column += 4) {
    const count = Math.min(4, nIn - column);
    for (let row = 0; row < nOut; row++) {
      philox(column / 4, row, layer, 0, low, high, words);
      for (let n = 0; n < count; n++) draws[(column + n) * nOut + row] = ((words[n] >>> 9) + 0.5) / 2 ** 23;
    }
  }
  return matrix(nIn, nOut, draws);
}

// Draw the biases of one layer: nOut numbers in (0, 1).
function independentBiases(seed, layer, nOut) {
  const key = seedWords(seed);
  const words = new Uint32Array(4), draws = new Float64Array(nOut);
  for (let row = 0; row < nOut; row++) {
    if (row % 4 === 0) philox(row / 4, 0, layer, 1, ...key, words);
    draws[row] = ((words[row % 4] >>> 9) + 0.5) / 2 ** 23;
  }
  return draws;
}
