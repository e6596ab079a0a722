// The widget: what Python sets is shown, and ends with its cell.

// What names of networks begin with that Python has handed in: twin of picture/network_memory.py.
const HANDED = "\0network ";
let fromPython = told;

// Show what Python has set: one step, however often it does so.
function takeModel() {
  const {networks} = TOLD, text = MODEL.get("scene");
  TOLD.networks = MODEL.get("networks");
  if (networks !== TOLD.networks) TABLES.clear();
  else if (text === told) return;
  const given = fromText(text), isTrained = isOnlyTrained(given);
  told = fromPython = text;
  if (given.weights.startsWith(HANDED)) follow(given.weights);
  if (!isTrained) explorer.letGo();
  if (isTrained || !explorer.show(given, "kernel", true)) explorer.paint();
}

// Whether Python has set another network and nothing else: then the view is the hand's, of which a kernel that trains
// has not heard yet.
function isOnlyTrained(given) {
  const isOurs = ({weights}) => weights.startsWith(HANDED);
  if (!isOurs(given) || !isOurs(explorer.scene)) return false;
  return [told, fromPython].some((each) => isAlike(given, fromText(each), ["weights"]));
}

// Python's network is another one now: so it is in all steps.
function follow(name) {
  const {steps} = explorer, isOld = ({weights}) => weights.startsWith(HANDED) && weights !== name;
  steps.scenes = steps.scenes.map((each) => (isOld(each) ? replaced(each, {weights: name}) : each));
}

const HEARD = {
  "change:scene": takeModel, "change:networks": takeModel, "change:height": sizeUp,
  "change:sliders": () => tellSliders(explorer, explorer.scene), "change:precision": () => explorer.paint(),
};
for (const [kind, deed] of Object.entries(HEARD)) MODEL.on(kind, deed);
tellSliders(explorer, explorer.scene);
HOST.explorer = explorer; // for whoever looks inside

// The cell has gone: nothing of the widget goes on.
function endWidget() {
  for (const [kind, deed] of Object.entries(HEARD)) MODEL.off(kind, deed);
  ENDED.abort();
  for (const timer of Object.values(timers)) clearTimeout(timer);
  cancelAnimationFrame(explorer.frame);
  explorer.frame = -1; // no other frame is asked for
  explorer.picture.end();
  HOST.remove();
}
