// The picture in the page: the newest scene's, coarse and then fine, true or not shown.

const IDLE_MS = 0;
const TILES_MS = 100;
const FRAMES_SHARE = 5;
const CONTEXT = {alpha: false, antialias: false, depth: false, powerPreference: "high-performance"};
const NO_WEBGL = "this browser has no WebGL 2, which draws the picture; a newer one, or its settings, may have";
const LOST = "the graphics driver has taken the picture away; it comes back as soon as it may";

class Picture {
  /**
   * Draw in a canvas, and tell `hear({kind, ...})`: "progress" {stride, part}, "drawn" {scene}, "problem" {text, scene,
   * error}, and "end of precision" {text, refused, scene: the last true one, which is shown again, or null}.
   * Throws EngineError where the browser has no WebGL 2.
   */
  constructor(canvas, hear, clock = () => performance.now()) {
    Object.assign(this, {element: canvas, hear, clock, focus: null, pace: new Pace(), timer: 0, frame: 0});
    Object.assign(this, {scene: null, job: null, truth: null, shows: null, state: "empty"});
    Object.assign(this, {settled: Promise.resolve(""), settle: null, isBack: false, drawnAt: -Infinity});
    this.gl = canvas.getContext("webgl2", CONTEXT);
    if (!this.gl) throw new EngineError(NO_WEBGL);
    canvas.addEventListener("webglcontextlost", (event) => this.lose(event));
    canvas.addEventListener("webglcontextrestored", () => this.restore());
    this.begin();
    this.observer = new PixelObserver(canvas, () => this.resized());
  }

  // Make all that lives on the GPU.
  begin() {
    const {gl} = this;
    gl.disable(gl.DITHER);
    this.programs = new Programs(gl);
    this.engine = new Engine(gl, this.programs);
    this.size = this.wantedSize();
    [this.element.width, this.element.height] = this.size;
    this.canvas = new Canvas(gl, this.programs, this.engine.limits, this.size);
    this.submissions = new Submissions(gl, this.pace, this.clock);
    this.shows = null;
  }

