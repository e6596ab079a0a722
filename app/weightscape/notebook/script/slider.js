// Sliders below the picture: a field of the scene each, in steps of a ratio where that is how one thinks of it.

// From, to, and whether equal ways are equal factors; what a scene's own network says comes in as `layers`.
const RANGES = {
  layers: () => [1, 64, true], width: () => [1, 256, true], scale: () => [0.05, 5, true],
  bias_scale: () => [0.01, 3, true], part: () => [0, 1], time: () => [0, 1], angle: () => [-180, 180],
  radius: () => [1e-6, 100, true], layer: (scene) => [0, network(scene).weights.length],
  unit: (scene) => [0, unitCount(scene) - 1],
};
const OF_RECIPE = ["layers", "width", "scale", "bias_scale", "part"];
const SLIDER_STEPS = 1000;
let sliders = [];

function unitCount(scene) {
  const {weights} = network(scene), last = (scene.layer || weights.length) - 1;
  return weights[Math.min(last, weights.length - 1)].columns;
}

// Which fields have a slider: those that Python names, or those that tell most of this scene.
function sliderNames(scene) {
  const named = MODEL.get("sliders"), moves = hasTime(scene) ? ["time"] : [];
  const usual = [...(scene.to_seed === null ? [] : ["part"]), ...(scene.weights ? [] : ["layers", "width", "scale"])];
  const own = ["layer", "unit"].filter((name) => LENSES[scene.lens].fields.includes(name));
  return (named.length ? named : [...usual, ...moves, ...own]).filter((name) => isMovable(scene, name));
}

function isMovable(scene, name) {
  if (scene[name] === null || (scene.weights && OF_RECIPE.includes(name))) return false;
  try {
    return RANGES[name](scene).length > 0;
  } catch (error) {
    if (!(error instanceof SceneError)) throw error;
    return false; // the browser does not hold its network
  }
}

// Show a scene in the sliders; they are made anew where others are wanted.
function tellSliders(explorer, scene) {
  const names = sliderNames(scene);
  if (names.join() !== sliders.map(({name}) => name).join()) {
    sliders = names.map((name) => madeSlider(explorer, name));
    ROOT.getElementById("sliders").replaceChildren(...sliders.map(({label}) => label));
  }
  for (const {name, input, output} of sliders) {
    const [low, high, isRatio] = RANGES[name](scene), value = Math.min(Math.max(scene[name], low), high);
    const part = isRatio ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low || 1);
    if (ROOT.activeElement !== input) input.value = Math.round(part * SLIDER_STEPS);
    output.textContent = shortNumber(scene[name], 3);
    input.setAttribute("aria-valuetext", output.textContent);
  }
}

function madeSlider(explorer, name) {
  const input = element("input", {type: "range", min: 0, max: SLIDER_STEPS, step: 1}), output = element("output");
  input.addEventListener("input", () => {
    explorer.open(() => replaced(explorer.scene, {[name]: slid(explorer.scene, name, input.value / SLIDER_STEPS)}), "",
      `slider ${name}`);
  });
  input.addEventListener("change", () => tellSliders(explorer, explorer.scene));
  const word = element("span", {textContent: name.replace("_", " "), title: BY_FIELD[name].help});
  return {name, input, output, label: element("label", {}, word, input, output)};
}

// The value at a slider's place, 0..1.
function slid(scene, name, part) {
  const [low, high, isRatio] = RANGES[name](scene);
  const value = isRatio ? low * (high / low) ** part : low + (high - low) * part;
  return BY_FIELD[name].kind === "whole" ? Math.round(value) : significant(value, 4);
}
