// What the page's own commands do: those of the table that do not change the scene by themselves.

const REPEATED = ["back", "forward"];
const NOT_DRAWN = "nothing was saved: this picture is not drawn";

const ACTIONS = {
  back: (explorer) => explorer.turn(-1) || say("this is the first picture"),
  forward: (explorer) => explorer.turn(1) || say("this is the last picture"),
  help: () => openHelp(),
  album: () => openGallery(),
  type_seed: (explorer) => askSeed(explorer),
  pause: (explorer) => pause(explorer),
  screenshot: (explorer) => savePicture(explorer),
  copy: (explorer) => copyOut(sceneText(explorer.scene), "scene copied"),
  copy_link: (explorer) => copyLink(explorer),
  paste: () => say("Ctrl+V pastes a scene or a link"),
  fullscreen: () => fillScreen(),
  close: (explorer) => leave(explorer),
};

// Do what a command says, for its key or its button; `isRepeated`: the key is held.
function act(explorer, name, isRepeated = false) {
  if (!isRepeated) explorer.letGo();
  if (!(name in ACTIONS)) change(explorer, name);
  else if (!isRepeated || REPEATED.includes(name)) ACTIONS[name](explorer);
}

// Apply a command; a new seed is a step of its own, also when its key is held.
function change(explorer, name) {
  const command = COMMANDS.find((each) => each.name === name), isSeeded = command.seeded;
  const isLeaving = isSeeded && explorer.scene.weights !== "";
  const scene = isLeaving ? explorer.steps.last((each) => !each.weights) ?? checkedScene() : explorer.scene;
  const [made, reason] = tried(command, scene, chance());
  if (TOLD.words.gliding.includes(name)) explorer.glideTo(viewOf(made), `key ${explorer.hold}`, true);
  else explorer.show(made, isSeeded ? "" : `key ${explorer.hold}`, true);
  if (reason || isLeaving) say(isLeaving ? "a random network again; Backspace goes back" : reason);
}

// Leave the lens, and then the picture.
function leave(explorer) {
  if (explorer.scene.lens === "outputs") PLACE.leave();
  else explorer.show(replaced(explorer.scene, {lens: "outputs"}));
}

// Fill the screen, or go back; a telephone may know neither.
function fillScreen() {
  if (PLACE.root.fullscreenElement) document.exitFullscreen();
  else if (!document.fullscreenEnabled) say("this browser has no full screen for pages");
  else PLACE.stage.requestFullscreen().catch(() => say("the browser keeps its window"));
}

function chance() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (BigInt(high) << 31n) | BigInt(low >>> 1);
}

function pause(explorer) {
  if (!hasTime(explorer.scene)) {
    say("nothing here moves: time is for the inputs cos_t and sin_t, and for colours that cycle");
    return;
  }
  explorer.isPaused = !explorer.isPaused;
  explorer.wake();
}

// Ask for a seed in a small window.
function askSeed(explorer) {
  const dialog = PLACE.root.getElementById("seed"), line = PLACE.root.getElementById("number");
  if (explorer.scene.weights) {
    say("this network was loaded from a file and has no seed: R goes back to random ones");
    return;
  }
  line.value = "";
  line.placeholder = explorer.scene.seed;
  dialog.returnValue = "";
  const amiss = PLACE.root.getElementById("amiss"), typed = () => line.value.trim();
  amiss.hidden = true;
  dialog.querySelector("form").onsubmit = (event) => {
    amiss.hidden = !typed() || isSeed(typed());
    amiss.textContent = `a seed is a whole number from 0 to ${SEED_COUNT - 1n}`;
    if (!amiss.hidden) event.preventDefault(); // what was typed stays
  };
  dialog.onclose = () => {
    if (dialog.returnValue && typed()) explorer.open(() => reseeded(explorer.scene, typed()));
  };
  dialog.showModal();
}

function isSeed(text) {
  return /^[0-9]+$/.test(text) && BigInt(text) < SEED_COUNT;
}

// Save this very scene once its picture is whole; time stands still until then. Another scene ends it: giveUp().
async function savePicture(explorer) {
  const {scene, picture} = explorer, saving = {scene};
  if (explorer.saving) return; // it is this scene's: another one would have ended it
  if (picture.state === "lost") return say(NOT_DRAWN);
  say("saving the picture");
  explorer.saving = saving;
  explorer.glide.end();
  explorer.paint();
  await picture.idle;
  if (explorer.saving !== saving) return;
  explorer.saving = null;
  explorer.wake();
  if (picture.state !== "fine" || picture.scene !== scene) return say(NOT_DRAWN);
  const pixels = picture.pixels();
  handOut(await pictureFile(scene, pixels), pictureName(scene));
  say(`picture saved: ${pictureName(scene)}`);
}

function copyLink(explorer) {
  try {
    const text = link(explorer.scene), isServed = PLACE.isAlone && location.protocol.startsWith("http");
    const whole = isServed ? `${location.href.split("#")[0]}#${text.split("#")[1]}` : text;
    copyOut(whole, `link copied: ${whole.length} characters hold the scene`);
  } catch (error) {
    if (!(error instanceof SceneError)) throw error;
    say(`no ${error.message}`);
  }
}

// What is on its way into the clipboard: {text, told}.
let copied = null;

// Put a text into the clipboard, also where only a page from a server may ask for it: as if the browser's own copy did.
function copyOut(text, told) {
  copied = {text, told};
  const isDone = document.execCommand("copy");
  copied = null;
  if (isDone) return;
  const written = navigator.clipboard?.writeText(text) ?? Promise.reject();
  written.then(() => say(told), () => say("the browser keeps its clipboard closed; the address has the link"));
}

// Give the browser what is copied: without a command of ours, the scene.
function putCopied(explorer, event) {
  const {text, told} = copied ?? {text: sceneText(explorer.scene), told: "scene copied"};
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
  say(told);
}

// Show the scene whose text, or whose link, was pasted.
function pasteIn(explorer, text) {
  const bare = text.trim(), isScene = bare.startsWith("{"), what = isScene ? "scene" : "link";
  if (bare) explorer.open(() => (isScene ? fromText(bare) : fromLink(bare)), `${what} pasted (Backspace goes back)`);
}
