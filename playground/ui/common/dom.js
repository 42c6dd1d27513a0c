// What all components do with the elements of a page.

/**
 * Write only what has changed: a screen reader reads a live region again whenever it is written.
 *
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const SOON_MS = 100;

/**
 * Call something when the page has nothing else to do.
 *
 * @param {() => void} go
 * @param {number} [most] milliseconds that it may wait, if not for ever
 */
export function whenIdle(go, most) {
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(go, most ? { timeout: most } : {});
  else setTimeout(go, SOON_MS);
}

/**
 * The first element that a selector finds.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`there is no ${kind.name} for ${selector}`);
  return found;
}
