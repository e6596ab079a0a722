// What the keys do to a scene: twin of scene/command.py, and of explore/act/lens_action.py.
// Names, keys and words are Python's; a page has those commands that it can do.

const KEYS = NUMBERS.command;

// Step a field to the next of its choices, round and round.
const stepped = (name, change = replaced) => (scene) => {
  return change(scene, {[name]: after(BY_FIELD[name].choices, scene[name])});
};

function after(choices, value) {
  return choices[(choices.indexOf(value) + 1) % choices.length];
}

const widened = (step, change) => (scene) => {
  const others = KEYS.widths.filter((width) => (step > 0 ? width > scene.width : width < scene.width));
  return others.length ? change(scene, {width: others.at(step > 0 ? 0 : -1)}) : scene;
};

const scaled = (name, factor) => (scene) => {
  const value = scene[name];
  if (value === null) return scene;
  // From 0 no factor leads anywhere.
  const grown = value ? value * factor : factor > 1 ? 0.01 : 0;
  return replaced(scene, {[name]: Math.min(significant(grown, 6), BY_FIELD[name].high)});
};

const layered = (step) => (scene) => replaced(scene, {layers: Math.max(scene.layers + step, 1)});

// Change the rule; the biases keep their size where a rule says nothing else.
const ruled = (change) => (scene) => {
  const rule = after(BY_FIELD.rule.choices, scene.rule);
  const bias = rule === "fixed" ? null : scene.bias_scale || NUMBERS.default_bias_scale;
  return change(scene, {rule, scale: scene.scale, bias_scale: bias});
};

const zoomed = (factor) => (scene) => looking(scene, zoom(viewOf(scene), [2, 2], [1, 1], factor));
const turned = (degrees) => (scene) => looking(scene, rotate(viewOf(scene), degrees));
const timed = (step) => (scene) => replaced(scene, {time: rounded(scene.time + step, 9)});

// Go through the readings of three outputs, then with one output through some palettes, and back.
function coloured(scene) {
  const {choices: readings} = BY_FIELD.reading, {stepped: some} = KEYS;
  if (scene.weights) {
    const ring = some.map((palette, n) => ({reading: readings[n] ?? readings.at(-1), palette}));
    const now = ring.findIndex((each) => each.reading === scene.reading && each.palette === scene.palette);
    return overridden(scene, ring[(now + 1) % ring.length]);
  }
  if (scene.outputs === 3 && scene.reading !== readings.at(-1)) {
    return replaced(scene, {reading: readings[readings.indexOf(scene.reading) + 1]});
  }
  if (scene.outputs === 3) return overridden(scene, {outputs: 1, palette: some[0]});
  const now = some.indexOf(scene.palette) + 1;
  return now === some.length ? replaced(scene, {outputs: 3, reading: "rgb"}) : overridden(scene, {palette: some[now]});
}

// Look through a lens, from a layer that shows something; again goes back to the outputs.
const lensed = (name) => (scene) => {
  if (scene.lens === name) return replaced(scene, {lens: "outputs"});
  const own = LENSES[name], middle = scene.weights ? 1 : Math.max(Math.floor(scene.layers / 2), 1);
  const stays = own.keeps_layer && LENSES[scene.lens].keeps_layer && scene.layer;
  return replaced(scene, {lens: name, layer: stays ? scene.layer : {output: 0, middle}[own.start]});
};

// Go round a network's layers, or a layer's units; without a lens, look through one that has them.
const viewed = (name, step) => (scene) => {
  const own = LENSES[scene.lens].fields;
  const units = scene.weights
    ? widthsOf(loaded(scene.weights)).slice(1)
    : [...Array(scene.layers - 1).fill(scene.width), scene.outputs];
  if (scene.lens === "outputs") {
    const layer = Math.max(Math.floor(units.length / 2), 1);
    return replaced(scene, {lens: name === "layer" ? "cut" : "unit", layer, unit: 0});
  }
  if (!own.includes(name) && !(name === "unit" && own.includes("units"))) {
    const owners = COMMANDS.filter((each) => LENSES[each.name]?.fields.includes(name));
    const told = owners.map((each) => `${each.labels[0]} ${each.name}`).join(", ");
    return `the lens ${scene.lens} has no ${name}; these have: ${told}`;
  }
  const layer = name === "layer" ? modulo(scene.layer + step, units.length + 1) : scene.layer;
  const count = units[(layer || units.length) - 1], on = (unit) => modulo(unit + (name === "unit" ? step : 0), count);
  return replaced(scene, {layer, unit: on(scene.unit), units: scene.units.map(on)});
};

