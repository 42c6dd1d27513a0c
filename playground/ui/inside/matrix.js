// A confusion matrix of buttons (matrix.py); a press sends the cell. One button is in the tab
// order, the arrow keys go from there.

import { find } from "../common/dom.js";
import { describeCell } from "./words.js";

/**
 * @typedef {[number, number]} Cell true label and predicted label
 * @typedef {object} Data what Python passes
 * @property {string[]} labels
 * @property {number[][]} counts
 * @property {number[][]} tints 0 to 1
 * @property {Cell} chosen the cell that is marked
 * @property {number} presses how often a cell was pressed on the board
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{cell: Cell}, Data>} Component
 */

/** @type {Record<string, Cell>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @param {string} role
 * @param {string} [text]
 * @param {string} [className]
 */
const make = (role, text = "", className = "") =>
  Object.assign(document.createElement("div"), { role, textContent: text, className });

/**
 * Rows of cells under a row of names, and a name before each.
 *
 * @param {string[]} labels
 */
function build(labels) {
  const heads = make("row");
  heads.append(
    make("columnheader", "", "corner"),
    ...labels.map((label) => make("columnheader", label, "name")),
  );
  const rows = labels.map((label) => {
    const row = make("row");
    const cells = labels.map(() => {
      const cell = document.createElement("button");
      return Object.assign(cell, { type: "button", role: "gridcell", className: "cell" });
    });
    row.append(make("rowheader", label, "name"), ...cells);
    return row;
  });
  return [heads, ...rows];
}

let followed = 0; // presses on the board

/** @param {Component} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = find(parentElement, ".matrix", HTMLElement);
  const { labels, counts, tints, chosen } = data;
  if (!root.children.length) root.append(...build(labels));
  if (data.presses > followed) {
    followed = data.presses;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    requestAnimationFrame(() => {
      root.scrollIntoView({ behavior: calm ? "instant" : "smooth" });
      find(root, "[aria-selected=true]", HTMLButtonElement).focus({ preventScroll: true });
    });
  }
  const cells = [...root.querySelectorAll("button")];
  const size = labels.length;
  cells.forEach((cell, i) => {
    /** @type {Cell} */
    const [truth, predicted] = [Math.floor(i / size), i % size];
    const marked = truth === chosen[0] && predicted === chosen[1];
    const count = counts[truth][predicted];
    cell.textContent = String(count);
    cell.title = cell.ariaLabel = describeCell(count, labels[truth], labels[predicted]);
    cell.ariaSelected = String(marked);
    cell.tabIndex = marked ? 0 : -1;
    cell.style.setProperty("--share", String(tints[truth][predicted]));
    cell.onclick = () => setTriggerValue("cell", [truth, predicted]);
  });
  root.onkeydown = (event) => {
    const move = MOVES[event.key];
    const from = cells.findIndex((cell) => cell === event.target);
    if (!move || from < 0) return;
    event.preventDefault();
    const [row, column] = [Math.floor(from / size), from % size].map((x, i) =>
      Math.min(size - 1, Math.max(0, x + move[i])),
    );
    const to = cells[row * size + column];
    for (const cell of cells) cell.tabIndex = cell === to ? 0 : -1;
    to.focus();
  };
}
