// Which item the network looks at: one of the ten faces, any test image, the next mistake, a drawing.

import { argmax } from "../data/portrait.js";
import * as words from "../words.js";
import { button, make, set } from "./elements.js";
import { greyPixels, put } from "./paint.js";
import { moveInRow } from "./tree.js";

const TEST_IMAGES = 10000;

/**
 * Of a sealed run only drawings and the ten faces are shown; the first test image is one of them.
 *
 * @param {string} item as in the address of a portrait
 * @param {boolean} sealed
 * @param {number[]} faces none before they are known
 */
export const shownOf = (item, sealed, faces) =>
  !sealed || item.startsWith("pixels-") || faces.some((index) => item === `test-${index}`)
    ? item
    : "test-0";

export class Chooser {
  /**
   * @param {HTMLElement} bar for the controls
   * @param {HTMLElement} row for the faces
   * @param {object} actions
   * @param {(item: string) => void} actions.choose
   * @param {() => void} actions.follow what the run's owner looks at, while it trains
   */
  constructor(bar, row, { choose, follow }) {
    this.row = row;
    this.choose = choose;
    this.number = make("input", { type: "number", min: 0, max: TEST_IMAGES - 1, step: 1 });
    this.number.ariaLabel = words.testImage();
    this.number.onchange = () => {
      const index = Math.round(Number(this.number.value));
      if (index >= 0 && index < TEST_IMAGES) choose(`test-${index}`);
    };
    const mistake = button(words.nextMistake(), words.nextMistake(), () =>
      choose(`after-${this.number.value || 0}`),
    );
    mistake.dataset.tour = "mistake";
    this.mistake = mistake;
    this.rank = 0;
    this.asked = false; // for the hardest image,
    /** @type {number | null} */
    this.hardest = null; // which was this one
    const hardest = button(words.hardest(), words.hardest(), () => {
      this.rank = this.hardest !== null && this.hardest === this.index ? this.rank + 1 : 0;
      this.asked = true;
      choose(`hardest-${this.rank}`);
    });
    hardest.title = words.hardestHint();
    this.hardestButton = hardest;
    this.sealed = false;
    /** @type {number | null} */
    this.index = null;
    this.drawn = button(words.drawn(), words.drawn(), () => {});
    this.pinned = button(words.pinned(), words.pinned(), () => {});
    this.why = make("span", { class: "nv-why", hidden: true }, words.sealed());
    // Live it would be said for each epoch.
    this.verdict = make("output", { class: "nv-verdict", "aria-live": "off" });
    this.which = make("label", {}, `${words.testImage()} `, this.number);
    this.follow = button(words.follow(), words.follow(), follow);
    this.follow.title = words.apart();
    this.follow.hidden = true;
    const buttons = [mistake, hardest, this.drawn, this.pinned, this.follow];
    bar.append(this.which, ...buttons, this.verdict, this.why);
    /** @type {HTMLButtonElement[]} */
    this.faces = [];
    this.count = make("span", { class: "nv-right" });
    row.setAttribute("role", "toolbar");
    row.ariaLabel = words.facesName();
    row.addEventListener("keydown", (event) => moveInRow(this.faces, event));
  }

  /**
   * @param {boolean} sealed whether nobody is to know how good the network is on the test images
   */
  seal(sealed) {
    this.sealed = sealed;
    for (const each of [this.which, this.mistake, this.hardestButton, this.count]) {
      each.hidden = sealed;
    }
    this.why.hidden = !sealed;
  }

  /** @param {boolean} apart whether something else is shown than what the run's owner looks at */
  setApart(apart) {
    this.follow.hidden = !apart;
  }

  /**
   * @param {string | null} drawn the last drawing's bytes, in base64
   * @param {string | null} pinned those of the pinned one, where it is another
   */
  offer(drawn, pinned) {
    for (const [shown, pixels] of /** @type {const} */ ([
      [this.drawn, drawn],
      [this.pinned, pinned],
    ])) {
      shown.hidden = !pixels;
      shown.onclick = () => this.choose(`pixels-${pixels}`);
    }
  }

  /**
   * @param {number[]} indices of the test images
   * @param {Uint8Array[]} images
   */
  setFaces(indices, images) {
    if (this.faces.length) return;
    this.faces = indices.map((index, i) => {
      const canvas = make("canvas", { "aria-hidden": "true" });
      put(canvas, greyPixels(images[i]), 28);
      const face = make("button", { type: "button", class: "nv-face" }, canvas, make("b", {}));
      face.onclick = () => this.choose(`test-${index}`);
      face.dataset.index = String(index);
      face.tabIndex = i ? -1 : 0;
      return face;
    });
    this.row.replaceChildren(...this.faces, this.count);
  }

  /** The test images that are the faces; none before they are known. */
  indices() {
    return this.faces.map((face) => Number(face.dataset.index));
  }

  /**
   * @param {Float32Array} probabilities of the item and then of the ten faces, ten each
   * @param {{index: number | null, label: number | null}} item
   * @param {string[]} labels
   */
  update(probabilities, { index, label }, labels) {
    // What somebody is typing stays.
    const typing =
      document.activeElement === this.number && this.number.value !== String(this.index);
    this.index = index;
    if (this.asked) [this.hardest, this.asked] = [index, false];
    if (index !== null && !typing) this.number.value = String(index);
    const called = labels[argmax(probabilities, 0, 10)];
    const verdict = words.verdict(called, label === null ? null : labels[label]);
    if (this.verdict.textContent !== verdict) this.verdict.textContent = verdict;
    let count = 0;
    this.faces.forEach((face, i) => {
      const answer = argmax(probabilities, 10 * (i + 1), 10);
      const right = answer === i;
      count += Number(right);
      const name = words.faceName(labels[i], labels[answer], right);
      const pressed = String(face.dataset.index === String(index));
      set(face, { "aria-label": name, title: name, "aria-pressed": pressed });
      face.toggleAttribute("data-right", right);
      const mark = face.querySelector("b");
      if (mark) mark.textContent = right ? "✓" : "✗";
    });
    this.count.textContent = words.facesRight(count);
  }
}
