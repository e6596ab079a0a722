// The page's state: steps, a view on its way, whether time runs. Each change is painted, told and put into the address.

const TURN_MS = 12_000; // for a turn of time
const LONGEST_STEP_MS = 100;
const ADDRESS_MS = 400; // browsers refuse addresses that change often

class Explorer {
  constructor(scene) {
    [this.picture, this.pointer] = [null, null];
    this.steps = new Steps(scene);
    this.glide = new Glide();
    [this.hold, this.saving] = [0, null]; // saving: {scene}
    this.isWaiting = true; // nothing has come yet
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
    return hasTime(this.scene) && !this.isPaused && !this.saving;
  }

  // End the gesture, and what a held key does; the next one is another.
  letGo() {
    this.hold += 1;
  }

  // Make a scene the current one, as a step, and paint it; tell whether it is another one.
  show(scene, gesture = "", isHeld = false) {
    const before = this.scene;
    if (!this.steps.go(scene, gesture, isHeld)) return false;
    this.leave(before);
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
    const before = this.scene, has = this.steps.turn(by);
    this.leave(before);
    if (has) this.paint();
    return has;
  }

  // End what belongs to a scene that is left: a view on its way, and what was said of another network.
  leave(before) {
    this.glide.end();
    if (!isSameNetwork(before, this.scene)) hush();
  }

  // Show a scene from elsewhere, a step of its own or one of a gesture, and tell true; or say why it cannot be shown.
  open(read, told = "", gesture = "", refuse = ({message}) => say(message)) {
    try {
      const scene = read();
      PLACE.check(scene);
      if (!gesture) this.letGo();
      this.show(scene, gesture, gesture !== "");
      if (told) say(told);
      return true;
    } catch (error) {
      if (!(error instanceof SceneError)) throw error;
      refuse(error);
      return false;
    }
  }

  paint() {
    const view = this.glide.view;
    if (this.saving && this.saving.scene !== this.scene) say(this.giveUp("another one came first"));
    this.picture.show(view ? looking(this.scene, view) : this.scene);
    this.tell();
    if (view || this.isMoving) this.wake();
  }

  // Tell the scene in words, and in the address.
  tell() {
    tellStatus(this.scene, this.isWaiting);
    PLACE.tell(this.scene);
    if (PLACE.isAlone) timers.address ??= setTimeout(() => this.tellAddress(), ADDRESS_MS);
  }

  // Take in what the picture tells of itself.
  hear({kind, text, stride, part, scene, refused}) {
    const shown = text ? null : this.picture.shows?.scene;
    if (!THUMBNAIL.hidden) THUMBNAIL.hidden = !shown || isSameNetwork(shown, this.scene);
    if (this.isWaiting) this.hasCome();
    if (kind === "progress") tellProgress(stride > 1 ? 0 : part);
    else tellProgress(1);
    if (kind === "end of precision" && (scene || this.steps.before)) this.refuse(text, scene, refused);
    else sayFault(text ?? "", refused);
  }

  // Tell the scene once anything is there, be it a refusal.
  hasCome() {
    this.isWaiting = false;
    this.tell();
  }

  // End the saving that waits for a picture, and say so; "" where none does.
  giveUp(reason) {
    const isSaving = this.saving !== null;
    this.saving = null;
    return isSaving ? `the picture was not saved: ${reason}` : "";
  }

  // Go back to a scene that single precision holds.
  refuse(text, scene, refused) {
    const lost = this.giveUp("it cannot be drawn here");
    this.glide.end();
    this.steps.settle(scene ?? this.steps.before);
    if (scene) this.tell();
    else later("again", 0, () => this.paint()); // the picture is still about the one that it refuses
    say([text, lost].filter(Boolean).join("; "), refused);
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
    hush();
    if (location.hash.length > 1) {
      if (this.open(() => fromLink(location.hash), "", "", (error) => stay(this, error))) GALLERY.close();
    } else if (TOLD.gallery.length) openGallery();
    else this.tell();
    showThumbnail(location.hash);
  }
}
