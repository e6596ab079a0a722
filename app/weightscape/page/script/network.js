// A network: drawn from a scene's recipe or told, cut, and evaluated in doubles. Twin of network/network.py,
// network/morph.py, network/plane.py, scene/recipe.py and picture/network_memory.py.

const OUTPUT_LAYER = 0;
const RECENT = new Map();

// The network of a scene; the last ones are remembered. Throws SceneError for weights that the page does not hold, and
// for weights to be edited and units to be silenced that the network has not.
function network(scene) {
  const base = scene.weights ? loaded(scene.weights) : remembered(recipeKey(scene), () => draw(scene));
  if (!scene.edits && !scene.silenced) return base;
  const key = `${scene.weights || recipeKey(scene)} ${scene.edits} ${scene.silenced}`;
  return remembered(key, () => edited(base, editsOf(scene.edits), silencedOf(scene.silenced)));
}

function recipeKey(scene) {
  const names = ["inputs", "part", ...NUMBERS.recipe];
  return names.map((name) => (name === "inputs" ? scene.inputs.length : scene[name])).join();
}

function remembered(key, make) {
  const made = RECENT.get(key) ?? make();
  RECENT.delete(key);
  RECENT.set(key, made);
  if (RECENT.size > 3) RECENT.delete(RECENT.keys().next().value);
  return made;
}

// Draw the random network of a scene, a mixture of several, or that part of the way to the one of another seed.
function draw(scene) {
  const start = mixed(scene);
  const isThere = scene.to_seed === scene.seed && !scene.mix;
  if (scene.to_seed === null || scene.part === null || isThere || scene.part === 0) return start;
  const goal = drawn(scene, scene.to_seed), turn = 0.5 * Math.PI * scene.part;
  return scene.part === 1 ? goal : combined([start, goal], [Math.cos(turn), Math.sin(turn)]);
}

function mixed(scene) {
  const others = mixedIn(scene.mix);
  const parts = [[scene.seed, ownPart(others)], ...others].filter(([, part]) => part > 0);
  const networks = parts.map(([seed]) => drawn(scene, seed));
  return scene.mix ? combined(networks, parts.map(([, part]) => part)) : networks[0];
}

function drawn(scene, seed) {
  const widths = [scene.inputs.length, ...Array(scene.layers - 1).fill(scene.width), scene.outputs];
  const shapes = widths.slice(1).map((nOut, k) => [widths[k], nOut]);
  const layers = (scene.tied ? tiedLayers : independentLayers)(scene, seed, shapes);
  return {
    weights: layers.map(([weights]) => weights),
    biases: layers.map(([, biases]) => biases),
    activations: [...Array(scene.layers - 1).fill(scene.activation), scene.output_activation],
  };
}

// Fill every matrix from the start of one stream; equal shapes share one matrix object.
function tiedLayers(scene, seed, shapes) {
  const isNormal = scene.shape === "normal";
  const stream = tiedDraws(seed, isNormal || scene.rule === "orthogonal", Math.max(...shapes.map(([a, b]) => a * b)));
  const first = tiedDraws(seed, isNormal, Math.max(...shapes.map(([, nOut]) => nOut)));
  const made = new Map();
  return shapes.map(([nIn, nOut]) => {
    const key = `${nIn},${nOut}`;
    if (!made.has(key)) {
      made.set(key, layerOf(scene, matrix(nIn, nOut, stream.slice(0, nIn * nOut)), first.slice(0, nOut)));
    }
    return made.get(key);
  });
}

function independentLayers(scene, seed, shapes) {
  return shapes.map(([nIn, nOut], n) => {
    const k = n === shapes.length - 1 ? OUTPUT_LAYER : n + 1;
    return layerOf(scene, independentWeights(seed, k, nIn, nOut), independentBiases(seed, k, nOut));
  });
}

function layerOf(scene, weights, biases) {
  return [layerWeights(scene, weights), layerBiases(scene, biases)];
}

// Sum networks of the same shape, each times its part.
function combined(networks, parts) {
  const summed = (arrays) => arrays[0].map((each, n) => {
    return arrays.slice(1).reduce((total, array, k) => total + parts[k + 1] * array[n], parts[0] * each);
  });
  const [first] = networks, made = new Map();
  const weights = first.weights.map((v, k) => {
    // Tied layers share their matrix in all networks.
    if (!made.has(v)) {
      made.set(v, matrix(v.rows, v.columns, summed(networks.map((each) => each.weights[k].values))));
    }
    return made.get(v);
  });
  const biases = first.biases.map((_, k) => summed(networks.map((each) => each.biases[k])));
  return {weights, biases, activations: first.activations};
}

const TABLES = new Map();

// A network that the page carries as a table (page/network_table.py).
function loaded(name) {
  const table = TOLD.networks[name];
  if (!table) throw new SceneError("weights", `this page does not hold ${repr(name)}: the program opens it`);
  if (!TABLES.has(name)) {
    const matrices = table.matrices.map(([rows, columns, text]) => {
      return matrix(rows, columns, floatsOf(text, rows * columns));
    });
    const biases = table.biases.map(([count, text]) => floatsOf(text, count));
    TABLES.set(name, {weights: table.weights.map((k) => matrices[k]), biases, activations: table.activations});
  }
  return TABLES.get(name);
}

// Doubles of base 64, written as floats where these hold them all.
function floatsOf(text, count) {
  const {buffer} = bytesOf(text);
  return buffer.byteLength === 8 * count ? new Float64Array(buffer) : Float64Array.from(new Float32Array(buffer));
}

// A network's inputs, the units of each layer, and its outputs last.
function widthsOf({weights}) {
  return [weights[0].rows, ...weights.map((each) => each.columns)];
}

// Cut the network so that its outputs are some units (or null: all) of layer `last`, before or after its activation.
function tapped(network, last, units, before) {
  const {weights, biases, activations} = network;
  if (last === weights.length - 1 && units === null && !before) return network;
  const [top, bias] = [weights[last], biases[last]];
  return {
    weights: [...weights.slice(0, last), units ? columnsOf(top, units) : top],
    biases: [...biases.slice(0, last), units ? Float64Array.from(units, (unit) => bias[unit]) : bias],
    activations: [...activations.slice(0, last), before ? "identity" : activations[last]],
  };
}

// Fold a plane in a space of many inputs into the first layer: a network of x, y and 1.
function through(network, origin, u, v) {
  const [first, ...others] = network.weights;
  if (origin.length !== first.rows) {
    const numbers = `origin, u and v have ${origin.length} numbers`;
    throw new SceneError("origin", `the network has ${first.rows} inputs, ${numbers}`);
  }
  const plane = matrix(3, first.rows, Float64Array.from([...u, ...v, ...origin]));
  return {...network, weights: [product(plane, first), ...others]};
}

// Evaluate a network in doubles: points (count, inputs) -> (count, outputs).
function forward(network, points) {
  let h = points;
  network.weights.forEach((weights, k) => {
    const z = product(h, weights);
    z.values.forEach((each, n) => { z.values[n] = clamped(each + network.biases[k][n % z.columns]); });
    h = matrix(z.rows, z.columns, activated(network.activations[k], z));
  });
  return h;
}

function clamped(z) {
  return Math.min(Math.max(z, -NUMBERS.preactivation_limit), NUMBERS.preactivation_limit);
}

function activated(name, {rows, columns, values}) {
  if (name !== "softmax") return values.map((each) => ACTIVATIONS[name][0](each));
  const made = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) made.set(softmax(rowOf({columns, values}, row)), row * columns);
  return made;
}
