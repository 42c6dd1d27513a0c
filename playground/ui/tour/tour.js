// What the tour asks for that no script run sees: to look at a neuron, to press “Next mistake”.

import { keepOne } from "../common/held.js";

// A pointer that only crosses a neuron does not look at it.
const LOOK_MS = 600;
const EVENTS = ["pointerover", "focusin", "click"];
const NEURON = '[data-testid^="neuron-"]';
const MISTAKE = '[data-tour="mistake"]';

/**
 * @typedef {object} Data what Python passes
 * @property {string} awaits the name of the step, as steps.py has it
 * @typedef {(name: "done", value: string) => void} Send
 */

class Watch {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.calls = 0;
    this.awaits = "";
    /** @type {Send} */
    this.send = () => {};
    this.timer = 0;
    this.listener = (/** @type {Event} */ event) => this.hear(event);
  }

  /** @param {Data} data @param {Send} send */
  attach({ awaits }, send) {
    [this.awaits, this.send] = [awaits, send];
    document.documentElement.dataset.tourAsks = awaits;
    for (const name of EVENTS) document.addEventListener(name, this.listener, true);
  }

  /** @param {Event} event */
  hear(event) {
    const at = (/** @type {string} */ selector) =>
      event.target instanceof Element && event.target.closest(selector) !== null;
    const asked = this.awaits === "neuron" ? NEURON : this.awaits === "mistake" ? MISTAKE : "";
    if (event.type === "pointerover") clearTimeout(this.timer);
    if (!asked || !at(asked)) return;
    if (event.type === "click" || (this.awaits === "neuron" && event.type === "focusin")) {
      this.finish();
    } else if (this.awaits === "neuron") {
      this.timer = window.setTimeout(() => this.finish(), LOOK_MS);
    }
  }

  finish() {
    clearTimeout(this.timer);
    const done = this.awaits;
    this.awaits = "";
    this.send("done", done);
  }

  destroy() {
    clearTimeout(this.timer);
    for (const name of EVENTS) document.removeEventListener(name, this.listener, true);
    delete document.documentElement.dataset.tourAsks;
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne("span", (root) => new Watch(root));
export default show;
