// What the page's address leads to, and what is said where it leads to no picture.

const NEWER = /^a newer program made it[: (]+(.*?)\)?$/;

// Say what is wrong with a link; the reader's own reason only where the text is one of ours.
function linkFault({field, reason}, text) {
  if (field !== "link") return `this page cannot show what the link holds: ${reason}`;
  const [, why] = NEWER.exec(reason) ?? [];
  if (why) return `this link was made by a newer weightscape (${why})`;
  const fragment = unwrapped(text).replace(/^[^#]*#?/, "");
  const isOurs = fragment[0] === LINK_VERSION || [...fragment].some((char) => !ALPHABET.includes(char));
  return `this link is broken or not weightscape's${isOurs ? ` (${reason})` : ""}`;
}

// Stay with what is seen, or begin with the gallery, in place of what a link leads to.
function stay(explorer, error) {
  const fault = linkFault(error, location.hash);
  if (TOLD.gallery.length && !explorer.picture.scene) openGallery();
  if (GALLERY.open) {
    sayInGallery(`${fault}; you see the gallery instead`);
    history.replaceState(null, "", location.pathname + location.search);
  } else {
    say(`${fault}; you see ${seenWords(explorer.scene)} instead`);
    explorer.tell();
  }
}

// Whether two scenes differ in nothing but the view and the time.
function isSameNetwork(one, other) {
  return sceneText(replaced(looking(one, viewOf(other)), {time: other.time})) === sceneText(other);
}
