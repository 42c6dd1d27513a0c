// What changes often is heard seldom: a count that thirty people move is not read thirty times.

import { announce, prepare } from "./announce.js";
import { write } from "./dom.js";

/** Between two sentences from the same place, in milliseconds: longer than it takes to say one. */
export const PAUSE_MS = 5000;

/**
 * A sentence on the page that is written at each change, and said at most once every few seconds,
 * as it is then. What it says at first is said by nobody: one reads it where it stands.
 */
export class Seldom {
  /**
   * @param {Element} element no live region, which would say every change
   * @param {(message: string) => void} [say]
   */
  constructor(element, say = announce) {
    if (say === announce) prepare();
    this.element = element;
    this.say = say;
    /** @type {string | null} */
    this.said = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pause = undefined;
  }

  /** @param {string} text what the place says from now on; empty for nothing */
  tell(text) {
    write(this.element, text);
    if (this.said === null) this.said = text;
    else if (this.pause === undefined) this.speak();
  }

  speak() {
    const text = this.element.textContent ?? "";
    this.pause = undefined;
    if (text === this.said) return;
    this.said = text;
    if (text) this.say(text);
    this.pause = setTimeout(() => this.speak(), PAUSE_MS);
  }

  /** Say nothing more: the place is gone, or it speaks of something else now. */
  leave() {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.said = null;
  }
}
