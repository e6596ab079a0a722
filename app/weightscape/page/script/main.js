// The page: a picture, what is said over it, and what keys, buttons, mouse and fingers do to it.

const SEEN_MS = 20;
const REST_MS = 4000; // after which the buttons leave the picture alone

// Which key stands for which command, of those that the page knows.
function keysOf() {
  const names = new Set([...COMMANDS.map(({name}) => name), ...Object.keys(ACTIONS)]);
  if (!TOLD.gallery.length) names.delete("album");
  const known = TOLD.commands.filter(({name}) => names.has(name));
  return Object.fromEntries(known.flatMap(({name, keys}) => keys.map((key) => [key, name])));
}

function listen(explorer) {
  const keys = keysOf(), isOpen = () => PLACE.root.querySelector("dialog[open]");
  const isOurs = () => copied || !(isOpen() || getSelection().toString());
  PLACE.hear("keydown", (event) => {
    PLACE.body.classList.toggle("tabbing", event.key === "Tab"); // then it matters where the focus is
    const name = keyName(event), control = event.target.closest?.("button, input, a");
    if (isOpen() || !name || (control && ["enter", "space"].includes(name))) return;
    if (name === "ctrl+c" || name === "ctrl+v") return; // the browser tells of both
    if (keys[name]) {
      event.preventDefault();
      act(explorer, keys[name], event.repeat);
    } else if (!event.repeat && name.length === 1) say(`${keyLabel(name)}: no such key, H has them all`);
  });
  PLACE.hear("keyup", () => explorer.letGo());
  PLACE.hear("hashchange", () => explorer.follow());
  PLACE.hear("copy", (event) => isOurs() && putCopied(explorer, event));
  // Without a selection Safari asks before it copies or pastes; to say no to its own way is to have ours.
  PLACE.hear("beforecopy", (event) => isOurs() && event.preventDefault());
  PLACE.hear("beforepaste", (event) => isOpen() || event.preventDefault());
  PLACE.hear("paste", (event) => isOpen() || pasteIn(explorer, event.clipboardData.getData("text/plain")));
  PLACE.root.getElementById("keys").addEventListener("click", openHelp);
  makeHelp((name) => act(explorer, name));
}

function makeButtons(explorer) {
  const made = TOLD.words.buttons.map(({name, word, help, keys: [key]}) => {
    const values = {title: `${help} (${key})`, onclick: () => act(explorer, name)};
    const button = element("button", values, icon(name), element("span", {textContent: word}));
    button.dataset.command = name;
    button.setAttribute("aria-label", help);
    return button;
  });
  PLACE.root.getElementById("buttons").append(...made);
}

// Let the buttons go while a mouse rests; fingers have no other way.
function rest() {
  let hasMouse = false;
  const wake = ({pointerType}) => {
    hasMouse = pointerType ? pointerType === "mouse" : hasMouse;
    PLACE.body.classList.remove("resting");
    later("rest", REST_MS, () => PLACE.body.classList.toggle("resting", hasMouse));
  };
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) PLACE.hear(kind, wake, {passive: true});
}

// Say that weights are drawn, which takes a while for large networks, and let that be seen before.
function beforehand(picture, start) {
  tellWaiting();
  picture.expect();
  setTimeout(start, SEEN_MS);
}

function begin() {
  const explorer = new Explorer(fromMapping(TOLD.scene));
  try {
    explorer.picture = PLACE.picture(PICTURE, (event) => explorer.hear(event));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    sayFault(error.message);
    return explorer;
  }
  listen(explorer);
  makeButtons(explorer);
  makeGallery(() => explorer.paint());
  rest();
  explorer.pointer = new Pointer(explorer);
  if (PLACE.isAlone) PICTURE.focus({focusVisible: false});
  const start = () => {
    if (PLACE.isAlone) explorer.follow();
    if (!explorer.picture.scene && !GALLERY.open) explorer.paint();
  };
  if (!PLACE.isAlone || (TOLD.gallery.length && location.hash.length < 2)) start();
  else beforehand(explorer.picture, start);
  return explorer;
}

const explorer = begin();
