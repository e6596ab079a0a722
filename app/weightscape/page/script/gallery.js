// The gallery of a page that has one: cards whose links are scenes, so that the browser's back leads here again.

const GALLERY = PLACE.root.getElementById("gallery");
const LOST_LINK = PLACE.root.getElementById("lost");
const THUMBNAIL = PLACE.root.getElementById("thumbnail");

// Make the cards; `leave()` is called when the gallery is left.
function makeGallery(leave) {
  const cards = TOLD.gallery.map(({name, about, link, picture}) => {
    const image = element("img", {src: picture, alt: "", width: 240, height: 150});
    const words = [element("b", {textContent: name}), element("small", {textContent: about})];
    return element("a", {href: `#${link}`}, image, ...words);
  });
  GALLERY.querySelector(".cards").append(...cards);
  GALLERY.addEventListener("close", () => {
    LOST_LINK.hidden = true;
    leave();
  });
  GALLERY.addEventListener("click", (event) => event.target.closest("a") && GALLERY.close());
}

function openGallery() {
  GALLERY.showModal();
  GALLERY.querySelector("h1").focus();
  GALLERY.scrollTop = 0;
  document.title = "weightscape: gallery";
}

// Say on top of the gallery, which covers all else, what became of a link.
function sayInGallery(text) {
  LOST_LINK.hidden = false;
  LOST_LINK.textContent = text;
}

// Stand a card's small picture in for its scene until that has been drawn coarsely.
function showThumbnail(fragment) {
  const card = TOLD.gallery.find(({link}) => `#${link}` === fragment);
  if (card) THUMBNAIL.src = card.picture;
  THUMBNAIL.hidden = !card || GALLERY.open;
}
