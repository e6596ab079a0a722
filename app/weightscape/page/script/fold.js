// What a network is fed, and how the view folds into its first layer: twin of network/input.py.

// Cosine and sine of an angle in degrees, exact at multiples of 90.
function turn(angle) {
  const quarter = Math.floor(angle / 90), rest = (angle - 90 * quarter) * (Math.PI / 180);
  const [c, s] = [Math.cos(rest), Math.sin(rest)];
  return [[c, s], [-s, c], [-c, -s], [s, -c]][((quarter % 4) + 4) % 4];
}

// What a scene's network is fed: a plane through many inputs is one of x, y and 1.
function inputsOf(scene) {
  return scene.origin.length ? NUMBERS.plane_inputs : scene.inputs;
}

/**
 * Turn a network of a scene's inputs into one of pixel coordinates, for a picture of size [width, height] in pixels:
 * px, py from the picture's centre, y up; with r among the inputs a third, which `radial` describes (else null).
 */
function folded(network, scene, size) {
  const inputs = inputsOf(scene), [first, ...others] = network.weights;
  if (first.rows !== inputs.length) {
    const lists = `${inputs.length}: ${inputs.join(",")}`;
    throw new SceneError("inputs", `the network has ${first.rows} inputs, the scene lists ${lists}`);
  }
  const terms = inputTerms(scene, size), radial = inputs.includes("r") ? radialOf(scene, size) : null;
  const table = inputs.flatMap((name) => terms[name] ?? [0, 0, 0, Number(name)]);
  const made = product(transposed(matrix(inputs.length, 4, Float64Array.from(table))), first), count = radial ? 3 : 2;
  const bias = made.values.subarray(3 * made.columns).map((each, n) => each + network.biases[0][n]);
  const rows = matrix(count, made.columns, made.values.slice(0, count * made.columns));
  return {network: {...network, weights: [rows, ...others], biases: [bias, ...network.biases.slice(1)]}, radial};
}

// Each named input as coefficients of px, of py, of the radial input, and a constant.
function inputTerms(scene, size) {
  const pixel = 2 * scene.radius / Math.min(...size), [c, s] = turn(scene.angle), [cx, cy] = scene.center.map(Number);
  return {
    x: [pixel * c, -pixel * s, 0, cx],
    y: [pixel * s, pixel * c, 0, cy],
    r: [0, 0, pixel, Math.hypot(cx, cy)],
    cos_t: [0, 0, 0, Math.cos(2 * Math.PI * scene.time)],
    sin_t: [0, 0, 0, Math.sin(2 * Math.PI * scene.time)],
  };
}

// How r changes from the picture's centre: the centre seen from the plane's origin in units of `length` pixels.
function radialOf(scene, size) {
  const pixel = 2 * scene.radius / Math.min(...size), [c, s] = turn(scene.angle), [cx, cy] = scene.center.map(Number);
  const span = Math.max(Math.hypot(cx, cy), pixel * Math.hypot(...size) / 2);
  const origin = [(c * cx + s * cy) / span, (c * cy - s * cx) / span];
  return {origin, length: Math.min(span / pixel, NUMBERS.longest)};
}

// The radial input at pixel coordinates.
function radialInput({origin: [ex, ey], length}, px, py) {
  const [qx, qy] = [px / length, py / length];
  const distance = Math.hypot(ex + qx, ey + qy) + Math.hypot(ex, ey);
  return length * (qx * (2 * ex + qx) + qy * (2 * ey + qy)) / Math.max(distance, Number.MIN_VALUE);
}

// The inputs of a folded network at points [px, py], pixels from the picture's centre, y up.
function pixelInputs(points, radial) {
  const rows = points.flatMap(([px, py]) => (radial ? [px, py, radialInput(radial, px, py)] : [px, py]));
  return matrix(points.length, radial ? 3 : 2, Float64Array.from(rows));
}
