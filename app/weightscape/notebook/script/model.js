// What is told to Python: the scene, a few times a second; and the sliders with it.

const TELL_MS = 80;
// The scene's text that Python and the widget both know.
let told = MODEL.get("scene");

// Tell the scene soon; what came from Python is not sent back.
function tellModel() {
  timers.model ??= setTimeout(() => {
    timers.model = null;
    tellSliders(explorer, explorer.scene);
    const text = sceneText(explorer.scene);
    if (text === told) return;
    told = text;
    MODEL.set("scene", text);
    MODEL.save_changes();
  }, TELL_MS);
}
