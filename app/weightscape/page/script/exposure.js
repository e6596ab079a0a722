// A scene's picture on its way, in steps: levels, a coarse pass, whether it is true, and then fine, tile after tile.

// The first pass takes about so long, and has at most so many points: they are read back.
const FIRST_MS = 40;
const MOST_READ = 1 << 17;

class Exposure {
  // `picture` is where it is painted; `old` {scene, size, missing} what that shows, or null.
  constructor(picture, scene) {
    Object.assign(this, {picture, scene, size: picture.size, isFirst: true, isPainted: false});
    const want = wanted(scene), isPlain = scene.levels === "plain" && isPlainShading(want.shading, want.channels);
    this.isStretched = scene.levels === "auto";
    this.engine = picture.engine;
    const part = shownPart(want.network);
    this.asked = this.engine.asked(folded(part, scene, this.size), isPlain);
    picture.pace.turn(this.asked.isFused);
    const channels = Math.min(part.biases.at(-1).length, 4);
    this.shown = {colour: colourOf(scene, channels), channels, shading: want.shading};
    this.begin(picture.shows);
  }

  // Take in what an old picture has of this one.
  begin(old) {
    const {scene, size} = this, whole = [[0, 0, ...size]], isPlain = scene.levels === "plain";
    const moved = old && isPlain && isSameSize(old.size, size) ? shiftOf(scene, old.scene, size) : null;
    this.missing = moved ? missingBoxes(size, moved, old.missing) : whole;
    this.isSeen = Boolean(old && isPlain && isAlike(scene, old.scene, VIEW_FIELDS));
    this.absent = this.isSeen ? around(size, coveredBox(scene, size, old.scene, old.size)) : whole;
  }

  points() {
    return this.engine.points(this.asked, this.picture.pace);
  }

  // All steps: see submission.js. Returns whether the picture may be seen.
  *steps() {
    const strides = this.strides(), grids = this.firstGrids(strides[0]);
    yield {work: 0, draw: () => null, isApart: true};
    let isQuick = false;
    for (const grid of grids) {
      const values = yield* this.pass(grid);
      if (this.isStretched) this.level(values);
      if (!(yield* isTrue(this.asked, grid, values, this.shown, this.engine.step))) return false;
      isQuick = areaOf(this.missing) <= this.points();
      if (!isQuick || grid !== grids.at(-1)) this.lay(values, grid, this.absent);
      if (!isQuick && this.picture.isLate(this)) return true;
      this.isFirst = isQuick;
    }
    const between = strides.filter((stride) => stride > 1 && stride < grids.at(-1).stride);
    for (const stride of isQuick ? [] : between) yield* this.coarser(stride);
    yield* this.fine();
    return true;
  }

  // What is evaluated before anything is fine: where levels follow the view, also the overview that tells them.
  firstGrids(stride) {
    const first = gridOf(this.size, undefined, stride);
    if (!this.isStretched) return [first];
    const overview = this.overview();
    return overview.stride < stride ? [first, overview] : [overview];
  }

  // The steps of all passes, the last of one pixel.
  strides() {
    const {fewest_points: fewest, refinement} = TOLD.drawing, [width, height] = this.size;
    const points = Math.min(this.picture.pace.work(FIRST_MS) / this.asked.work, MOST_READ);
    const largest = Math.max(1, Math.floor((Math.min(width, height) - 1) / (fewest - 1)));
    const found = [Math.max(Math.min(Math.ceil(Math.sqrt(width * height / points)), largest), Math.min(2, largest))];
    while (found.at(-1) > 1) found.push(Math.max(1, Math.floor(found.at(-1) / refinement)));
    return found.length > 1 ? found : [1, 1];
  }

  // The few points that tell levels: twin of picture/levels.py.
  overview() {
    const {overview, coarse, overview_work: most} = TOLD.drawing, [width, height] = this.size;
    const isDear = overview ** 2 * this.asked.work > most;
    const stride = Math.max(1, Math.floor(Math.min(width, height) / (isDear ? coarse : overview)));
    return gridOf(this.size, [0, 0, Math.floor(width / stride) * stride, Math.floor(height / stride) * stride], stride);
  }

  level(values) {
    const {channels} = this.shown, own = new Float64Array(values.length / 4 * channels);
    own.forEach((_, n) => { own[n] = values[4 * Math.floor(n / channels) + n % channels]; });
    this.shown.shading = stretchedShading(own, channels);
  }

  // Evaluate a whole coarse grid, rows or parts of a row at a time -> Float32Array, four numbers a point.
  *pass(grid) {
    const count = grid.columns * grid.rows, values = new Float32Array(4 * count);
    for (let at = 0; at < count;) {
      const part = this.next(grid, at);
      values.set(yield* this.engine.answered(this.asked, part), 4 * at);
      at += part.columns * part.rows;
    }
    return values;
  }

  // What of a grid is evaluated at once, from its point number `at` on.
  next(grid, at) {
    const points = Math.max(Math.floor(this.points()), FEWEST_POINTS);
    const column = at % grid.columns, row = (at - column) / grid.columns;
    const columns = Math.min(points, grid.columns - column);
    const rows = columns < grid.columns ? 1 : Math.min(Math.floor(points / columns), grid.rows - row);
    return {...grid, columns, rows, x: grid.x + grid.stride * column, y: grid.y - grid.stride * row};
  }

  *coarser(stride) {
    const grid = gridOf(this.size, undefined, stride);
    if (grid.columns * grid.rows > MOST_READ || areaOf(this.missing) < areaOf([[0, 0, ...this.size]])) return;
    if (this.isSeen) return;
    this.lay(yield* this.pass(grid), grid, this.missing);
  }

  // Paint a coarse pass inside boxes: what the last picture has of this one is sharper.
  lay(values, grid, boxes) {
    this.picture.take(this);
    const seen = this.displayed(values);
    for (const box of boxes) this.picture.canvas.paintCoarse(seen, grid, [0, 0], this.shown, box);
    this.picture.painted(this, grid.stride);
  }

  displayed(values) {
    const {channels, shading} = this.shown;
    return values.map((each, n) => (n % 4 < channels ? display(shading, each, n % 4) : 1));
  }

  *fine() {
    const {picture, engine, size} = this, whole = areaOf(this.missing);
    const focus = picture.focus ?? size.map((side) => side / 2);
    for (const {box, remaining} of tilesOf(this.missing, () => this.points(), focus)) {
      const grid = gridOf(size, box), {asked, shown} = this;
      const values = asked.isSoftmax ? yield* engine.answered(asked, grid) : yield* engine.answer(asked, grid);
      yield {work: 0, draw: () => {
        picture.take(this);
        if (values) picture.canvas.paintCoarse(this.displayed(values), grid, box.slice(0, 2), shown, box);
        else picture.canvas.paint(engine.values, grid, box, shown);
        this.missing = remaining.length ? edges(size, remaining) : [];
        picture.painted(this, 1, 1 - areaOf(remaining) / whole);
      }};
    }
    if (!whole) picture.take(this);
    yield LANDED;
  }
}

function isSameSize(one, other) {
  return one[0] === other[0] && one[1] === other[1];
}

// Of more outputs than colours the first three are seen; a softmax looks at all.
function shownPart(network) {
  const isLarge = network.biases.at(-1).length > 4 && network.activations.at(-1) !== "softmax";
  return isLarge ? tapped(network, network.weights.length - 1, [0, 1, 2], false) : network;
}
