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

export const PAUSE_MS = 2500;
export const AGAIN_MS = 10_000; // doubled each time
export const MOST_AGAIN = 5;

/** Sends a text when one pauses or goes elsewhere, and again where it was not saved. */
export class Saver {
  /**
   * @param {() => string} text that is typed now
   * @param {() => string} saved what the class has
   * @param {(text: string) => void} send
   */
  constructor(text, saved, send) {
    this.text = text;
    this.saved = saved;
    this.send = send;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {string | null} */
    this.sent = null; // and not answered yet
    this.again = 0;
  }

  /** Something was typed. */
  typed() {
    this.again = 0;
    this.wait(PAUSE_MS);
  }

  save() {
    clearTimeout(this.timer);
    const text = this.text();
    if (same(text, this.saved()) || text === this.sent) return;
    this.sent = text;
    this.send(text);
  }

  /** The script has run: it has saved what was sent, has refused it, or does not have it yet. */
  answered() {
    if (this.sent === null) return;
    const waits = this.sent !== this.text();
    this.sent = null;
    if (waits || same(this.text(), this.saved()) || this.again >= MOST_AGAIN) return;
    this.wait(AGAIN_MS * 2 ** this.again++);
  }

  /** @param {number} ms */
  wait(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }
}
