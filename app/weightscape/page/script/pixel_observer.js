// How many pixels of the screen an element covers changes with its size, and with the screen that it is moved to.

class PixelObserver {
  // Calls hear() after each change. ResizeObserver tells nothing of another screen with the same CSS pixels.
  constructor(element, hear) {
    this.sizes = new ResizeObserver(hear);
    this.sizes.observe(element);
    this.changed = () => {
      this.watchScale();
      hear();
    };
    this.watchScale();
  }

  // A query asks for one scale, so each change needs another.
  watchScale() {
    this.scale?.removeEventListener("change", this.changed);
    this.scale = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    this.scale.addEventListener("change", this.changed);
  }

  disconnect() {
    this.sizes.disconnect();
    this.scale.removeEventListener("change", this.changed);
  }
}
