// The widget's picture: the page's own where that is true, else the kernel's, which covers it.

class Shown {
  // As the page's Picture; without WebGL the kernel draws all.
  constructor(canvas, hear) {
    const cover = ROOT.getElementById("kernel");
    Object.assign(this, {hear, cover, scene: null, ended: null, isKernel: false, page: null});
    this.kernel = new KernelPicture(cover, (event) => this.isKernel && hear(event));
    try {
      this.page = new Picture(canvas, (event) => this.hearPage(event));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
    this.observer = new PixelObserver(canvas, () => this.isKernel && this.kernel.resized());
  }

  show(scene) {
    this.scene = scene;
    this.turn(this.isForKernel(scene));
    (this.isKernel ? this.kernel : this.page).show(scene);
  }

  // Let the kernel draw from now on, or the page.
  turn(isKernel) {
    if (this.isKernel && !isKernel) this.kernel.drop();
    this.isKernel = isKernel;
    this.cover.hidden = !isKernel;
  }

  isForKernel(scene) {
    const {ended, page} = this;
    if (!page || !["auto", "single"].includes(MODEL.get("precision"))) return true;
    if (OVER.some((name) => scene[name])) return true;
    if (ended && scene.radius <= ended.radius && isAlike(scene, ended, VIEW_FIELDS)) return true;
    try {
      wanted(scene);
      return false;
    } catch (error) {
      if (!(error instanceof SceneError)) throw error;
      return true;
    }
  }

  // Where single precision ends, or the browser's own drawing, the kernel goes on.
  hearPage(event) {
    if (this.isKernel) return;
    if (event.kind === "end of precision") this.ended = event.refused;
    else if (event.kind !== "problem") return this.hear(event);
    else if (!(event.error instanceof SceneError)) [this.page, this.gone] = [null, this.page];
    this.turn(true);
    this.kernel.show(this.scene);
  }

  get idle() {
    return (this.isKernel ? this.kernel : this.page).idle.then(() => this.isKernel ? this.kernel.idle : "fine");
  }

  get state() {
    return (this.isKernel ? this.kernel : this.page).state;
  }

  set focus(point) {
    if (this.page) this.page.focus = point;
  }

  pixels() {
    return (this.isKernel ? this.kernel : this.page).pixels();
  }

  end() {
    this.observer.disconnect();
    this.kernel.drop();
    MODEL.off("msg:custom", this.kernel.listener);
    (this.page ?? this.gone)?.end();
  }
}
