// Where the page lives: alone, in a document of its own. A notebook's widget has another of these (notebook/script).

const PLACE = {
  isAlone: true, // has keyboard, wheel and address to itself
  root: document,
  body: document.body, // bears classes
  stage: document.documentElement, // fills the screen
  told: () => JSON.parse(document.getElementById("told").textContent),
  hear: (kind, deed, options) => addEventListener(kind, deed, options),
  picture: (canvas, hear) => new Picture(canvas, hear),
  // Throws SceneError for a scene that cannot be shown.
  check: (scene) => wanted(scene),
  // Take in the scene that is seen now.
  tell: () => {},
  takesWheel: () => true,
  // What Esc does when nothing else is left.
  leave: () => {},
};
