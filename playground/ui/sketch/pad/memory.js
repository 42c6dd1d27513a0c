// What this tab remembers of the drawing, over pages and reloads.

/** @typedef {{version: number, strokes: Stroke[], undone: Stroke[]}} Kept */
/** @typedef {import("./strokes.js").Stroke} Stroke */

const STORE = "playground-sketchpad";

/** @returns {Kept | null} */
export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "null");
  } catch {
    return null; // Storage may be forbidden: the server's copy it is.
  }
}

/** @param {Kept} drawing */
export function remember(drawing) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(drawing));
  } catch {
    // Full or forbidden: the server keeps the drawing.
  }
}
