// The cells of a sweep (cells.py): a table whose cells fill while its runs train. A press opens a
// cell's run. One button is in the tab order, the arrow keys go from there.

import { find, write } from "../common/dom.js";

/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {string} title what it says in full
 * @property {string} state
 * @property {number | null} tint 0 to 1
 * @property {boolean} opens whether it has a run
 * @typedef {object} Data what Python passes
 * @property {string[]} heads of the columns; the first one is that of the rows' names
 * @property {{head: string, values: string[], cells: Cell[]}[]} rows values are words before cells
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{open: string}, Data>} Component
 */

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * A table of empty cells.
 *
 * @param {HTMLElement} root
 * @param {Data} data
 */
function build(root, { heads, rows }) {
  const table = document.createElement("table");
  table.ariaLabel = root.ariaLabel;
  const top = table.createTHead().insertRow();
  for (const head of heads) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = head;
    top.append(cell);
  }
  const body = table.createTBody();
  for (const { head, values, cells } of rows) {
    const row = body.insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = head;
    row.append(name);
    for (const value of values) row.insertCell().textContent = value;
    cells.forEach(() => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", tabIndex: -1 });
      row.insertCell().append(button);
    });
  }
  root.replaceChildren(table);
  const first = table.querySelector("button");
  if (first) first.tabIndex = 0;
}

/** @param {Component} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = find(parentElement, ".sweep-cells", HTMLElement);
  const shape = JSON.stringify([data.heads, data.rows.map(({ head, values }) => [head, values])]);
  if (root.dataset.shape !== shape) build(root, data);
  root.dataset.shape = shape;
  const buttons = [...root.querySelectorAll("button")];
  const width = data.rows[0]?.cells.length ?? 0;
  data.rows.forEach(({ cells }, row) =>
    cells.forEach(({ text, title, state, tint, opens }, column) => {
      const button = buttons[row * width + column];
      write(button, text);
      button.title = button.ariaLabel = title;
      button.dataset.state = state;
      button.ariaDisabled = String(!opens);
      button.style.setProperty("--share", String(tint ?? 0));
      button.onclick = () => opens && setTriggerValue("open", `${row}-${column}`);
    }),
  );
  root.onkeydown = (event) => {
    const move = MOVES[event.key];
    const from = buttons.findIndex((button) => button === event.target);
    if (!move || from < 0) return;
    event.preventDefault();
    const row = Math.min(data.rows.length - 1, Math.max(0, Math.floor(from / width) + move[0]));
    const column = Math.min(width - 1, Math.max(0, (from % width) + move[1]));
    const to = buttons[row * width + column];
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
    to.focus();
  };
}
