// The epochs of a run: a slider, and a button that plays them as a film.

import * as words from "../words.js";
import { make, set } from "./elements.js";

const FRAME_MS = 350; // an epoch of the film at least

export class Player {
  /**
   * @param {HTMLElement} root
   * @param {(epoch: number | null) => void} show null for the newest epoch, from now on
   */
  constructor(root, show) {
    this.root = root;
    this.show = show;
    /** @type {number[]} */
    this.epochs = [];
    this.playing = false;
    this.timer = 0;
    this.button = make("button", { type: "button" });
    this.button.onclick = () => (this.playing ? this.stop() : this.play());
    this.slider = make("input", { type: "range", min: 0, max: 0, step: 1 });
    this.slider.ariaLabel = words.epochName();
    this.slider.oninput = () => {
      this.stop();
      this.go(Number(this.slider.value));
    };
    this.text = make("span", { class: "nv-when" });
    root.append(this.button, this.slider, this.text);
    this.stop();
  }

  /** @param {number} at the index of an epoch; the last one is the newest from now on */
  go(at) {
    this.show(at >= this.epochs.length - 1 ? null : this.epochs[at]);
  }

  /** @param {number} epoch the kept one that is nearest to it is shown */
  visit(epoch) {
    const far = this.epochs.map((one) => Math.abs(one - epoch));
    const at = far.indexOf(Math.min(...far));
    this.stop();
    if (at >= 0) this.go(at);
  }

  play() {
    const at = Number(this.slider.value);
    this.playing = true;
    this.say();
    this.go(at >= this.epochs.length - 1 ? 0 : at);
  }

  stop() {
    this.playing = false;
    clearTimeout(this.timer);
    this.say();
  }

  say() {
    const name = this.playing ? words.pause() : words.play();
    set(this.button, { "aria-label": name, title: name });
    this.button.textContent = this.playing ? "⏸" : "▶";
  }

  /**
   * What is shown now; a film goes on from here.
   *
   * @param {number[]} epochs that can be shown
   * @param {number} position
   */
  update(epochs, position) {
    this.epochs = epochs;
    this.root.toggleAttribute("data-still", epochs.length < 2);
    this.slider.max = String(Math.max(0, epochs.length - 1));
    const at = epochs.findLastIndex((epoch) => epoch <= position);
    this.slider.value = String(at);
    const text = words.afterEpoch(position);
    set(this.slider, { "aria-valuetext": text });
    this.text.textContent = text;
    if (!this.playing) return;
    if (at >= epochs.length - 1) return this.stop();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.go(at + 1), FRAME_MS);
  }
}
