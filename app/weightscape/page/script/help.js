// The help: all keys in rows, searched by typing; a key's cap is a button that does what the key does.

const HELP = PLACE.root.getElementById("help");
const SEARCH = HELP.querySelector("input");

// Make the rows once; `act(name)` does what a command's key does.
function makeHelp(act) {
  const done = (name) => {
    HELP.close();
    act(name);
  };
  SEARCH.addEventListener("input", () => fillHelp(done));
  SEARCH.addEventListener("keydown", (event) => {
    const isDone = event.key === "Enter", isClosing = ["h", "?", "F1"].includes(event.key) && !SEARCH.value;
    if (!isDone && !isClosing) return;
    event.preventDefault();
    event.stopPropagation(); // else the page takes the key, too
    if (isDone) HELP.querySelector(".cap")?.click();
    else HELP.close();
  });
  HELP.addEventListener("cancel", (event) => {
    if (!SEARCH.value) return;
    event.preventDefault(); // Esc first shows all rows again
    SEARCH.value = "";
    fillHelp(done);
  });
  HELP.querySelector(".close").addEventListener("click", () => HELP.close());
  HELP.addEventListener("click", (event) => event.target === HELP && HELP.close());
  HELP.querySelector("footer").append(`weightscape ${TOLD.version} · ${TOLD.made}`);
  fillHelp(done);
}

// Open it with all rows; a finger's keyboard stays away until the search line is touched.
function openHelp() {
  SEARCH.value = "";
  SEARCH.dispatchEvent(new Event("input"));
  HELP.showModal();
  repeatHeadings();
  if (matchMedia("(pointer: coarse)").matches) HELP.querySelector(".close").focus();
  HELP.querySelector(".rows").scrollTop = 0;
}

function fillHelp(done) {
  const words = SEARCH.value.toLowerCase().split(/\s+/).filter(Boolean), groups = new Map();
  for (const row of helpRows()) {
    const text = [row.help, ...row.caps.flatMap(({keys, help = ""}) => [...keys, help])].join(" ").toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    if (!groups.has(row.group)) groups.set(row.group, [element("h2", {textContent: row.group})]);
    groups.get(row.group).push(helpRow(row, done));
  }
  const sections = [...groups.values()].map((rows) => element("section", {}, ...rows));
  const none = element("p", {className: "none", textContent: "nothing has these words: Esc shows all"});
  HELP.querySelector(".rows").replaceChildren(...(sections.length ? sections : [none]));
  repeatHeadings();
}

// Where a group goes on in another column, its heading stands there again, for the eye.
function repeatHeadings() {
  for (const row of HELP.querySelectorAll(".row")) {
    const before = row.previousElementSibling;
    if (before.matches("h2") || before.offsetLeft === row.offsetLeft) continue;
    const again = element("h2", {className: "again", textContent: row.parentNode.firstChild.textContent});
    again.ariaHidden = true;
    row.before(again);
  }
}

// The rows for the hands that are here: where no mouse is, what fingers do comes first.
function helpRows() {
  const {help} = TOLD.words, isTouch = matchMedia("(hover: none)").matches;
  if (isTouch) return [...help.filter(({by}) => by === "finger"), ...help.filter(({by}) => !by)];
  const hasFingers = matchMedia("(any-pointer: coarse)").matches;
  return help.filter(({by}) => by !== "finger" || hasFingers);
}

function helpRow({help, caps}, done) {
  const made = caps.map(({keys, name, help: own}) => {
    const labels = keys.map((label) => element("kbd", {textContent: label}));
    if (!name) return labels[0];
    const cap = element("button", {className: "cap", onclick: () => done(name)}, ...labels);
    cap.dataset.command = name;
    cap.setAttribute("aria-label", `${own}, ${keys.join(" or ")}`);
    return cap;
  });
  return element("div", {className: "row"}, element("span", {textContent: help}), ...made);
}
