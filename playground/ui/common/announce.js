// What a screen reader says without being asked: one polite place for the whole page, for the few
// things that somebody waits for. Progress is not said.

const MOST = 3; // messages that are kept; removing one is not said

/** @type {HTMLElement | undefined} */
let region;

/** It must be there before the first message: what is put on a page with its words is not said. */
export function prepare() {
  if (region?.isConnected) return region;
  region = document.createElement("div");
  region.id = "announcements";
  region.className = "only-heard";
  region.setAttribute("role", "log");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}

/** @param {string} message a sentence, said once */
export function announce(message) {
  const place = prepare();
  while (place.children.length >= MOST) place.firstElementChild?.remove();
  const paragraph = document.createElement("p");
  paragraph.textContent = message;
  place.append(paragraph);
}
