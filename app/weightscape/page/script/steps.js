// Where we have been: the current scene, those before it and those gone back from. Twin of explore/keep/history.py.

const LONGEST = 500;
// A gesture without a release, such as the wheel's, goes on with what follows faster than this.
const GESTURE_MS = 600;

class Steps {
  constructor(scene) {
    [this.scenes, this.place, this.gesture, this.gestureMs] = [[scene], 0, "", 0];
  }

  get scene() {
    return this.scenes[this.place];
  }

  // Make a scene the current one; tell whether that changed anything. Scenes of one gesture are one step.
  go(scene, gesture = "", isHeld = false) {
    if (sceneText(scene) === sceneText(this.scene)) return false;
    const now = performance.now();
    const goesOn = gesture && gesture === this.gesture && (isHeld || now - this.gestureMs < GESTURE_MS);
    this.scenes.splice(this.place + (goesOn ? 0 : 1), Infinity, scene);
    this.scenes = this.scenes.slice(-LONGEST - 1);
    this.place = this.scenes.length - 1;
    [this.gesture, this.gestureMs] = [gesture, now];
    return true;
  }

  // The scene of the step before, if there is one.
  get before() {
    return this.scenes[this.place - 1];
  }

  // Be where a scene is that can be shown, in place of the current one, which cannot.
  settle(scene) {
    if (this.before && sceneText(this.before) === sceneText(scene)) this.place -= 1;
    else this.replace(scene);
    this.scenes.length = this.place + 1;
    this.gesture = "";
  }

  // Exchange the current scene without a step: time that runs is no deed.
  replace(scene) {
    this.scenes[this.place] = scene;
  }

  // Find the latest scene of a kind, the current one or one gone by.
  last(isWanted) {
    return this.scenes.slice(0, this.place + 1).findLast(isWanted);
  }

  // Go a step back (-1) or forward (1), if there is one.
  turn(by) {
    if (!(this.place + by in this.scenes)) return false;
    [this.place, this.gesture] = [this.place + by, ""];
    return true;
  }
}
