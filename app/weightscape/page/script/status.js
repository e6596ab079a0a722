// What is said over the picture: the status line, notices, and to screen readers.

const PICTURE = PLACE.root.getElementById("picture");
const STATUS = PLACE.root.getElementById("status");
const NOTICE = PLACE.root.getElementById("notice");
const SPOKEN = PLACE.root.getElementById("spoken");
const NOTICE_MS = 3000, LETTER_MS = 45, SPEAK_MS = 700, BUTTON_MS = 6000;
const timers = {};

// Do something later, in place of what was to be done under this name.
function later(name, delay, deed) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(deed, delay);
}

// Say something for a while; longer texts stay longer. `refused`: a scene whose link a button copies.
function say(text, refused = null) {
  NOTICE.hidden = false;
  NOTICE.replaceChildren(text, ...copyButton(refused));
  later("notice", NOTICE_MS + LETTER_MS * text.length + (refused ? BUTTON_MS : 0), hush);
}

function hush() {
  NOTICE.hidden = true;
}

// Say in the middle of the page what cannot be mended here.
function sayFault(text, refused = null) {
  const fault = PLACE.root.getElementById("fault");
  fault.hidden = !text;
  fault.replaceChildren(text, ...copyButton(refused));
}

// A button that copies the link of a scene that the program shows, in a list; none where no link holds it.
function copyButton(scene) {
  const command = scene ? commandOf(scene) : "";
  if (!command) return [];
  const deed = () => copyOut(link(scene), "link copied: weightscape explore 'LINK' shows it");
  const button = element("button", {className: "copy", textContent: "copy link", title: command, onclick: deed});
  button.setAttribute("aria-label", `copy the link, for ${command}`);
  return [button];
}

const WAITING = "drawing weights ...";

// Tell that weights are drawn, before it is known which.
function tellWaiting() {
  PLACE.root.getElementById("seen").replaceChildren(element("span", {className: "seen", textContent: WAITING}));
}

// Tell the scene in the status line, and once it rests to those who hear the page.
function tellStatus(scene, isWaiting = false) {
  const pieces = statusPieces(scene), phase = phaseWords(scene);
  const piece = (className, textContent, title) => element("span", {className, textContent, title});
  const {terms} = TOLD.words;
  const made = pieces.map(([name, text]) => piece(name, text, terms[name]));
  made[0].title = pieces.map(([, text]) => text).join(" · ");
  if (isWaiting) made.splice(1, Infinity, piece("waiting", WAITING));
  else if (phase) made.push(piece(`phase ${phase[1]}`, phase[0], terms.phase));
  PLACE.root.getElementById("seen").replaceChildren(...made);
  const spoken = [...pieces.map(([, text]) => text), ...(phase ? [phase[0]] : [])].join(", ");
  PICTURE.setAttribute("aria-label", spoken);
  if (PLACE.isAlone) document.title = `weightscape: ${pieces[0][1]}`;
  later("spoken", SPEAK_MS, () => (SPOKEN.textContent = spoken));
}

// Tell how much of the picture is done, 0..1.
function tellProgress(done) {
  STATUS.classList.toggle("works", done < 1);
  STATUS.style.setProperty("--done", done);
}
