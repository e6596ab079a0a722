// What of the last picture stays when a view is only moved: twin of picture/reuse.py and network/view.py, carried().
// Boxes are [left, top, width, height] in pixels, y down.

const VIEW_FIELDS = ["center", "radius", "angle"];

/**
 * Where the pixels of one scene's view lie in another's picture: {turn, shift}, pixels from the middle, y up:
 * old = turn new + shift.
 */
function carried(now, size, old, oldSize) {
  const [c, s] = turn(now.angle - old.angle), [c0, s0] = turn(old.angle);
  const ratio = (now.radius / Math.min(...size)) / (old.radius / Math.min(...oldSize));
  const [x, y] = [0, 1].map((n) => toNumber(sum(parsedDecimal(now.center[n]), negated(parsedDecimal(old.center[n])))));
  const half = Math.min(...oldSize) / 2 / old.radius;
  const shift = [(c0 * x + s0 * y) * half, (c0 * y - s0 * x) * half];
  return {turn: [ratio * c, -ratio * s, ratio * s, ratio * c], shift};
}

// Whether two scenes differ in their fields `besides` at most.
function isAlike(one, other, besides) {
  const text = (scene) => JSON.stringify(scene, (key, value) => {
    if (besides.includes(key)) return undefined;
    return typeof value === "bigint" ? String(value) : value;
  });
  return text(one) === text(other);
}

// By how many pixels [right, down] a picture's contents moved; null where something else changed, or nothing is left.
function shiftOf(now, old, size) {
  if (!isAlike(now, old, ["center"])) return null;
  const [x, y] = carried(now, size, old, size).shift, moved = [-Math.round(x), Math.round(y)];
  if (!(Math.abs(x + moved[0]) <= TOLD.drawing.near && Math.abs(y - moved[1]) <= TOLD.drawing.near)) return null;
  return Math.abs(moved[0]) < size[0] && Math.abs(moved[1]) < size[1] ? moved : null;
}

// What of a new picture the old one shows, sharp or not: a box, of no size where pictures are turned.
function coveredBox(now, size, old, oldSize) {
  const {turn: [ratio, across], shift: [x, y]} = carried(now, size, old, oldSize);
  if (across !== 0 || !(ratio > 0)) return [0, 0, 0, 0];
  const [w, h, w0, h0] = [...size, ...oldSize].map((side) => side / 2);
  const left = Math.ceil(w - (w0 + x) / ratio), right = Math.floor(w + (w0 - x) / ratio);
  const top = Math.ceil(h - (h0 - y) / ratio), bottom = Math.floor(h + (h0 + y) / ratio);
  return common([left, top, right - left, bottom - top], [0, 0, ...size]) ?? [0, 0, 0, 0];
}

// The box that two have in common, or null.
function common(one, other) {
  const [left, top] = [Math.max(one[0], other[0]), Math.max(one[1], other[1])];
  const right = Math.min(one[0] + one[2], other[0] + other[2]), bottom = Math.min(one[1] + one[3], other[1] + other[3]);
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

// At most four boxes around one inside a picture of `size`.
function around([width, height], [left, top, wide, high]) {
  if (!wide || !high) return [[0, 0, width, height]];
  const [right, bottom] = [left + wide, top + high];
  const beside = [[0, 0, left, height], [right, 0, width - right, height]];
  const above = [[left, 0, wide, top], [left, bottom, wide, height - bottom]];
  return [...beside, ...above].filter(([, , w, h]) => w && h);
}

// At most four boxes along a picture's edges that cover all of these: what is between is in one piece.
function edges(size, boxes) {
  let inner = [0, 0, ...size];
  for (const [x, y, wide, high] of boxes) {
    const [left, top, right, bottom] = inner;
    const cuts = [
      [Math.max(left, x + wide), top, right, bottom],
      [left, Math.max(top, y + high), right, bottom],
      [left, top, Math.min(right, x), bottom],
      [left, top, right, Math.min(bottom, y)],
    ];
    const room = (cut) => Math.max(cut[2] - cut[0], 0) * Math.max(cut[3] - cut[1], 0);
    inner = cuts.reduce((best, cut) => (room(cut) > room(best) ? cut : best));
  }
  const [left, top, right, bottom] = inner;
  return around(size, right > left && bottom > top ? [left, top, right - left, bottom - top] : [0, 0, 0, 0]);
}

function areaOf(boxes) {
  return boxes.reduce((total, [, , width, height]) => total + width * height, 0);
}

// What a picture has coarsely, or not at all, of which an old one, moved, had `missing` coarse.
function missingBoxes(size, moved, missing) {
  const [width, height] = size, [dx, dy] = moved;
  const kept = [Math.max(dx, 0), Math.max(dy, 0), width - Math.abs(dx), height - Math.abs(dy)];
  const old = missing.map(([left, top, wide, high]) => common([left + dx, top + dy, wide, high], kept));
  return [...old.filter((box) => box), ...around(size, kept)];
}
