// What a mouse and fingers do: drag, wheel, pinch, two clicks or taps.

const WHEEL = 0.8; // radius for one step of the wheel
const TWICE = 0.5; // radius after two clicks
// Of a wheel that tells pixels, lines or pages: so many are a step.
const STEP_OF = [100, 3, 1];
const MOST_STEPS = 4;
const PINCHED = 4; // a trackpad's pinch tells few pixels
const MOST_PINCHED = 4, DEEPER = 1000; // of a pinch: for one event, and beyond the last true picture
const TAP_PX = 8, TWO_TAPS_PX = 32, TWO_TAPS_MS = 350;

class Pointer {
  // `explorer` is shown other views.
  constructor(explorer) {
    this.explorer = explorer;
    this.down = new Map();
    this.tap = null;
    const {press, move, lift, wheel} = this;
    const heard = {pointerdown: press, pointermove: move, pointerup: lift, pointercancel: lift, wheel};
    for (const [kind, hear] of Object.entries(heard)) PICTURE.addEventListener(kind, hear.bind(this), {passive: false});
    // Safari's own: a trackpad's pinch. Of fingers it tells twice, and these are known as pointers.
    for (const kind of ["gesturestart", "gesturechange"]) PICTURE.addEventListener(kind, this.spread.bind(this));
    PICTURE.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  press(event) {
    if (event.button) return;
    PICTURE.setPointerCapture(event.pointerId);
    PICTURE.focus({focusVisible: false, preventScroll: true});
    PICTURE.classList.add("held");
    this.explorer.letGo();
    this.isTap = this.down.size === 0;
    this.start = [event.offsetX, event.offsetY];
    this.down.set(event.pointerId, this.start);
  }

  move(event) {
    const before = this.down.get(event.pointerId), now = [event.offsetX, event.offsetY];
    this.explorer.picture.focus = now.map((each) => (each * PICTURE.width) / PICTURE.clientWidth);
    if (!before) return;
    this.isTap &&= apart(now, this.start) <= TAP_PX;
    this.down.set(event.pointerId, now);
    if (this.down.size > 2 || (this.down.size === 1 && this.isTap)) return;
    const other = [...this.down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.pinch(before, now, other);
    else this.drag(this.from ?? this.start, now);
    this.from = now;
  }

  drag(before, now) {
    const {explorer} = this;
    explorer.look(pan(explorer.view, explorer.size, now[0] - before[0], now[1] - before[1]), "drag");
  }

  // Zoom so that the plane under both fingers stays there.
  pinch(before, now, other) {
    const {view, size} = this.explorer, middle = (p) => [(p[0] + other[0]) / 2, (p[1] + other[1]) / 2];
    const [was, is] = [middle(before), middle(now)], asked = apart(before, other) / Math.max(apart(now, other), 1);
    // No nearer than a little beyond what precision has held: links of deeper views are long.
    const floor = (this.explorer.picture.truth ?? view).radius / DEEPER / view.radius;
    const factor = Math.min(Math.max(asked, 1 / MOST_PINCHED, Math.min(floor, 1)), MOST_PINCHED);
    this.explorer.look(zoom(pan(view, size, is[0] - was[0], is[1] - was[1]), size, is, factor), "drag");
  }

  lift(event) {
    if (!this.down.delete(event.pointerId)) return;
    this.from = this.down.size === 1 ? [...this.down.values()][0] : null;
    if (this.down.size) return;
    PICTURE.classList.remove("held");
    if (event.type === "pointerup" && this.isTap) this.tapped([event.offsetX, event.offsetY], event.timeStamp);
    else this.tap = null;
  }

  tapped(point, now) {
    const isSecond = this.tap && now - this.tap.now < TWO_TAPS_MS && apart(point, this.tap.point) < TWO_TAPS_PX;
    this.tap = isSecond ? null : {point, now};
    if (isSecond) this.explorer.glideTo(zoom(this.explorer.view, this.explorer.size, point, TWICE));
  }

  spread(event) {
    event.preventDefault();
    const before = event.type === "gesturestart" ? event.scale : this.scale, {view, size} = this.explorer;
    this.scale = event.scale;
    if (this.down.size || before === event.scale) return;
    this.explorer.look(zoom(view, size, [event.clientX, event.clientY], before / event.scale), "drag");
  }

  wheel(event) {
    if (!PLACE.takesWheel(event)) return;
    event.preventDefault();
    const told = (event.deltaY * (event.ctrlKey ? PINCHED : 1)) / STEP_OF[event.deltaMode];
    const steps = Math.min(Math.max(told, -MOST_STEPS), MOST_STEPS), point = [event.offsetX, event.offsetY];
    if (steps) this.explorer.glideTo(zoom(this.explorer.view, this.explorer.size, point, WHEEL ** -steps), "wheel");
  }
}

function apart([x, y], [p, q]) {
  return Math.hypot(x - p, y - q);
}
