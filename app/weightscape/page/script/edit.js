// What is mixed into a network, which weights are set to other numbers, and which units are silenced.
// Twin of scene/mix.py and network/edit.py.

const LISTS = NUMBERS.lists;
const CELL = /^(\d{1,3}):(\d{1,4}):(\d{1,4})=(\S{1,32})$/;
const UNIT = /^(\d{1,3}):(\d{1,4})$/;
const DECIMAL_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
// How each list in text is spelled, so that equal scenes have equal texts.
const SPELLINGS = {
  mix: (text) => [...mixedIn(text)].map(([seed, part]) => `${seed}:${floatText(part)}`).join(),
  edits: (text) => editsOf(text).map(([cell, value]) => `${cell.join(":")}=${floatText(value)}`).join(),
  silenced: (text) => silencedOf(text).map((unit) => unit.join(":")).join(),
};

function partsOf(text) {
  return text.split(",").map((part) => part.trim()).filter(Boolean);
}

// Read "SEED:PART,...": a map from seeds to parts.
function mixedIn(text) {
  const found = new Map(), fail = (reason) => { throw new SceneError("mix", reason); };
  for (const each of partsOf(text)) {
    const [, seed, written] = /^(\d{1,20})\s*:(.*)$/.exec(each) ?? [];
    if (seed === undefined || BigInt(seed) >= SEED_COUNT) fail(`${repr(each)} is not SEED:PART, such as 17:0.25`);
    const part = DECIMAL_NUMBER.test(written.trim()) && written.trim().length <= 32 ? Number(written) : NaN;
    if (!(part > 0 && part <= 1)) fail(`${repr(each)} has no part above 0 and at most 1`);
    if (found.has(BigInt(seed))) fail(`seed ${BigInt(seed)} stands there twice`);
    found.set(BigInt(seed), part);
  }
  if (found.size > LISTS.max_mixed) fail(`${found.size} seeds, the limit is ${LISTS.max_mixed}`);
  const squares = [...found.values()].reduce((total, part) => total + part * part, 0);
  if (squares > LISTS.most_squares) fail("the squares of its parts are together more than 1");
  return found;
}

// The part that is left for the scene's own seed.
function ownPart(found) {
  let left = 1;
  for (const part of found.values()) left -= part * part;
  return Math.sqrt(Math.max(left, 0));
}

// Read "LAYER:INPUT:UNIT=VALUE,...": pairs of a cell and its value, in the order of cells.
function editsOf(text) {
  const found = new Map(), fail = (reason) => { throw new SceneError("edits", reason); };
  for (const each of partsOf(text)) {
    const [, layer, input, unit, written] = CELL.exec(each) ?? [];
    const value = written !== undefined && DECIMAL_NUMBER.test(written) ? Number(written) + 0 : NaN;
    if (!(Math.abs(value) <= LISTS.largest)) {
      fail(`${repr(each)} is not LAYER:INPUT:UNIT=VALUE with a value within +-${general(LISTS.largest)}`);
    }
    const cell = [layer, input, unit].map(Number);
    if (found.has(cell.join())) fail(`the weight ${each.split("=")[0]} stands there twice`);
    found.set(cell.join(), [cell, value]);
  }
  return inOrder(fewOf([...found.values()], "edits", "weights"), ([cell]) => cell);
}

// Read "LAYER:UNIT,...", in their order, each once.
function silencedOf(text) {
  const found = partsOf(text).map((each) => {
    const [, layer, unit] = UNIT.exec(each) ?? [];
    if (layer === undefined) throw new SceneError("silenced", `${repr(each)} is not LAYER:UNIT, such as 3:7`);
    return [Number(layer), Number(unit)];
  });
  const each = [...new Map(found.map((unit) => [unit.join(), unit])).values()];
  return inOrder(fewOf(each, "silenced", "units"), (unit) => unit);
}

function fewOf(found, field, what) {
  if (found.length > LISTS.max_edits) {
    throw new SceneError(field, `${found.length} ${what}, the limit is ${LISTS.max_edits}`);
  }
  return found;
}

function inOrder(found, key) {
  return found.sort((a, b) => key(a).reduce((sign, each, n) => sign || each - key(b)[n], 0));
}

// Set weights, and cut units off from what comes after them; layers that share a matrix share its edits.
function edited(network, edits, silenced) {
  const widths = widthsOf(network), copies = new Map(), cuts = new Map();
  const copy = (from) => matrix(from.rows, from.columns, from.values.slice());
  for (const [[layer, input, unit], value] of edits) {
    checkCell(widths, layer, input, unit);
    const from = network.weights[layer - 1];
    if (!copies.has(from)) copies.set(from, copy(from));
    copies.get(from).values[input * from.columns + unit] = value;
  }
  const weights = network.weights.map((each) => copies.get(each) ?? each);
  for (const [layer, unit] of silenced) {
    checkUnit(widths, layer, unit);
    if (!cuts.has(layer)) cuts.set(layer, copy(weights[layer]));
    const {values, columns} = cuts.get(layer);
    values.fill(0, unit * columns, (unit + 1) * columns);
  }
  for (const [layer, cut] of cuts) weights[layer] = cut;
  return {...network, weights};
}

function hasCell(widths, layer, input, unit) {
  return layer >= 1 && layer < widths.length && input < widths[layer - 1] && unit < widths[layer];
}

function hasUnit(widths, layer, unit) {
  return layer >= 1 && layer < widths.length - 1 && unit < widths[layer];
}

function checkCell(widths, layer, input, unit) {
  if (hasCell(widths, layer, input, unit)) return;
  const count = widths.length - 1;
  throw new SceneError("edits", layer < 1 || layer > count
    ? `layer ${layer} is not in 1..${count}`
    : `layer ${layer} has ${widths[layer - 1]} x ${widths[layer]} weights, not ${input}:${unit}`);
}

function checkUnit(widths, layer, unit) {
  if (hasUnit(widths, layer, unit)) return;
  throw new SceneError("silenced", layer < 1 || layer > widths.length - 2
    ? `layer ${layer} is not a hidden layer, 1..${widths.length - 2}`
    : `unit ${unit} is not in 0..${widths[layer] - 1}, layer ${layer}'s units`);
}

// Forget edits of weights, and silenced units, that the scene's random network has not.
function fitted(scene) {
  if (!scene.edits && !scene.silenced) return scene;
  const widths = [scene.inputs.length, ...Array(scene.layers - 1).fill(scene.width), scene.outputs];
  const spelled = (kept, spell) => kept.map(spell).join();
  const edits = editsOf(scene.edits).filter(([cell]) => hasCell(widths, ...cell));
  const units = silencedOf(scene.silenced).filter((unit) => hasUnit(widths, ...unit));
  return replaced(scene, {
    edits: spelled(edits, ([cell, value]) => `${cell.join(":")}=${floatText(value)}`),
    silenced: spelled(units, (unit) => unit.join(":")),
  });
}
