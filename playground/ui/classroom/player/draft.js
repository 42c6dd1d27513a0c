// What has been typed and is not saved yet, in this browser, over reloads and crashes.

const STORE = "playground-words-";

/**
 * @param {string} name
 * @returns {string | null}
 */
export function draftOf(name) {
  try {
    return localStorage.getItem(STORE + name);
  } catch {
    return null; // Storage may be forbidden.
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} saved what the class has; with that there is no draft
 */
export function keepDraft(name, text, saved) {
  try {
    if (same(text, saved)) localStorage.removeItem(STORE + name);
    else localStorage.setItem(STORE + name, text);
  } catch {
    // Full or forbidden: the text is still on the page.
  }
}

/**
 * Whether two texts are the same to the class, which takes away white space around them.
 *
 * @param {string} one
 * @param {string} other
 */
export const same = (one, other) => one.trim() === other.trim();
