// The gallery of a page that has one: cards whose links are scenes, so that the browser's back leads here again.

const GALLERY = PLACE.root.getElementById("gallery");

// Make the cards; `leave()` is called when the gallery is left.
function makeGallery(leave) {
  const cards = TOLD.gallery.map(({name, about, link, picture}) => {
    const image = element("img", {src: picture, alt: "", width: 240, height: 150});
    const words = [element("b", {textContent: name}), element("small", {textContent: about})];
    return element("a", {href: `#${link}`}, image, ...words);
  });
  GALLERY.querySelector(".cards").append(...cards);
  GALLERY.addEventListener("close", leave);
  GALLERY.addEventListener("click", (event) => event.target.closest("a") && GALLERY.close());
}

function openGallery() {
  GALLERY.showModal();
  GALLERY.querySelector("h1").focus();
  GALLERY.scrollTop = 0;
}
