// What keys are called: letters by their print, signs as typed, as window/event.py names them.

const KEY_NAMES = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right",
  " ": "space", PageUp: "page_up", PageDown: "page_down",
};
const SILENT = ["Tab", "Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"];

// The name of a pressed key, "" for what is none of ours to judge.
function keyName(event) {
  const {key, shiftKey} = event;
  if (SILENT.includes(key) || event.isComposing) return "";
  const isLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const isSign = key.length === 1 && !isLetter && key !== " ";
  const isTyped = isSign && (event.altKey || event.getModifierState("AltGraph")); // by Alt, or AltGr, which is Ctrl+Alt
  const control = (event.ctrlKey || event.metaKey) && !isTyped ? "ctrl+" : "";
  const alt = event.altKey && !isTyped ? "alt+" : "";
  const name = KEY_NAMES[key] ?? key.toLowerCase();
  return `${control}${alt}${shiftKey && !isSign ? "shift+" : ""}${name}`;
}

// Write a key for people: "ctrl+z" -> "Ctrl+Z".
function keyLabel(name) {
  if (name.length === 1) return name.toUpperCase();
  return name.split("+").map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("+");
}