  // Pixels of the screen that the canvas covers, as many as a texture may have.
  wantedSize() {
    const {clientWidth: width, clientHeight: height} = this.element;
    const most = this.gl.getParameter(this.gl.MAX_TEXTURE_SIZE) ?? 4096;
    const scale = Math.min(devicePixelRatio, most / Math.max(width, height, 1));
    return [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  }

  resized() {
    const size = this.wantedSize();
    if (this.gl.isContextLost() || isSameSize(size, this.size)) return;
    this.size = size;
    [this.element.width, this.element.height] = size;
    this.drawFrame();
    if (this.scene) this.show(this.scene);
  }

  // Show a scene as soon as it can be; a newer one takes its place.
  show(scene) {
    [this.scene, this.isBack] = [scene, false];
    this.expect();
    this.redraw();
    // A first pass is finished, so that something new is seen however quickly scenes come.
    if (!this.job || !this.job.exposure.isFirst) this.start();
  }

  // From now on `idle` waits for a picture.
  expect() {
    if (!this.settle) this.settled = new Promise((settle) => { this.settle = settle; });
  }

  // Resolved with "fine", "refused" or "problem" when nothing is left to do.
  get idle() {
    return this.settled;
  }

  isLate(exposure) {
    return exposure.scene !== this.scene || !isSameSize(exposure.size, this.size);
  }

  start() {
    this.submissions.drop();
    this.job = null;
    this.state = "waiting";
    if (!this.gl.isContextLost()) this.guarded(() => {
      const exposure = new Exposure(this, this.scene);
      this.job = {exposure, steps: exposure.steps()};
      this.later(IDLE_MS);
    });
  }

  later(ms) {
    if (!this.timer) this.timer = setTimeout(() => {
      this.timer = 0;
      this.guarded(() => this.step());
    }, ms);
  }

  // One turn: see whether the last submission is over, and hand on the next.
  step() {
    if (!this.job || this.gl.isContextLost()) return;
    if (!this.submissions.isLanded()) return this.later(POLL_MS);
    let isTrue = false;
    const {exposure, steps} = this.job, outcome = {next: () => {
      const found = steps.next();
      isTrue = found.done && found.value;
      return found;
    }};
    if (!this.submissions.submit(outcome)) return this.later(this.submissions.flying ? POLL_MS : IDLE_MS);
    this.job = null;
    if (this.isLate(exposure)) return this.start();
    if (isTrue) this.finish("fine"); else this.refuse(exposure.scene);
  }

  guarded(deed) {
    try {
      deed();
    } catch (error) {
      if (this.gl.isContextLost()) return;
      this.job = null;
      const isKnown = [SceneError, EngineError, ShaderError].some((kind) => error instanceof kind);
      this.hear({kind: "problem", text: error.message, scene: this.scene, error});
      this.finish("problem");
      if (!isKnown) throw error;
    }
  }

  finish(state) {
    this.state = state;
    this.redraw();
    if (state === "fine") this.hear({kind: "drawn", scene: this.scene});
    this.settle?.(this.isBack ? "refused" : state);
    this.settle = null;
    this.isBack = false;
  }

  // Single precision does not hold a scene: go back to the last one that it held.
  refuse(refused) {
    const scene = this.truth;
    this.hear({kind: "end of precision", text: endOfPrecision(scene), refused, scene});
    if (!scene || scene === refused) return this.finish("refused");
    [this.scene, this.isBack] = [scene, true];
    this.redraw();
    this.start();
  }

  // Make the canvas this scene's: it is true.
  take({scene, size}) {
    this.truth = scene;
    const old = this.shows;
    if (old && old.scene === scene && isSameSize(old.size, size)) return;
    if (old) this.canvas.move(carried(scene, size, old.scene, old.size), size);
    else if (!isSameSize(this.canvas.size, size)) this.canvas.move(STILL, size);
    this.shows = {scene, size, missing: [[0, 0, ...size]]};
  }

  painted(exposure, stride, part = 0) {
    this.shows = {scene: exposure.scene, size: exposure.size, missing: exposure.missing};
    this.state = stride > 1 ? "coarse" : "refining";
    this.hear({kind: "progress", stride, part});
    // A frame is dear where a processor draws it: of fine tiles some are shown together, so that most time is theirs.
    const wait = Math.max(TILES_MS, FRAMES_SHARE * this.submissions.frameMs);
    if (stride > 1 || this.clock() - this.drawnAt > wait) this.redraw();
  }

  redraw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.guarded(() => this.drawFrame());
    });
  }

  // Show what there is as it looks from the newest view.
  drawFrame() {
    if (this.gl.isContextLost()) return;
    const {scene, shows, size} = this;
    this.drawnAt = this.clock();
    this.submissions.framed(this.state === "refining");
    this.canvas.show(size, shows && scene ? carried(scene, size, shows.scene, shows.size) : STILL, this.isRounded);
  }

  get isRounded() {
    return this.shows?.scene.quantise !== "floor" || !this.engine.limits.floats;
  }

  // The picture's pixels, {width, height, data: Uint8Array (rows, columns, 4), row 0 on top}.
  pixels() {
    const [width, height] = this.canvas.size;
    return {width, height, data: this.canvas.read(this.isRounded)};
  }

  lose(event) {
    event.preventDefault();
    this.job = null;
    this.state = "lost";
    this.hear({kind: "problem", text: LOST, scene: this.scene});
  }

  // Stop for good, and let go of the GPU.
  end() {
    this.observer.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    [this.job, this.frame, this.hear] = [null, -1, () => {}]; // no other frame is asked for
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  restore() {
    this.guarded(() => this.begin());
    if (this.scene) this.show(this.scene);
  }
}

function endOfPrecision(truth) {
  const what = truth ? "single precision ends here" : "single precision cannot hold this picture";
  return `${what}: the program shows it`;
}

// The command line that shows a scene, where a link can hold it.
function commandOf(scene) {
  try {
    return `weightscape explore '${link(scene)}'`;
  } catch (error) {
    if (!(error instanceof SceneError)) throw error;
    return "";
  }
}
