// Where we look: centre (two decimal texts), radius and angle, and what moves them. Twin of network/view.py.

// The view of a scene, and a scene through another view.
function viewOf({center, radius, angle}) {
  return {center, radius, angle};
}

function looking(scene, {center, radius, angle}) {
  return replaced(scene, {center, radius, angle});
}

// Pixel coordinates (x right, y down, centres at .5) in screen coordinates (short side -1..1, y up).
function pixelToScreen([width, height], [x, y]) {
  const short = Math.min(width, height);
  return [(2 * x - width) / short, (height - 2 * y) / short];
}

// Screen coordinates in plane units, measured from the view's centre.
function screenToOffset(view, [x, y]) {
  const [c, s] = turn(view.angle);
  return [view.radius * (c * x - s * y), view.radius * (s * x + c * y)];
}

// Pixel coordinates in the plane, as exactly as the centre is known: two decimal numbers.
function pixelToPlane(view, size, pixel) {
  return moved(view.center.map(parsedDecimal), screenToOffset(view, pixelToScreen(size, pixel)));
}

function moved(point, offset) {
  return point.map((each, n) => inPrecision(sum(each, exactDecimal(offset[n]))));
}

// Drag the picture by (dx, dy) pixels, y down: the plane follows the hand.
function pan(view, size, dx, dy) {
  const short = Math.min(...size), offset = screenToOffset(view, [-2 * dx / short, 2 * dy / short]);
  return {...view, center: trimmed(moved(view.center.map(parsedDecimal), offset), view.radius)};
}

// Multiply the radius, within its range, and keep the plane point under `pixel` where it is.
function zoom(view, size, pixel, factor) {
  const {low, high} = BY_FIELD.radius, radius = Math.min(Math.max(view.radius * factor, low), high);
  const [x, y] = screenToOffset({...view, radius}, pixelToScreen(size, pixel));
  return {...view, radius, center: trimmed(moved(pixelToPlane(view, size, pixel), [-x, -y]), radius)};
}

// Turn the camera counter-clockwise about the centre; the angle stays in -180..180.
function rotate(view, degrees) {
  return {...view, angle: modulo(view.angle + degrees + 180, 360) - 180};
}

// The remainder that has the divisor's sign, as Python's %.
function modulo(a, b) {
  const rest = a % b;
  return rest && (rest < 0) !== (b < 0) ? rest + b : Math.abs(rest);
}

// Drop decimal places that no picture of this radius can show: two texts.
function trimmed(point, radius) {
  const place = adjusted(exactDecimal(radius)) - NUMBERS.center_places;
  return point.map((each) => (each.digits ? decimalText(normalized(quantized(each, place))) : "0"));
}
