// Where single precision ends: some points of a picture, computed by shaders, are compared with doubles before any of
// it is seen.

// Half a step of 8 bits, at every point that is looked at. A few more pixels than those are farther off: with this, all
// but one in two hundred are within two steps (tests/page/test_precision.py).
const BEARABLE = 1 / 510;
const [PROBES, FEWEST_PROBES, PROBE_WORK] = [64, 8, 4e8];
// Nearer than this to a unit's bias, float32 has no more than a dozen numbers from a picture's middle to its corner.
const DISTINCT = 2 ** -20;

/**
 * Tell, with pauses (null), whether values (4 a point) on a grid are true enough to be seen. `asked` has the network,
 * `shown` {shading, channels} what becomes of its outputs; `coarse`: how far 8-bit targets are off anyway.
 */
function* isTrue(asked, grid, values, shown, coarse = 0) {
  const {channels, shading} = shown, spread = probes(grid, asked.work);
  if (!tellsApart(asked.network, grid)) return false;
  const exact = yield* evaluated(asked, spread.map(({point}) => point));
  for (let channel = 0; channel < Math.min(channels, 3); channel++) {
    const own = spread.map((_, n) => exact.values[n * exact.columns + channel]);
    for (const [n, {at}] of spread.entries()) {
      const apart = display(shading, values[4 * at + channel], channel) - display(shading, own[n], channel);
      if (!(Math.abs(apart) <= BEARABLE + coarse)) return false;
    }
    // A channel without any range must have none in doubles.
    if (shading.gain[channel] === 0 && own.some((each) => each !== own[0])) return false;
  }
  return true;
}

// Whether most units of the first layer can tell the middle of a picture from its corner.
function tellsApart({weights: [W], biases: [b]}, {columns, rows, stride}) {
  const reach = stride * Math.hypot(columns, rows) / 2;
  const telling = b.filter((bias, unit) => {
    const step = Math.max(...Array.from({length: W.rows}, (_, row) => Math.abs(W.values[row * W.columns + unit])));
    return step === 0 || step * reach >= DISTINCT * Math.abs(bias);
  });
  return 2 * telling.length >= b.length;
}

// Points that lie evenly and in no rows (Roberts' sequence): {at: which of the grid's, point}.
function probes({columns, rows, x, y, stride}, work) {
  const count = Math.min(Math.max(Math.floor(PROBE_WORK / work), FEWEST_PROBES), PROBES, columns * rows);
  return Array.from({length: count}, (_, n) => {
    const column = Math.floor(columns * ((0.5 + n * 0.7548776662466927) % 1));
    const row = Math.floor(rows * ((0.5 + n * 0.5698402909980532) % 1));
    return {at: row * columns + column, point: [x + stride * column, y - stride * row]};
  });
}

// A folded network's outputs at points in doubles, a layer at a time.
function* evaluated({network, radial, isSoftmax}, points) {
  let h = pixelInputs(points, radial);
  for (const [k, W] of network.weights.entries()) {
    h = forward({weights: [W], biases: [network.biases[k]], activations: [network.activations[k]]}, h);
    yield null;
  }
  return isSoftmax ? {...h, values: activated("softmax", h)} : h;
}

function display({zero, gain, bias, curve}, value, channel) {
  const z = gain[channel] * (value - zero[channel]) + bias[channel];
  return Math.min(Math.max(ACTIVATIONS[curve][0](z), 0), 1);
}
