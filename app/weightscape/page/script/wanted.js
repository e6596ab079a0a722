// What a scene's lens wants evaluated, and how its values are shown: twin of lens/output.py and scene/shading.py.

const WANTS = {outputs: wantOutputs, unit: wantUnit, rgb: wantRgb, cut: wantCut};

/**
 * {network, inputs, view, channels, shading}: the network, cut so that its outputs are what is shown; `shading` of
 * plain levels: display value = curve(gain * (value - zero) + bias). Throws SceneError for what the network, or the
 * page, lacks.
 */
function wanted(scene) {
  const want = WANTS[scene.lens];
  if (!want || scene.beside) {
    const what = scene.beside ? ["beside", "the split view"] : ["lens", `the lens ${scene.lens}`];
    throw new SceneError(what[0], `a page does not show ${what[1]}: the program does`);
  }
  const {network: made, curve} = cutFor(scene, want);
  const channels = widthsOf(made).at(-1);
  const view = {center: scene.center, radius: scene.radius, angle: scene.angle};
  return {network: made, inputs: inputsOf(scene), view, channels, shading: SHADINGS[curve](channels)};
}

const LOOKED_AT = ["lens", "layer", "unit", "units", "before", "origin", "u", "v"];
let lastCut = {};

// Cut a scene's network for its lens; the same object while nothing but the view changes, so that it is packed once.
function cutFor(scene, want) {
  const whole = network(scene), key = JSON.stringify(LOOKED_AT.map((name) => scene[name]));
  if (lastCut.whole !== whole || lastCut.key !== key) {
    let {network: made, curve} = want(scene, whole);
    if (scene.origin.length) made = through(made, scene.origin, scene.u, scene.v);
    lastCut = {whole, key, network: made, curve};
  }
  return lastCut;
}

function wantOutputs(scene, made) {
  return {network: made, curve: "plain"};
}

function wantUnit(scene, made) {
  return shown(scene, unitsOf(scene, made, [scene.unit], "unit"), scene.before);
}

function wantRgb(scene, made) {
  return shown(scene, unitsOf(scene, made, scene.units, "units"), scene.before);
}

// Cut after a hidden layer, the output layer on top; where that does not fit, the layer's own first three units.
function wantCut(scene, made) {
  const last = layerIndex(scene.layer, made), {weights, biases, activations} = made;
  if (last === weights.length - 1) return shown(scene, made, false);
  const count = weights[last].columns;
  if (count !== weights.at(-1).rows) {
    return shown(scene, tapped(made, last, Array.from({length: Math.min(3, count)}, (_, n) => n), false), false);
  }
  const top = (all) => [...all.slice(0, last + 1), all.at(-1)];
  return shown(scene, {weights: top(weights), biases: top(biases), activations: top(activations)}, false);
}

// The index of a layer as scenes count them: 0 is the output layer.
function layerIndex(layer, made) {
  const count = made.weights.length;
  if (layer > count) throw new SceneError("layer", `${layer} is not in 0..${count}`);
  return (layer || count) - 1;
}

function unitsOf(scene, made, units, field) {
  const last = layerIndex(scene.layer, made), count = made.weights[last].columns;
  for (const unit of units) {
    if (unit >= count) {
      throw new SceneError(field, `${unit} is not in 0..${count - 1}, the units of layer ${scene.layer}`);
    }
  }
  if (made.activations[last] === "softmax" && !scene.before) {
    throw new SceneError("lens", "a page shows no single units of a softmax: the program does");
  }
  return tapped(made, last, [...units], scene.before);
}

// 0 is in the middle where the activation runs from -1 to 1, and of values before it, which have no bounds.
function shown(scene, made, before) {
  const isSymmetric = NUMBERS.symmetric.includes(made.activations.at(-1));
  return {network: made, curve: before ? "bounded" : isSymmetric ? "centred" : "plain"};
}

// Each over the number of channels.
const SHADINGS = {
  plain: (n) => shading(n, 0, 1, 0),
  centred: (n) => shading(n, 0, 0.5, 0.5),
  bounded: (n) => shading(n, 0, 1, 0, "sigmoid"),
};

// The same zero, gain and bias for each of so many channels, up to four.
function shading(channels, zero, gain, bias, curve = "identity") {
  const four = (value) => Array.from({length: 4}, (_, n) => (n < channels ? value : 0));
  return {zero: four(zero), gain: four(gain), bias: four(bias), curve};
}

// The shading of levels that follow the view: `values` of few points of the picture, (points, channels).
function stretchedShading(values, channels) {
  const made = shading(channels, 0, 0, 0);
  for (let channel = 0; channel < Math.min(channels, 4); channel++) {
    const own = Float64Array.from({length: values.length / channels}, (_, n) => values[n * channels + channel]).sort();
    const low = percentile(own, NUMBERS.contrast.low), span = percentile(own, NUMBERS.contrast.high) - low;
    if (!(span > 0)) {
      made.bias[channel] = 0.5;
      continue;
    }
    const {margin} = NUMBERS.contrast, wide = span / (1 - 2 * margin);
    const zero = Math.fround(low), gain = 1 / wide;
    made.zero[channel] = zero;
    made.gain[channel] = Math.min(gain, NUMBERS.largest_gain);
    made.bias[channel] = margin + (gain * zero - low / wide);
  }
  return made;
}

// A percentile of sorted numbers, between two of them in proportion, as np.percentile has it.
function percentile(sorted, percent) {
  const place = (sorted.length - 1) * (percent / 100), below = Math.floor(place), part = place - below;
  const low = sorted[below], high = sorted[Math.min(below + 1, sorted.length - 1)];
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}
