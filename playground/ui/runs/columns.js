// The columns of the table of runs: what a cell shows of its row.

import { write } from "../common/dom.js";
import { sparkline } from "./sparkline.js";
import { accuracy, epochsDone, heads, openRun, seconds, star, testAccuracy } from "./words.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {(cell: Element, row: Row, send?: import("./table.js").SetTriggerValue) => void} Show
 * @typedef {object} Column
 * @property {string} name the cells' class
 * @property {string} label
 * @property {string} [sort] what a press on its head sorts by
 * @property {boolean} [live] whether events change it
 * @property {Show} show
 */

/**
 * @param {import("./table.js").Data} data
 * @returns {Column[]}
 */
export function columns({ settings, test, statuses, ended }) {
  const head = heads();
  /**
   * @param {string} name
   * @param {(row: Row) => string} text
   * @returns {Column}
   */
  const number = (name, text) => ({
    name: `${name} number`,
    label: head[/** @type {keyof typeof head} */ (name)],
    sort: name,
    live: true,
    show: (cell, row) => write(cell, text(row)),
  });
  return [
    { name: "choose", label: "", show: () => {} },
    { name: "star", label: head.starred, sort: "starred", show: showStar },
    { name: "name", label: head.name, sort: "name", show: showName },
    ...settings.map(({ column, label }, i) => ({
      name: "setting number",
      label,
      sort: column,
      show: (/** @type {Element} */ cell, /** @type {Row} */ row) => write(cell, row.settings[i]),
    })),
    {
      name: "curve",
      label: head.curve,
      live: true,
      show: (cell, { accuracies, allEpochs }) => sparkline(cell, accuracies, allEpochs),
    },
    number("val_accuracy", (row) => accuracy(row.accuracies.at(-1))),
    number("accuracy", (row) => accuracy(row.accuracy)),
    ...(test ? [number("test_accuracy", testAccuracy)] : []),
    number("epochs", (row) => epochsDone(row.epochs, row.allEpochs)),
    number("seconds", (row) => (row.seconds ? seconds(row.seconds) : "–")),
    {
      name: "status",
      label: head.status,
      sort: "status",
      live: true,
      show: (cell, row) => showStatus(cell, row, statuses, ended),
    },
    number("started", (row) => row.started),
  ];
}

/**
 * @param {Element} cell
 * @param {Row} row
 * @param {import("./table.js").SetTriggerValue} [send]
 */
function showStar(cell, row, send) {
  if (!row.own) return;
  const button = document.createElement("button");
  let on = row.starred;
  const show = () => {
    button.textContent = on ? "★" : "☆";
    button.ariaPressed = String(on);
  };
  Object.assign(button, { type: "button", ariaLabel: star(row.given), title: star(row.given) });
  button.dataset.focus = `star:${row.id}`;
  button.onclick = () => {
    on = !on;
    show();
    send?.("star", [row.id, on]);
  };
  show();
  cell.replaceChildren(button);
}

/**
 * @param {Element} cell
 * @param {Row} row
 * @param {import("./table.js").SetTriggerValue} [send]
 */
function showName(cell, row, send) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: row.given, title: openRun(row.given) });
  button.dataset.focus = `open:${row.id}`;
  button.onclick = () => send?.("open", row.id);
  cell.replaceChildren(button);
  for (const more of [row.owner, row.origin, row.note]) {
    if (!more) continue;
    const line = document.createElement("small");
    line.textContent = more;
    cell.append(line);
  }
}

/**
 * @param {Element} cell
 * @param {Row} row
 * @param {Record<string, string>} statuses
 * @param {string[]} ended
 */
function showStatus(cell, row, statuses, ended) {
  const done = row.progress === undefined ? 0 : row.progress / row.allEpochs;
  const trains = !ended.includes(row.status) && done > 0;
  const share = trains ? ` ${Math.floor(100 * done)} %` : "";
  write(cell, `${statuses[row.status] ?? row.status}${share}`);
  cell.setAttribute("data-status", row.status);
  cell.setAttribute("title", row.reason);
}
