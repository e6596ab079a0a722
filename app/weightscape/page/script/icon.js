// The signs on the buttons: lines in a square of 24.

const ICONS = {
  reroll: "M4 4h16v16H4z",
  back: "M9 7 4 12l5 5 M4 12h11a5 5 0 0 1 0 10h-2",
  more_layers: "M4 7h12 M4 12h16 M4 17h12 M19 14.5v5 M16.5 17h5",
  fewer_layers: "M4 7h12 M4 12h16 M4 17h10 M16.5 17h5",
  activation: "M3 19c9 0 9-14 18-14 M3 12h18",
  cut: "M12 3 3 8l9 5 9-5z M3 12.5l9 5 9-5",
  colours: "M12 3s7 7 7 11.5a7 7 0 0 1-14 0C5 10 12 3 12 3z M9 15a3 3 0 0 0 3 3",
  screenshot: "M12 4v11 M7.5 11 12 15.5l4.5-4.5 M4 20h16",
  album: "M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z",
  help: "",
};
// Their thick dots.
const DOTS = {
  reroll: "M8.5 8.5h.01M15.5 8.5h.01M12 12h.01M8.5 15.5h.01M15.5 15.5h.01",
  help: "M5 12h.01M12 12h.01M19 12h.01",
};

// A sign as an element that screen readers pass over.
function icon(name) {
  const made = (tag, values) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [each, value] of Object.entries(values)) one.setAttribute(each, value);
    return one;
  };
  const sign = made("svg", {viewBox: "0 0 24 24", "aria-hidden": true});
  sign.append(made("path", {d: ICONS[name]}), made("path", {d: DOTS[name] ?? "", "stroke-width": 2.8}));
  return sign;
}

/** Make an element with properties and children. */
function element(tag, values = {}, ...children) {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...children);
  return made;
}
