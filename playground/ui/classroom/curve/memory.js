// What this tab remembers of curves, over pages and reloads.

/**
 * @typedef {import("./samples.js").Samples} Samples
 * @typedef {{version: number, samples: Samples}} Kept
 */

const STORE = "playground-curve-";

/**
 * @param {string} name of the curve
 * @returns {Kept | null}
 */
export function remembered(name) {
  try {
    return JSON.parse(sessionStorage.getItem(STORE + name) ?? "null");
  } catch {
    return null; // Storage may be forbidden: the server's copy it is.
  }
}

/**
 * @param {string} name of the curve
 * @param {Kept} curve
 */
export function remember(name, curve) {
  try {
    sessionStorage.setItem(STORE + name, JSON.stringify(curve));
  } catch {
    // Full or forbidden: the server keeps the curve.
  }
}
