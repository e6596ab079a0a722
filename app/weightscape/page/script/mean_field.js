// What an infinitely wide network of this recipe does to lengths and distances: twin of scene/mean_field.py.

const FIELD = NUMBERS.mean_field;
const DEVIATES = Float64Array.from({length: FIELD.count}, spaced);

// The nth of evenly spaced deviates, in the very order of np.linspace.
function spaced(_, n) {
  return n === FIELD.count - 1 ? FIELD.reach : n * (2 * FIELD.reach / (FIELD.count - 1)) - FIELD.reach;
}

const NORMAL = (() => {
  const heights = DEVIATES.map((z) => Math.exp(-0.5 * z * z)), total = heights.reduce((a, b) => a + b);
  return heights.map((each) => each / total);
})();

// The mean of f(size Z)² over normal Z.
function meanSquare(f, size) {
  let total = 0;
  for (let n = 0; n < DEVIATES.length; n++) total += NORMAL[n] * f(size * DEVIATES[n]) ** 2;
  return total;
}

// Iterate the length map to its fixed point, with Aitken's steps where it creeps: {q, chi1, stretch}.
function meanField(activation, sigmaW, sigmaB) {
  const [f, slope] = ACTIVATIONS[activation], [w2, b2] = [sigmaW ** 2, sigmaB ** 2];
  const length = (q) => w2 * meanSquare(f, Math.sqrt(q)) + b2;
  let q = w2 + b2, endless = false;
  for (let n = 0; n < FIELD.max_rounds; n++) {
    const once = length(q), first = once - q;
    q = length(once);
    const second = q - once;
    endless = q > FIELD.endless || (second >= first && first > 1e-9 * q);
    if (q > FIELD.endless || Math.abs(second) <= 1e-9 * q) break;
    if (Math.abs(second) < Math.abs(first)) {
      const limit = q - second * second / (second - first);
      if (Math.max(b2, 1e-6 * q) <= limit && limit <= 4 * q) q = limit;
    }
  }
  const chi1 = w2 * meanSquare(slope, Math.sqrt(endless ? FIELD.endless : q));
  return {q: endless ? Infinity : q, chi1, stretch: Math.sqrt(chi1)};
}

// The mean field of a scene's hidden layers.
function meanFieldOf({activation, rule, scale, bias_scale, width}) {
  const sigmaW = halfWidth(rule, scale, width, width) * Math.sqrt(width / 3);
  return meanField(activation, sigmaW, bias_scale === null ? scale / SQRT_3 : bias_scale);
}

// Change activation, width or rule and keep the stretch per layer, or come as close to it as a scale can.
function keptAlive(scene, changes) {
  const made = overridden(scene, changes);
  const scale = scaleOf(made, Math.max(meanFieldOf(scene).stretch, 1e-6));
  return replaced(made, {scale: Math.min(significant(scale, 4), BY_FIELD.scale.high)});
}

// The scale near a scene's own that gives it a stretch, or the closest one, within 1e-4 of itself.
function scaleOf(scene, stretch) {
  const target = Math.log(stretch);
  const miss = (logScale) => {
    const field = meanFieldOf({...scene, scale: Math.min(Math.exp(logScale), BY_FIELD.scale.high)});
    return Math.log(Math.max(field.stretch, 1e-6)) - target;
  };
  let [low, high] = bracket(miss, Math.log(Math.max(scene.scale, 1e-6))), below = miss(low);
  while (high - low > 1e-4) {
    const middle = 0.5 * (low + high), now = miss(middle);
    if (below * now <= 0) high = middle;
    else [low, below] = [middle, now];
  }
  return Math.exp(0.5 * (low + high));
}

// Search outwards for two neighbours between which `miss` changes sign; else the smallest miss.
function bracket(miss, start) {
  const {search_step: step, search_steps: steps} = FIELD, seen = new Map([[0, miss(start)]]);
  for (let n = 1; n < steps; n++) {
    for (const side of [-n, n]) {
      seen.set(side, miss(start + step * side));
      const inner = side > 0 ? side - 1 : side + 1;
      if (seen.get(side) * seen.get(inner) <= 0) {
        return [start + step * Math.min(side, inner), start + step * Math.max(side, inner)];
      }
    }
  }
  const rank = (n) => [rounded(Math.abs(seen.get(n)), 6), Math.abs(n)];
  const [best] = [...seen.keys()].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  return [start + step * best, start + step * best];
}
