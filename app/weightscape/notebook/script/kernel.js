// The picture as the notebook's kernel draws it: asked for, one view at a time, and moved with the hand until the next.

const BUSY_MS = 1500;
const BUSY = "waiting for the notebook's kernel: it draws this picture once it is free; if it was restarted, run the cell again";
const GONE = "the notebook's kernel draws this picture, and knows nothing of it any more: run the cell again";

class KernelPicture {
  // Draws in `element`, which covers the page's canvas, and tells hear({kind, ...}) as the page's Picture does.
  constructor(element, hear) {
    Object.assign(this, {element, hear, number: 0, asked: null, shown: null, scene: null, state: "empty"});
    [this.settled, this.settle] = [Promise.resolve("fine"), null];
    this.listener = (told, buffers) => this.take(told, buffers);
    MODEL.on("msg:custom", this.listener);
  }

  get idle() {
    return this.settled;
  }

  get size() {
    const sides = [PICTURE.clientWidth, PICTURE.clientHeight];
    return sides.map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
  }

  // Show a scene as soon as the kernel has drawn it; until then what there is, moved to where it belongs.
  show(scene) {
    this.scene = scene;
    if (!this.settle) this.settled = new Promise((settle) => { this.settle = settle; });
    this.draw();
    if (!this.asked) this.ask();
  }

  resized() {
    if (!isSameSize(this.size, this.sized)) this.show({...this.scene});
  }

  ask() {
    this.sized = this.size;
    this.asked = {id: (this.number += 1), scene: this.scene, size: this.sized};
    try {
      MODEL.send({kind: "draw", id: this.asked.id, scene: sceneText(this.scene), size: this.asked.size});
    } catch { // whose comm has ended, of a kernel that was restarted
      return this.end("problem", {kind: "problem", text: GONE, scene: this.scene});
    }
    this.hear({kind: "progress", stride: 1, part: 0});
    later("busy", BUSY_MS, () => say(BUSY));
  }

  async take({kind, id, text, isFine}, buffers) {
    const {asked} = this;
    if (!asked || id !== asked.id) return;
    clearTimeout(timers.busy);
    if (NOTICE.textContent === BUSY) hush();
    if (kind === "problem") return this.end("problem", {kind, text, scene: asked.scene});
    const image = await createImageBitmap(new Blob([buffers[0]], {type: "image/png"}));
    if (asked !== this.asked) return;
    this.shown = {...asked, image};
    this.draw();
    if (this.scene !== asked.scene) this.ask(); // coarse is enough of what has been left
    else if (isFine) this.end("fine", {kind: "drawn", scene: asked.scene});
    else this.hear({kind: "progress", stride: 1, part: 0.3});
  }

  end(state, told) {
    const isNewer = this.scene !== this.asked.scene;
    [this.state, this.asked] = [state, null];
    if (isNewer) return this.ask();
    this.hear(told);
    this.settle?.(state);
    this.settle = null;
  }

  // Forget what is on its way.
  drop() {
    clearTimeout(timers.busy);
    this.asked = null;
    this.settle?.("dropped");
    this.settle = null;
  }

  draw() {
    const {element, shown, scene, size: [width, height]} = this, context = element.getContext("2d");
    if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!shown) return;
    const {size: [w, h], image} = shown;
    const [a, b, c, d, x, y] = isPlane(scene) ? moving(scene, [width, height], shown) : [1, 0, 0, 1, 0, 0];
    context.setTransform(a, b, c, d, width / 2 + x, height / 2 + y);
    context.drawImage(image, -w / 2, -h / 2, w, h);
  }

  pixels() {
    const {width, height} = this.element;
    return {width, height, data: this.element.getContext("2d").getImageData(0, 0, width, height).data};
  }
}

function isPlane({lens, beside}) {
  return !beside && !["atlas", "height", "slice", "probe", "weights", "norms", "units"].includes(lens);
}

// The canvas transform, from pixels right of and below the middle, that puts an old picture where it now belongs.
function moving(scene, size, old) {
  const {turn: [a, b, c, d], shift: [x, y]} = carried(scene, size, old.scene, old.size), det = a * d - b * c;
  const inverse = [d / det, c / det, b / det, a / det]; // y is down here
  return [...inverse, -(inverse[0] * x - inverse[2] * y), -(inverse[1] * x - inverse[3] * y)];
}