const SEED_COUNT = 2n ** 64n;

// Draw another network, with nothing mixed in, no weight changed and no unit silenced.
const reseeded = (scene, seed) => replaced(scene, {seed, mix: "", edits: "", silenced: ""});

// What each command makes of a scene and a fresh random number, a BigInt; or words, why it makes nothing.
const CHANGES = {
  reroll: (scene, chance) => reseeded(scene, chance % BigInt(KEYS.seeds)),
  next_seed: (scene) => reseeded(scene, (scene.seed + 1n) % SEED_COUNT),
  fewer_layers: layered(-1),
  more_layers: layered(1),
  narrower: widened(-1, keptAlive),
  wider: widened(1, keptAlive),
  narrower_raw: widened(-1, replaced),
  wider_raw: widened(1, replaced),
  activation: stepped("activation", keptAlive),
  activation_raw: stepped("activation"),
  output_activation: stepped("output_activation"),
  rule: ruled(keptAlive),
  rule_raw: ruled(replaced),
  shape: stepped("shape"),
  tied: (scene) => replaced(scene, {tied: !scene.tied}),
  scale_up: scaled("scale", KEYS.coarse),
  scale_down: scaled("scale", 1 / KEYS.coarse),
  scale_up_fine: scaled("scale", KEYS.fine),
  scale_down_fine: scaled("scale", 1 / KEYS.fine),
  bias_up: scaled("bias_scale", KEYS.coarse),
  bias_down: scaled("bias_scale", 1 / KEYS.coarse),
  colours: coloured,
  levels: stepped("levels"),
  zoom_in: zoomed(1 / KEYS.zoom_step),
  zoom_out: zoomed(KEYS.zoom_step),
  turn_left: turned(KEYS.turn_degrees),
  turn_right: turned(-KEYS.turn_degrees),
  reset_view: (scene) => looking(scene, viewOf(checkedScene())),
  time_back: timed(-KEYS.time_step),
  time_on: timed(KEYS.time_step),
  cut: lensed("cut"),
  rgb: lensed("rgb"),
  unit: lensed("unit"),
  layer_on: viewed("layer", 1),
  layer_back: viewed("layer", -1),
  unit_on: viewed("unit", 1),
  unit_back: viewed("unit", -1),
  before: (scene) => replaced(scene, {before: !scene.before}),
  first_picture: () => checkedScene(),
};

// {name, keys, labels, help, group, change}, in the order of the program's help.
const COMMANDS = TOLD.commands.filter(({name}) => CHANGES[name]).map((each) => ({...each, change: CHANGES[each.name]}));

// Apply a command's change: [scene, why it stays as it is, or ""].
function tried(command, scene, chance) {
  if (scene.weights && command.group === KEYS.network) return [scene, KEYS.stays];
  let made;
  try {
    const found = command.change(scene, chance);
    if (typeof found === "string") return [scene, found];
    made = within(found);
  } catch (error) {
    if (!(error instanceof SceneError)) throw error;
    return [scene, `${command.help}: ${error.message}`];
  }
  return [made, sceneText(made) === sceneText(scene) ? `${command.help}: nothing to change here` : ""];
}

// Keep what the lens looks at, and what is edited, inside of a random network that has become smaller.
function within(given) {
  const own = LENSES[given.lens].fields;
  if (given.weights) return given;
  const scene = fitted(given);
  if (!own.length) return scene;
  const layer = Math.min(scene.layer, scene.layers), isOutput = layer === 0 || layer === scene.layers;
  const least = (unit) => Math.min(unit, (isOutput ? scene.outputs : scene.width) - 1);
  const inside = {layer, unit: least(scene.unit), units: scene.units.map(least)};
  return replaced(scene, Object.fromEntries(Object.entries(inside).filter(([name]) => own.includes(name))));
}
