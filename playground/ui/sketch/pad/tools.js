// The sketchpad's buttons and sliders.

import { find } from "../../common/dom.js";
import { darkness, sizeInWords } from "./words.js";

/** @typedef {"pen" | "eraser" | "fill"} Tool */
/** @type {Tool[]} */
const TOOLS = ["pen", "eraser", "fill"];

export class Tools {
  /**
   * @param {HTMLElement} root
   * @param {Record<"onChoose" | "onChange" | "onUndo" | "onRedo" | "onClear", () => void>} callbacks
   *   onChoose comes before another tool is chosen, onChange after the tool or its size has changed
   */
  constructor(root, { onChoose, onChange, onUndo, onRedo, onClear }) {
    this.root = root;
    /** @type {Tool} */
    this.tool = "pen";
    this.sizeSlider = find(root, '[data-for="line"] input', HTMLInputElement);
    this.greySlider = find(root, '[data-for="fill"] input', HTMLInputElement);
    this.sizeSlider.oninput = () => {
      this.showSize();
      onChange();
    };
    this.greySlider.oninput = () => this.showGrey();
    for (const tool of TOOLS) {
      this.button(tool).onclick = () => {
        onChoose();
        this.choose(tool);
        onChange();
      };
    }
    this.button("undo").onclick = onUndo;
    this.button("redo").onclick = onRedo;
    this.button("clear").onclick = onClear;
    root.onkeydown = (event) => this.shortcut(event);
    this.choose("pen");
    this.showSize();
    this.showGrey();
  }

  /** @param {string} value */
  button(value) {
    return find(this.root, `button[value="${value}"]`, HTMLButtonElement);
  }

  /** How wide a line is, in units. */
  get size() {
    return Number(this.sizeSlider.value);
  }

  /** How dark a fill is, as a grey of 0 to 255. */
  get grey() {
    return Math.floor(255 * (1 - Number(this.greySlider.value) / 100));
  }

  /** @param {Tool} chosen */
  choose(chosen) {
    this.tool = chosen;
    for (const tool of TOOLS) {
      this.button(tool).setAttribute("aria-pressed", String(tool === chosen));
    }
    // One slider at a time: a fill has no width, a line no grey.
    find(this.root, '[data-for="line"]', HTMLElement).hidden = chosen === "fill";
    find(this.root, '[data-for="fill"]', HTMLElement).hidden = chosen !== "fill";
  }

  showSize() {
    this.sizeSlider.setAttribute("aria-valuetext", sizeInWords(this.size));
    find(this.root, '[data-for="line"] span', HTMLElement).textContent = String(this.size);
  }

  showGrey() {
    const percent = Number(this.greySlider.value);
    this.greySlider.setAttribute("aria-valuetext", darkness(percent));
    find(this.root, '[data-for="fill"] span', HTMLElement).textContent = `${percent} %`;
    const { grey } = this;
    const sample = find(this.root, '[data-for="fill"] i', HTMLElement);
    sample.style.background = `rgb(${grey}, ${grey}, ${grey})`;
  }

  /** @param {{undo: boolean, redo: boolean, clear: boolean}} able which of them do something */
  mark(able) {
    for (const [name, can] of Object.entries(able)) {
      this.button(name).setAttribute("aria-disabled", String(!can));
    }
  }

  /** @param {KeyboardEvent} event */
  shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const letter = event.key.toLowerCase();
    if (letter !== "z" && letter !== "y") return;
    event.preventDefault();
    this.button(letter === "y" || event.shiftKey ? "redo" : "undo").click();
  }
}
