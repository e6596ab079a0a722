// Where a widget's page lives: in an element of a notebook, among others of its kind. Twin of the page's own place.js.

const HOST = document.createElement("div");
const ROOT = HOST.attachShadow({mode: "open"});
const ENDED = new AbortController(); // lets go of all that is heard outside the element
const ANYWHERE = ["copy", "paste", "beforecopy", "beforepaste"]; // of which browsers tell the document alone

HOST.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not meant here
ROOT.innerHTML = `<style>${STYLE}</style><div class="page">${MARKUP}<canvas id="kernel" hidden></canvas></div>
<div id="sliders"></div>`;
sizeUp();
ELEMENT.append(HOST);

function sizeUp() {
  HOST.style.setProperty("--height", `${MODEL.get("height")}px`);
}

const PLACE = {
  isAlone: false,
  root: ROOT,
  body: ROOT.querySelector(".page"),
  stage: HOST,
  told: () => ({...TOLD_ALL, scene: JSON.parse(MODEL.get("scene")), networks: MODEL.get("networks")}),
  hear(kind, deed, options) {
    const isOurs = () => ROOT.activeElement !== null, {signal} = ENDED;
    if (!ANYWHERE.includes(kind)) PLACE.body.addEventListener(kind, deed, options);
    else document.addEventListener(kind, (event) => isOurs() && deed(event), {signal});
  },
  picture: (canvas, hear) => new Shown(canvas, hear),
  check: () => {}, // what the page cannot show the kernel does
  tell: (scene) => tellModel(scene),
  // A notebook scrolls by the wheel, until somebody works in the picture.
  takesWheel: (event) => event.ctrlKey || ROOT.activeElement === PICTURE,
  leave: () => PICTURE.blur(),
};
