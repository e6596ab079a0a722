// What is seen, in plain words: the pieces of the status line. Twin of explore/tell/words.py.

// Fewer layers have no phase.
const FEWEST_LAYERS = 3;
const LARGEST_WRITTEN = 1e6;

// The pieces, the most telling first: [name, text].
function statusPieces(scene) {
  const pieces = [
    ["seen", seenWords(scene)],
    ["zoom", zoomWords(scene)],
    ["angle", scene.angle ? `turned ${shortNumber(scene.angle, 6)}°` : ""],
    ["time", hasTime(scene) ? `time ${fixed(scene.time - Math.floor(scene.time), 3)}` : ""],
    ["colour", colourWords(scene)],
    ...(scene.weights ? [] : recipeWords(scene)),
  ];
  return pieces.filter(([, text]) => text);
}

// Name the network, and the part of it that the lens looks at.
function seenWords(scene) {
  const who = networkWords(scene), own = LENSES[scene.lens].fields;
  const short = who.split(",")[0], place = scene.layer ? `layer ${scene.layer}` : "the output layer";
  const when = own.includes("before") && scene.before ? " before activation" : "";
  if (scene.lens === "cut") return `${who}, cut at ${place}`;
  if (own.includes("units")) return `${unitWords("units", scene, scene.units.join(", "))} of ${short}${when}`;
  if (own.includes("unit")) return `${unitWords("unit", scene, scene.unit)} of ${short}${when}`;
  return who;
}

// Name the colours, where they are not red, green and blue.
function colourWords({outputs, reading, palette, stops, invert}) {
  const own = stops ? "own colours" : palette, {readings} = NUMBERS, isOne = outputs === 1;
  const told = isOne ? own : reading === "palette" ? `lightness in ${own}` : readings[reading] ?? "";
  return [told, ...(invert ? ["inverted"] : [])].filter(Boolean).join(", ");
}

// Name units of the lens's layer; those of the last one are outputs.
function unitWords(word, scene, numbers) {
  return scene.layer ? `${word} ${numbers} of layer ${scene.layer}` : `${word.replace("unit", "output")} ${numbers}`;
}

// Name the phase that a network of this recipe is in, and its tone; null where the theory says nothing.
function phaseWords(scene) {
  if (scene.weights || scene.layers < FEWEST_LAYERS) return null;
  const {stretch} = meanFieldOf(scene);
  if (Math.abs(stretch - 1) <= TOLD.words.edge) return ["edge of chaos", "edge"];
  return stretch < 1 ? ["calm", "calm"] : ["chaotic", "chaotic"];
}

// Say how much larger things are seen than in the first view; "" for as large.
function zoomWords(scene) {
  const factor = BY_FIELD.radius.default / scene.radius, size = Math.max(factor, 1 / factor);
  if (factor > 0.995 && factor < 1.005) return "";
  let told = size < 1e3 ? `${shortNumber(size, 3)}x` : `${fixed(size, 0)}x`;
  if (size >= LARGEST_WRITTEN) {
    const [digits, power] = significant(size, 2).toExponential(1).split("e+");
    told = `${digits}e${power}x`;
  }
  return factor > 1 ? `zoom ${told}` : `zoom 1/${told}`;
}

function networkWords(scene) {
  const plural = (count) => (count === 1 ? "" : "s");
  if (scene.weights) {
    const layers = network(scene).weights.length;
    return `${baseName(scene.weights)}, ${layers} layer${plural(layers)}${changedWords(scene)}`;
  }
  const mixed = mixedIn(scene.mix).size, others = mixed ? ` with ${mixed} other${plural(mixed)} mixed in` : "";
  const who = `random network ${scene.seed}${others}${scene.to_seed === null ? "" : ` turning into ${scene.to_seed}`}`;
  if (scene.layers === 1) return `${who}, 1 layer${changedWords(scene)}`;
  const units = `${scene.width} ${scene.activation} unit${plural(scene.width)}`;
  return `${who}, ${scene.layers} layers of ${units}${changedWords(scene)}`;
}

// Say how many weights were set to other numbers, and how many units were silenced.
function changedWords(scene) {
  const told = (count, what, done) => (count ? `, ${count} ${what}${count === 1 ? "" : "s"} ${done}` : "");
  const edits = editsOf(scene.edits).length, units = silencedOf(scene.silenced).length;
  return told(edits, "weight", "changed") + told(units, "unit", "silenced");
}

function recipeWords(scene) {
  const size = shortNumber(scene.scale, 4);
  const told = scene.rule === "fixed" ? `scale ${size}` : `${scene.rule} x ${size}`;
  return [["scale", told], ["tied", scene.tied ? "tied" : "independent"]];
}

function baseName(path) {
  if (path.startsWith("\0")) return "your network"; // as Python has handed it in
  return path.replaceAll("\\", "/").split("/").at(-1);
}

function hasTime(scene) {
  return scene.inputs.includes("cos_t") || scene.inputs.includes("sin_t") || scene.cycle !== 0;
}

// A number with so many significant digits, as Python's "{:.3g}".
function shortNumber(value, digits) {
  if (!value) return "0";
  const short = significant(value, digits), first = adjusted(exactDecimal(short));
  if (first >= -4 && first < digits) return String(short);
  return short.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

// A number with so many places behind the point.
function fixed(value, places) {
  return rounded(value, places).toFixed(places);
}
