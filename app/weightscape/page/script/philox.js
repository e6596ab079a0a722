// The one source of randomness: Philox4x32-10, twin of network/philox.py.

const {multipliers: MULTIPLIERS, weyl: WEYL, rounds: ROUNDS, article_key: ARTICLE_KEY} = NUMBERS.philox;

// The upper 32 bits of a product of two 32-bit words: 16 bits at a time, which doubles hold exactly.
function upper(a, b) {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) / 0x10000 >>> 0);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle / 0x10000 >>> 0) + (other / 0x10000 >>> 0);
}

// Encrypt a counter of four 32-bit words by a key of two: four random words into `out`.
function philox(c0, c1, c2, c3, k0, k1, out) {
  for (let n = 0; n < ROUNDS; n++) {
    const [high0, low0] = [upper(MULTIPLIERS[0], c0), Math.imul(MULTIPLIERS[0], c0)];
    const [high1, low1] = [upper(MULTIPLIERS[1], c2), Math.imul(MULTIPLIERS[1], c2)];
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL[0]) >>> 0;
    k1 = (k1 + WEYL[1]) >>> 0;
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
  const key = seedWords(seed);
  const words = new Uint32Array(4), draws = new Float64Array(nIn * nOut);
  for (let row = 0; row < nOut; row++) {
    for (let column = 0; column < nIn; column++) {
      if (column % 4 === 0) philox(column / 4, row, layer, 0, ...key, words);
      draws[column * nOut + row] = ((words[column % 4] >>> 9) + 0.5) / 2 ** 23;
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
