// What is said over the picture: the status line, notices, and to screen readers.

const PICTURE = PLACE.root.getElementById("picture");
const STATUS = PLACE.root.getElementById("status");
const NOTICE = PLACE.root.getElementById("notice");
const SPOKEN = PLACE.root.getElementById("spoken");
const NOTICE_MS = 3000, LETTER_MS = 45, SPEAK_MS = 700;
const timers = {};

// Do something later, in place of what was to be done under this name.
function later(name, delay, deed) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(deed, delay);
}

// Say something for a while; longer texts stay longer.
function say(text) {
  NOTICE.hidden = false;
  NOTICE.textContent = text;
  later("notice", NOTICE_MS + LETTER_MS * text.length, () => (NOTICE.hidden = true));
}

// Say in the middle of the page what cannot be mended here.
function sayFault(text) {
  const fault = PLACE.root.getElementById("fault");
  fault.hidden = !text;
  fault.textContent = text;
}

// Tell the scene in the status line, and once it rests to those who hear the page.
function tellStatus(scene) {
  const pieces = statusPieces(scene), phase = phaseWords(scene);
  const piece = (className, textContent, title) => element("span", {className, textContent, title});
  const {terms} = TOLD.words;
  const made = pieces.map(([name, text]) => piece(name, text, terms[name]));
  made[0].title = pieces.map(([, text]) => text).join(" · ");
  if (phase) made.push(piece(`phase ${phase[1]}`, phase[0], terms.phase));
  PLACE.root.getElementById("seen").replaceChildren(...made);
  const spoken = [...pieces.map(([, text]) => text), ...(phase ? [phase[0]] : [])].join(", ");
  PICTURE.setAttribute("aria-label", spoken);
  later("spoken", SPEAK_MS, () => (SPOKEN.textContent = spoken));
}

// Tell how much of the picture is done, 0..1.
function tellProgress(done) {
  STATUS.classList.toggle("works", done < 1);
  STATUS.style.setProperty("--done", done);
}
