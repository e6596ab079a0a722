// Tiles and the time that they may take: twin of engine/tile.py.

// What is submitted at once takes about this long; a frame has 50 ms. To be told of its end takes time, too, however
// little there is to do: as long as for most of the last empty submissions, of which one in so many is. Were that taken
// for slowness, tiles would become small, and smaller, on a machine that only has much else to do.
const BUDGET_MS = 30;
const [EMPTY_ONES, EMPTY_EVERY] = [5, 12];
const FEWEST_POINTS = 64;

// How fast the GPU is, in floating-point operations a millisecond: up by at most a factor of four, down at once.
// Fused networks and others have their own rates: a GPU may be many times as fast with one as with the other.
class Pace {
  constructor() {
    [this.rates, this.isFused] = [new Map(), null];
    this.rate = TOLD.drawing.first_rate / 1000;
    this.empty = Array(EMPTY_ONES).fill(0);
  }

  get latency() {
    return [...this.empty].sort((a, b) => a - b)[EMPTY_ONES >> 1];
  }

  // Go on with networks of the other kind, as fast as they were last.
  turn(isFused) {
    if (isFused === this.isFused) return;
    this.rates.set(this.isFused, this.rate);
    this.rate = this.rates.get(isFused) ?? TOLD.drawing.first_rate / 1000;
    this.isFused = isFused;
  }

  // How much work is done in so many milliseconds.
  work(ms = BUDGET_MS) {
    return this.rate * ms;
  }

  learn(work, ms) {
    if (work === 0) this.empty = [ms, ...this.empty.slice(0, -1)];
    else this.rate = Math.min(work / Math.max(ms - this.latency, ms / 8, 0.01), 4 * this.rate);
  }
}

// Floating-point operations of one point.
function workOf(network) {
  return network.weights.reduce((sum, {rows, columns}) => sum + 2 * rows * columns, 0);
}

/**
 * Cut boxes [left, top, width, height] into tiles, one at a time as they are asked for, nearest to `focus` [x, y]
 * first; `points()` tells how many points a tile may have now.
 */
function* tilesOf(boxes, points, focus) {
  const remaining = [...boxes].reverse();
  while (remaining.length) {
    remaining.sort((a, b) => boxDistance(b, focus) - boxDistance(a, focus));
    const box = remaining.pop();
    if (box[2] * box[3] > Math.max(points(), FEWEST_POINTS) || Math.max(box[2], box[3]) > TOLD.drawing.max_side) {
      remaining.push(...halves(box));
    } else {
      yield {box, remaining: [...remaining]};
    }
  }
}

// The longer side cut in two, at a multiple of 8 where possible; the upper left half comes last, to be next.
function halves([left, top, width, height]) {
  if (width >= height) {
    const half = width >> 1, part = half & ~7 || half;
    return [[left + part, top, width - part, height], [left, top, part, height]];
  }
  const part = height >> 1;
  return [[left, top + part, width, height - part], [left, top, width, part]];
}

function boxDistance([left, top, width, height], [x, y]) {
  return Math.hypot(Math.max(left - x, x - left - width, 0), Math.max(top - y, y - top - height, 0));
}
