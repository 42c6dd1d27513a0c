// A confusion matrix as a table beside its heat map: screen readers read it cell by cell, and the
// arrow keys go through it. It is there to be heard; a ring on the heat map shows where one is.

import { write } from "../common/dom.js";
import { put, quiet, save } from "../common/walk.js";
import { matrixName } from "./words.js";

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * The row and column that a key leads to; null if it is none of the keys of a table.
 *
 * @param {{key: string, ctrlKey?: boolean}} press
 * @param {number} row
 * @param {number} column
 * @param {number} size
 * @returns {[number, number] | null}
 */
export function step({ key, ctrlKey }, row, column, size) {
  if (key === "Home") return [ctrlKey ? 0 : row, 0];
  if (key === "End") return [ctrlKey ? size - 1 : row, size - 1];
  const move = MOVES[key];
  if (!move) return null;
  const within = (/** @type {number} */ index) => Math.min(size - 1, Math.max(0, index));
  return [within(row + move[0]), within(column + move[1])];
}

export class Cells {
  /**
   * @param {import("../common/walk.js").Drawn} chart in which Plotly draws the heat map
   * @param {string[]} labels
   * @param {(() => import("./press.js").OnPress | undefined)} onPress
   */
  constructor(chart, labels, onPress) {
    this.chart = chart;
    this.labels = labels;
    this.onPress = onPress;
    /** @type {number[][] | undefined} */
    this.written = undefined;
    this.ring = document.createElement("i");
    this.holder = document.createElement("div");
    this.holder.className = "chart-walk";
    this.holder.append(this.ring);
    this.ring.hidden = true;
    this.table = document.createElement("table");
    this.table.className = "lb-cells";
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-keyshortcuts", "S");
    this.table.hidden = true; // there are no counts yet
    /** @type {HTMLTableCellElement[]} */
    this.all = [];
    this.build();
    chart.before(this.table); // above: the page goes to where the heat map begins
    this.table.onkeydown = (event) => this.press(event);
    this.table.addEventListener("focusin", (event) => this.show(event.target));
    this.table.addEventListener("focusout", () => this.here(false));
    this.table.onclick = ({ target }) => this.open(target);
  }

  /** The cells are made once; an epoch writes the counts that have changed. */
  build() {
    const head = this.table.createTHead().insertRow();
    const name = (/** @type {Element} */ row, /** @type {string} */ scope, text = "") => {
      const cell = document.createElement(text ? "th" : "td");
      if (text) cell.setAttribute("scope", scope);
      cell.textContent = text;
      row.append(cell);
    };
    name(head, "col");
    for (const label of this.labels) name(head, "col", label);
    const body = this.table.createTBody();
    for (const label of this.labels) {
      const row = body.insertRow();
      name(row, "row", label);
      for (let i = 0; i < this.labels.length; i++) {
        const cell = row.insertCell();
        cell.setAttribute("role", "gridcell");
        cell.tabIndex = this.all.length ? -1 : 0;
        this.all.push(cell);
      }
    }
  }

  /** The heat map is there. */
  draw() {
    this.table.setAttribute("aria-label", matrixName(this.chart.layout?.title?.text ?? ""));
    quiet(this.chart);
    this.chart.on?.("plotly_afterplot", () => quiet(this.chart));
    this.chart.append(this.holder);
  }

  /** @param {number[][]} counts rows are true labels, columns predicted ones */
  write(counts) {
    if (counts === this.written || counts[0]?.[0] == null) return;
    this.written = counts;
    this.table.hidden = false;
    counts.flat().forEach((count, i) => write(this.all[i], String(count)));
  }

  /** @param {EventTarget | null} target */
  find(target) {
    const index = this.all.findIndex((cell) => cell === target);
    return [Math.floor(index / this.labels.length), index % this.labels.length];
  }

  /** @param {EventTarget | null} target */
  open(target) {
    const [row, column] = this.find(target);
    if (row >= 0) this.onPress()?.(row, column);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const [row, column] = this.find(event.target);
    if (row < 0) return;
    if (save(this.chart, event)) return;
    const enter = event.key === "Enter" || event.key === " ";
    const to = step(event, row, column, this.labels.length);
    if (!enter && !to) return;
    event.preventDefault();
    if (!to) return this.open(event.target);
    const next = this.all[to[0] * this.labels.length + to[1]];
    for (const cell of this.all) cell.tabIndex = cell === next ? 0 : -1;
    next.focus({ preventScroll: true });
  }

  /** @param {boolean} focused */
  here(focused) {
    this.holder.toggleAttribute("data-here", focused);
    this.ring.hidden = !focused;
  }

  /** @param {EventTarget | null} target */
  show(target) {
    const [row, column] = this.find(target);
    this.here(row >= 0);
    if (row >= 0) put(this.ring, this.chart, {}, this.labels[column], this.labels[row]);
  }
}
