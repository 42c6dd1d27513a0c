// The network as elements: pixels, ribbon, columns of neurons, outputs. It is a tree for the keys
// and for screen readers; what lies above and below the columns are ordinary buttons.

import { percent } from "../../common/translate.js";
import { argmax } from "../data/portrait.js";
import * as words from "../words.js";
import { head, foot } from "./controls.js";
import { make, set } from "./elements.js";
import { greyPixels, put, signedPixels } from "./paint.js";
import { moveInTree } from "./tree.js";

/**
 * @typedef {import("../data/portrait.js").Portrait} Portrait
 * @typedef {import("../data/portrait.js").Column} Column
 * @typedef {import("./links.js").Spot} Spot
 * @typedef {object} Shape what is drawn: elements are built again only when it changes
 * @property {{units: number, shown: number[], first: number}[]} layers `first` is the index of
 *   the first one shown in the order of all
 * @property {string} activation
 * @property {boolean} editable whether layers and units can be changed here
 * @property {boolean} curved whether the activation can be
 * @property {{layers: boolean, activation: boolean}} fixed what a class has fixed
 * @property {string} whyFixed
 * @property {string[]} activations that there are
 * @property {number} mostUnits
 * @property {string[]} labels
 * @property {Record<string, number[]>} curves of activations, from -4 to 4
 *
 * @typedef {object} Picture what one update brings
 * @property {Portrait} portrait
 * @property {Uint8Array} pixels
 * @property {number | null} label the true one
 * @property {string} activation
 *
 * @typedef {object} Actions
 * @property {(layer: number, by: number) => void} onPage
 * @property {(layer: number, units: number) => void} onUnits
 * @property {(activation: string) => void} onActivation of all hidden layers
 * @property {(why: string) => void} onFixed somebody has pressed what cannot be changed
 */

let built = 0; // stages, each with an id of its own

export class Stage {
  /**
   * @param {HTMLElement} root
   * @param {Uint32Array} palette
   * @param {Actions} actions
   */
  constructor(root, palette, actions) {
    this.root = root;
    this.palette = palette;
    this.actions = actions;
    this.key = "";
    /** @type {HTMLElement[][]} tiles of each column, the output's last */
    this.columns = [];
    root.addEventListener("keydown", (event) => moveInTree(root, event));
  }

  /** @param {Shape} shape @param {Uint32Array[]} typical items, in grey */
  build(shape, typical) {
    const key = JSON.stringify([shape, typical.length]);
    if (key === this.key) return;
    this.key = key;
    const focused = this.focused();
    const depth = shape.layers.length;
    this.root.style.setProperty("--nv-depth", String(depth));
    this.root.dataset.depth = String(depth);
    const input = make(
      "div",
      { role: "treeitem", class: "nv-input", tabindex: 0, "data-spot": "input" },
      make("canvas", { class: "nv-item" }),
    );
    input.ariaLabel = words.inputName();
    const flatten = make(
      "div",
      { role: "treeitem", class: "nv-flatten", tabindex: -1, "data-spot": "flatten" },
      make("canvas", { class: "nv-ribbon" }),
    );
    flatten.ariaLabel = words.flattenName();
    const hidden = shape.layers.map((layer, i) => this.hidden(layer, i, shape));
    const outputs = this.outputs(shape, typical);
    const tree = make("div", { role: "tree", class: "nv-tree", "aria-label": words.networkName() });
    tree.append(input, flatten, ...hidden, outputs);
    const heads = shape.layers.map((layer, i) => head(layer, i, shape, this.actions));
    const feet = shape.layers.map((layer, i) => foot(layer, i, this.actions));
    const titles = [
      make("div", { class: "nv-head", style: "grid-column: 1" }, words.inputTitle()),
      make("div", { class: "nv-head", style: `grid-column: ${depth + 2}` }, words.outputTitle()),
    ];
    this.root.querySelectorAll(":scope > :not(.nv-links)").forEach((old) => old.remove());
    this.root.append(...titles, ...heads, tree, ...feet);
    this.columns = [...hidden, outputs].map((column) => [
      ...column.querySelectorAll(/** @type {"div"} */ ("[role=group] > [role=treeitem]")),
    ]);
    const found = focused && this.root.querySelector(focused);
    if (found instanceof HTMLElement) found.focus();
  }

  /** What has the focus, as a selector that finds it again when all is built again. */
  focused() {
    const has = document.activeElement;
    if (!has || !this.root.contains(has)) return "";
    const name = ["data-spot", "data-control"].find((each) => has.hasAttribute(each));
    return name ? `[${name}="${has.getAttribute(name)}"]` : "";
  }

  /**
   * @param {Shape["layers"][0]} layer
   * @param {number} i
   * @param {Shape} shape
   */
  hidden(layer, i, shape) {
    const tiles = layer.shown.map((neuron, j) =>
      make(
        "div",
        {
          role: "treeitem",
          class: "nv-neuron",
          tabindex: -1,
          "data-testid": `neuron-${i + 1}-${neuron}`,
          "data-spot": `${i}-${j}`,
        },
        make("canvas", {}),
        make("span", { class: "nv-activation", "aria-hidden": "true" }, make("i")),
        make("b", { class: "nv-state", "aria-hidden": "true" }),
      ),
    );
    const group = make("div", { role: "group", class: "nv-tiles" }, ...tiles);
    group.toggleAttribute("data-wide", tiles.length > 8);
    return make(
      "div",
      {
        role: "treeitem",
        class: "nv-column",
        tabindex: -1,
        "aria-expanded": "true",
        "aria-label": words.layerName(i + 1, layer.units, shape.activation),
        "data-spot": `layer-${i}`,
        style: `grid-column: ${i + 2}`,
      },
      group,
    );
  }

