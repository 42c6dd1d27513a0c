// Slow motion's panel under the network: the four steps, the mini-batch, sentence and numbers.

import { argmax } from "../data/portrait.js";
import { button, make, set } from "../draw/elements.js";
import { greyPixels, put } from "../draw/paint.js";
import { MOST_IMAGES, STEPS } from "./walk.js";
import * as words from "./words.js";

/**
 * @typedef {import("./walk.js").StepName} StepName
 * @typedef {object} Actions
 * @property {(step: StepName) => void} onStep
 * @property {(by: number) => void} onMove
 * @property {() => void} onPlay
 * @property {() => void} onClose
 * @property {(image: number) => void} onLook
 * @property {(count: number) => void} onCount
 * @property {(next: boolean) => void} onApply
 * @property {() => void} onReset
 */

export class Panel {
  /** @param {Actions} actions */
  constructor(actions) {
    this.actions = actions;
    this.tabs = STEPS.map((step) => {
      const tab = make("button", { type: "button", "data-step": step }, words.stepName(step));
      tab.onclick = () => actions.onStep(step);
      return tab;
    });
    this.previous = button("‹", words.previous(), () => actions.onMove(-1));
    this.next = button(`${words.next()} ›`, words.nextStep(), () => actions.onMove(1));
    this.play = button("▶", words.play(), () => actions.onPlay());
    const close = button("✕", words.close(), () => actions.onClose());
    this.count = make("input", { type: "number", min: 1, max: MOST_IMAGES, step: 1, value: 1 });
    this.count.onchange = () => actions.onCount(Number(this.count.value));
    this.images = make("div", { class: "nv-slow-images" });
    this.sentence = make("p", { class: "nv-slow-sentence", role: "status", "aria-live": "polite" });
    this.numbers = make("div", { class: "nv-slow-numbers" });
    this.details = make("div", {});
    this.again = button(words.again(), words.againHint(), () => actions.onApply(false));
    this.onward = button(words.onward(), words.onward(), () => actions.onApply(true));
    this.reset = button(words.reset(), words.resetHint(), () => actions.onReset());
    this.apply = make("div", { class: "nv-slow-apply" }, this.again, this.onward, this.reset);
    this.trail = make("p", { "data-testid": "slow-trail" });
    this.note = make("p", { class: "nv-slow-note" });
    const list = make("ol", { class: "nv-slow-steps", "aria-label": words.steps() });
    list.append(...this.tabs.map((tab) => make("li", {}, tab)));
    this.root = make(
      "section",
      { class: "nv-slow", "aria-label": words.open(), "data-testid": "slow-motion", hidden: true },
      make("div", { class: "nv-slow-bar" }, list, this.previous, this.play, this.next, close),
      this.sentence,
      this.details,
      this.numbers,
      this.apply,
      this.trail,
      make(
        "div",
        { class: "nv-slow-batch" },
        this.images,
        make("label", {}, `${words.images()} `, this.count),
      ),
      this.note,
    );
    this.root.onkeydown = (event) => this.press(event);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === "Escape") this.actions.onClose();
    else if (event.key === "ArrowRight" && !typing) this.actions.onMove(1);
    else if (event.key === "ArrowLeft" && !typing) this.actions.onMove(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} text */
  say(text) {
    if (this.sentence.textContent !== text) this.sentence.textContent = text;
  }

  /** @param {StepName} step @param {boolean} playing */
  mark(step, playing) {
    this.root.dataset.step = step;
    for (const tab of this.tabs) {
      set(tab, { "aria-current": tab.dataset.step === step ? "step" : null });
    }
    this.previous.disabled = step === STEPS[0];
    this.next.disabled = step === STEPS[STEPS.length - 1];
    const name = playing ? words.hold() : words.play();
    set(this.play, { "aria-label": name, title: name });
    this.play.textContent = playing ? "⏸" : "▶";
  }

  /**
   * The images of the mini-batch; a press on one shows it in the network.
   *
   * @param {import("./ask.js").Step} step
   * @param {number} look
   * @param {string[]} labels
   */
  showImages({ images, probabilities }, look, labels) {
    const focused = this.images.contains(document.activeElement);
    const made = images.map(({ label, pixels }, i) => {
      const called = argmax(probabilities, 10 * i, 10);
      const name = words.answered(labels[label], labels[called], probabilities[10 * i + called]);
      const canvas = make("canvas", { "aria-hidden": "true" });
      put(canvas, greyPixels(pixels), 28);
      const mark = make("b", {}, called === label ? "✓" : "✗");
      const face = make("button", { type: "button", class: "nv-face" }, canvas, mark);
      set(face, { "aria-label": name, title: name, "aria-pressed": String(i === look) });
      face.toggleAttribute("data-right", called === label);
      face.onclick = () => this.actions.onLook(i);
      return face;
    });
    this.images.replaceChildren(...made);
    if (focused) made[look]?.focus();
    this.count.value = String(images.length);
  }
}
