// The page: a picture, what is said over it, and what keys, buttons, mouse and fingers do to it.

const REST_MS = 4000; // after which the buttons leave the picture alone

// Which key stands for which command, of those that the page knows.
function keysOf() {
  const names = new Set([...COMMANDS.map(({name}) => name), ...Object.keys(ACTIONS)]);
  if (!TOLD.gallery.length) names.delete("album");
  return Object.fromEntries(TOLD.commands.filter(({name}) => names.has(name)).flatMap(({name, keys}) => keys.map((key) => [key, name])));
}

function listen(explorer) {
  const {buttons} = TOLD.words, keys = keysOf(), isOpen = () => document.querySelector("dialog[open]");
  addEventListener("keydown", (event) => {
    const name = keyName(event), control = event.target.closest?.("button, input, a");
    if (isOpen() || !name || (control && ["enter", "space"].includes(name))) return;
    if (name === "ctrl+c" || name === "ctrl+v") return; // the browser tells of both
    if (keys[name]) {
      event.preventDefault();
      act(explorer, keys[name], event.repeat);
    } else if (!event.repeat && name.length === 1) say(`${keyLabel(name)}: no such key, H has them all`);
  });
  addEventListener("keyup", () => explorer.letGo());
  addEventListener("copy", (event) => (isOpen() && !copied) || getSelection().toString() || putCopied(explorer, event));
  addEventListener("paste", (event) => isOpen() || pasteIn(explorer, event.clipboardData.getData("text/plain")));
  for (const {name, word, help, keys: labels} of buttons) {
    const button = element("button", {title: `${help} (${labels[0]})`, onclick: () => act(explorer, name)}, icon(name), element("span", {textContent: word}));
    button.dataset.command = name;
    button.setAttribute("aria-label", help);
    document.getElementById("buttons").append(button);
  }
  document.getElementById("keys").addEventListener("click", openHelp);
  makeHelp((name) => act(explorer, name));
}

// Let the buttons go while nobody moves a mouse.
function rest() {
  const wake = () => {
    document.body.classList.remove("resting");
    later("rest", REST_MS, () => document.body.classList.add("resting"));
  };
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) addEventListener(kind, wake, {passive: true});
  wake();
}

function begin() {
  const explorer = new Explorer(fromMapping(TOLD.scene));
  try {
    explorer.picture = new Picture(PICTURE, (event) => explorer.hear(event));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    sayFault(error.message);
    return explorer;
  }
  listen(explorer);
  makeGallery(() => explorer.paint());
  rest();
  explorer.pointer = new Pointer(explorer);
  PICTURE.focus({focusVisible: false});
  explorer.follow();
  if (!explorer.picture.scene && !GALLERY.open) explorer.paint();
  return explorer;
}

const explorer = begin();
