// The page's state: steps, a view on its way, whether time runs. Each change is painted, told and put into the address.

const TURN_MS = 12_000; // for a turn of time
const LONGEST_STEP_MS = 100;
const ADDRESS_MS = 400; // browsers refuse addresses that change often

class Explorer {
  constructor(scene) {
    [this.picture, this.pointer] = [null, null];
    this.steps = new Steps(scene);
    this.glide = new Glide();
    [this.hold, this.isSaving] = [0, false];
    this.isPaused = REDUCED.matches;
    this.clock = performance.now();
  }

  get scene() {
    return this.steps.scene;
  }

  get view() {
    return viewOf(this.scene);
  }

  // CSS pixels, as the pointer's.
  get size() {
    return [PICTURE.clientWidth, PICTURE.clientHeight];
  }

  get isMoving() {
    return hasTime(this.scene) && !this.isPaused && !this.isSaving;
  }

  // End the gesture, and what a held key does; the next one is another.
  letGo() {
    this.hold += 1;
  }

  // Make a scene the current one, as a step, and paint it; tell whether it is another one.
  show(scene, gesture = "", isHeld = false) {
    if (!this.steps.go(scene, gesture, isHeld)) return false;
    this.glide.end();
    this.paint();
    return true;
  }

  // Show another view at once: what a hand does is one step.
  look(view, gesture) {
    this.show(looking(this.scene, view), `${gesture} ${this.hold}`, true);
  }

  // Go to another view, eased.
  glideTo(view, gesture = "", isHeld = false) {
    const start = this.glide.view ?? this.view;
    if (!this.steps.go(looking(this.scene, view), gesture, isHeld)) return;
    this.glide.begin(start, this.view, performance.now());
    this.paint();
  }

  // Go a step back (-1) or forward (1).
  turn(by) {
    const has = this.steps.turn(by);
    this.glide.end();
    if (has) this.paint();
    return has;
  }

  // Show a scene from elsewhere, a step of its own or one of a gesture, or say why it cannot be shown.
  open(read, told = "", gesture = "") {
    try {
      const scene = read();
      PLACE.check(scene);
      if (!gesture) this.letGo();
      this.show(scene, gesture, gesture !== "");
      if (told) say(told);
    } catch (error) {
      if (!(error instanceof SceneError)) throw error;
      say(error.message);
    }
  }

  paint() {
    const view = this.glide.view;
    this.picture.show(view ? looking(this.scene, view) : this.scene);
    this.tell();
    if (view || this.isMoving) this.wake();
  }

  // Tell the scene in words, and in the address.
  tell() {
    tellStatus(this.scene);
    PLACE.tell(this.scene);
    if (PLACE.isAlone) timers.address ??= setTimeout(() => this.tellAddress(), ADDRESS_MS);
  }

  // Take in what the picture tells of itself.
  hear({kind, text, stride, part, scene}) {
    if (kind === "progress") tellProgress(stride > 1 ? 0 : part);
    else tellProgress(1);
    if (kind === "end of precision" && (scene || this.steps.before)) this.refuse(text, scene);
    else sayFault(text ?? "");
  }

  // Go back to a scene that single precision holds.
  refuse(text, scene) {
    this.glide.end();
    this.steps.settle(scene ?? this.steps.before);
    if (scene) this.tell();
    else later("again", 0, () => this.paint()); // the picture is still about the one that it refuses
    say(text);
  }

  wake() {
    this.frame ??= requestAnimationFrame((now) => this.tick(now));
  }

  // Let a view glide, and time run.
  tick(now) {
    const passed = Math.min(now - this.clock, LONGEST_STEP_MS);
    [this.frame, this.clock] = [null, now];
    if (this.glide.view) {
      this.glide.advance(now);
      this.paint();
    } else if (this.isMoving) {
      const time = (this.scene.time + Math.max(passed, 0) / TURN_MS) % 1;
      this.steps.replace(replaced(this.scene, {time: rounded(time, 9)}));
      this.paint();
    }
  }

  // Put the scene's link into the address, where one can hold it, and no step into the browser's history.
  tellAddress() {
    timers.address = null;
    if (GALLERY.open) return;
    try {
      this.address = `#${link(this.scene).split("#")[1]}`;
    } catch (error) {
      if (!(error instanceof SceneError)) throw error;
      this.address = "";
    }
    const bare = location.pathname + location.search;
    if (this.address !== location.hash) history.replaceState(null, "", this.address || bare);
  }

  // Open what the address says: it was typed, or the browser went back.
  follow() {
    if (location.hash.length > 1) {
      GALLERY.close();
      this.open(() => fromLink(location.hash));
    } else if (TOLD.gallery.length) openGallery();
  }
}