  /** @param {Shape} shape @param {Uint32Array[]} typical */
  outputs(shape, typical) {
    const layer = shape.layers.length;
    const rows = shape.labels.map((label, k) => {
      const picture = make("canvas", { class: "nv-typical", "aria-hidden": "true" });
      if (typical[k]) put(picture, typical[k], 28);
      return make(
        "div",
        {
          role: "treeitem",
          class: "nv-output",
          tabindex: -1,
          "data-testid": `output-${k}`,
          "data-spot": `${layer}-${k}`,
        },
        ...(layer ? [] : [make("canvas", { class: "nv-weights", "aria-hidden": "true" })]),
        picture,
        // In the order and with the spaces of the row's name, which voice control listens for.
        make("span", { class: "nv-label" }, label),
        " ",
        make("span", { class: "nv-percent" }),
        make("span", { class: "nv-true" }),
        make("span", { class: "nv-bar", "aria-hidden": "true" }, make("i")),
      );
    });
    const id = `nv-outputs-${++built}`;
    // Beside the rows, not around them: their text is not the layer's.
    const whole = make("div", {
      role: "treeitem",
      class: "nv-whole",
      tabindex: -1,
      "aria-expanded": "true",
      "aria-label": words.outputsName(),
      "aria-owns": id,
      "data-spot": "outputs",
    });
    const attributes = { class: "nv-outputs", style: `grid-column: ${layer + 2}` };
    return make("div", attributes, whole, make("div", { role: "group", id }, ...rows));
  }

  /** @param {Picture} picture */
  update({ portrait, pixels, label, activation }) {
    const grey = greyPixels(pixels);
    const [item, ribbon] = [".nv-item", ".nv-ribbon"].map((name) => this.root.querySelector(name));
    if (item instanceof HTMLCanvasElement) put(item, grey, 28);
    if (ribbon instanceof HTMLCanvasElement) put(ribbon, grey, 1);
    portrait.columns.forEach((column, i) => {
      if (i < portrait.columns.length - 1) this.updateHidden(column, i, activation);
      else this.updateOutputs(column, i, label);
    });
  }

  /**
   * @param {HTMLElement} tile
   * @param {Column} column
   * @param {number} i
   */
  paint(tile, column, i) {
    const size = column.side * column.side;
    const canvas = tile.querySelector("canvas");
    if (!canvas || !size) return;
    const numbers = column.pictures.subarray(i * size, (i + 1) * size);
    put(canvas, signedPixels(numbers, this.palette), column.side);
  }

  /** @param {Column} column @param {number} layer @param {string} activation */
  updateHidden(column, layer, activation) {
    const k = column.shown.length;
    const own = column.values.subarray(0, k);
    const greatest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    this.columns[layer].forEach((tile, i) => {
      this.paint(tile, column, i);
      const [z, value, state] = [column.z[i], own[i], column.state[i]];
      const neuron = column.shown[i] + 1;
      set(tile, {
        "aria-label": words.neuronName({ layer: layer + 1, neuron, z, value, activation, state }),
        "data-state": ["fine", "dead", "saturated"][state],
      });
      const bar = tile.querySelector("i");
      if (bar) bar.style.transform = `scaleY(${Math.abs(value) / greatest || 0})`;
      tile.toggleAttribute("data-negative", value < 0);
    });
  }

  /** @param {Column} column @param {number} layer @param {number | null} label */
  updateOutputs(column, layer, label) {
    const best = argmax(column.values, 0, 10);
    this.columns[layer].forEach((row, k) => {
      if (layer === 0) this.paint(row, column, k);
      const [probability, right] = [column.values[k], k === label];
      const name = row.querySelector(".nv-label")?.textContent ?? "";
      const said = words.outputName(name, probability, right);
      const digits = Number.isFinite(probability) ? probability.toFixed(6) : "NaN";
      set(row, { "aria-label": said, "data-probability": digits });
      row.toggleAttribute("data-true", right);
      row.toggleAttribute("data-best", k === best);
      const [mark, number, bar] = [".nv-true", ".nv-percent", "i"].map((part) =>
        row.querySelector(part),
      );
      if (mark) set(mark, { "data-mark": right ? words.trueMark() : "" });
      if (number) number.textContent = percent(probability);
      if (bar instanceof HTMLElement) bar.style.transform = `scaleX(${probability || 0})`;
    });
  }

  /**
   * Mark what is looked at, and what stays chosen.
   *
   * @param {Spot | null} spot
   * @param {Spot | null} held
   */
  mark(spot, held) {
    this.columns.forEach((tiles, layer) =>
      tiles.forEach((tile, index) => {
        const is = (/** @type {Spot | null} */ one) => one?.layer === layer && one.index === index;
        tile.toggleAttribute("data-seen", is(spot));
        set(tile, { "aria-selected": String(is(held)) });
      }),
    );
  }

  /**
   * Where a connection begins and ends, in pixels of the stage.
   *
   * @param {number} layer
   * @param {number} from
   * @param {number} to
   * @returns {[import("./links.js").Point, import("./links.js").Point] | null}
   */
  ends(layer, from, to) {
    const target = this.columns[layer]?.[to];
    const frame = this.root.getBoundingClientRect();
    if (!target) return null;
    const end = target.getBoundingClientRect();
    const y2 = end.top + end.height / 2 - frame.top;
    const x2 = end.left - frame.left;
    const source = layer ? this.columns[layer - 1][from] : this.root.querySelector(".nv-ribbon");
    if (!source) return null;
    const start = source.getBoundingClientRect();
    const share = layer ? 0.5 : (from + 0.5) / 784;
    const y1 = start.top + start.height * share - frame.top;
    return [
      [start.right - frame.left, y1],
      [x2, y2],
    ];
  }
}
