// The table of runs (table.py): rows that take the events of their runs, boxes to choose runs, stars,
// and heads that sort.

import { find, write } from "../common/dom.js";
import { keepOne } from "../common/held.js";
import { Sentences } from "../common/sentences.js";
import { subscriptions } from "../board/stream/subscriptions.js";
import { columns } from "./columns.js";
import { applied } from "./row.js";
import { chooseAll, chooseRun, runs, tooMany } from "./words.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./columns.js").Column} Column
 * @typedef {object} Data what Python passes
 * @property {{column: string, label: string}[]} settings those that differ among the rows
 * @property {Row[]} rows
 * @property {string[]} chosen ids, also of runs on other pages
 * @property {number} revision another one when `chosen` was changed outside of the table
 * @property {number} most runs that may be chosen
 * @property {[column: string, descending: boolean]} sort
 * @property {boolean} test whether the test accuracy is shown
 * @property {Record<string, string>} sentences translations of what the server says in English
 * @property {Record<string, string>} statuses in the visitor's language
 * @property {string[]} ended the statuses of a run that has ended
 * @typedef {{chosen: string[], star: [string, boolean], sort: string, open: string}} Values
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<Values, Data>} Component
 * @typedef {Component["setTriggerValue"]} SetTriggerValue
 */

class Table {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.revision = -1;
    /** @type {Set<string>} */
    this.chosen = new Set();
    /** @type {Map<string, () => void>} */
    this.leaving = new Map();
    /** @type {Map<string, Row>} */
    this.live = new Map();
    /** @type {Set<string>} */
    this.changed = new Set();
    this.frame = 0;
    this.calls = 0;
    this.drawn = "";
  }

  /**
   * Every run of the component's default export ends here.
   *
   * @param {Data} data
   * @param {SetTriggerValue} send
   */
  attach(data, send) {
    this.data = data;
    this.send = send;
    this.sentences = new Sentences(data.sentences);
    if (data.revision !== this.revision) {
      this.revision = data.revision;
      this.chosen = new Set(data.chosen);
    }
    this.follow(data);
    const drawn = JSON.stringify({ ...data, chosen: 0 });
    if (drawn !== this.drawn) this.draw(data);
    this.drawn = drawn;
    this.mark();
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    for (const leave of this.leaving.values()) leave();
    this.leaving.clear();
    this.drawn = "";
  }

  /**
   * Take the events of the rows whose runs have not ended, and of no others.
   *
   * @param {Data} data
   */
  follow({ rows, ended }) {
    const wanted = rows.filter((row) => !ended.includes(row.status));
    for (const [id, leave] of this.leaving) {
      if (wanted.some((row) => row.id === id)) continue;
      leave();
      this.leaving.delete(id);
      this.live.delete(id);
    }
    for (const row of wanted) {
      if (this.leaving.has(row.id)) continue;
      this.live.set(row.id, { ...row, epochs: 0, seconds: 0, accuracies: [] });
      const leave = subscriptions().subscribe(row.id, 0, {
        onEvent: (event) => {
          const now = this.live.get(row.id);
          if (now) this.live.set(row.id, applied(now, event));
          if (event.kind === "status" && ended.includes(event.data.status)) leave();
          this.changed.add(row.id);
          this.frame ||= requestAnimationFrame(() => this.update());
        },
        onConnection: () => {},
        onGone: () => leave(),
      });
      this.leaving.set(row.id, leave);
    }
  }

  /**
   * A row with what its events have brought: they begin at the run's beginning.
   *
   * @param {Row} row
   */
  newest(row) {
    const live = this.live.get(row.id);
    if (!live || live.epochs < row.epochs) return row;
    const { status, epochs, seconds, accuracy, accuracies, progress, testAccuracy } = live;
    const reason = this.sentences?.read(live.reason) ?? "";
    const told = { status, reason, epochs, seconds, accuracy, accuracies, progress, testAccuracy };
    return { ...row, ...told };
  }

  update() {
    this.frame = 0;
    const { data } = this;
    if (!data) return;
    for (const row of data.rows) {
      const element = this.root.querySelector(`tr[data-run="${row.id}"]`);
      if (!this.changed.has(row.id) || !element) continue;
      columns(data).forEach(
        (column, i) => column.live && column.show(element.children[i], this.newest(row)),
      );
    }
    this.changed.clear();
  }

  /** @param {Data} data */
  draw(data) {
    const focused = this.root.querySelector(":focus")?.getAttribute("data-focus");
    const table = document.createElement("table");
    table.dataset.testid = "runs-table";
    table.ariaLabel = runs();
    table.setAttribute("role", "table");
    const shown = columns(data);
    const body = table.createTBody();
    body.append(...data.rows.map((row) => this.row(row, shown)));
    table.prepend(this.head(data, shown));
    const box = find(this.root, ".runs-scroll", HTMLElement);
    box.replaceChildren(table);
    if (focused) {
      const again = box.querySelector(`[data-focus="${CSS.escape(focused)}"]`);
      if (again instanceof HTMLElement) again.focus({ preventScroll: true });
    }
  }

  /**
   * @param {Data} data
   * @param {Column[]} shown
   */
  head(data, shown) {
    const head = document.createElement("thead");
    const row = head.insertRow();
    for (const column of shown) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.className = column.name;
      if (column.name === "choose") {
        const box = this.box("all", chooseAll());
        box.onchange = () =>
          this.choose(
            data.rows.map(({ id }) => id),
            box.checked,
          );
        cell.append(box);
      } else if (column.sort) {
        const sort = column.sort;
        const button = document.createElement("button");
        Object.assign(button, { type: "button", textContent: column.label });
        button.dataset.focus = `sort:${sort}`;
        button.onclick = () => this.send?.("sort", sort);
        const [by, descending] = data.sort;
        if (by === sort) cell.ariaSort = descending ? "descending" : "ascending";
        cell.append(button);
      } else cell.textContent = column.label;
      row.append(cell);
    }
    return head;
  }

  /**
   * @param {Row} row
   * @param {Column[]} shown
   */
  row(row, shown) {
    const element = document.createElement("tr");
    element.dataset.run = row.id;
    for (const column of shown) {
      const cell = document.createElement(column.name === "name" ? "th" : "td");
      if (cell.tagName === "TH") /** @type {HTMLTableCellElement} */ (cell).scope = "row";
      cell.className = column.name;
      cell.dataset.label = column.label;
      if (column.name === "choose") {
        const box = this.box(row.id, chooseRun(row.given));
        box.onchange = () => this.choose([row.id], box.checked);
        cell.append(box);
      } else column.show(cell, this.newest(row), this.send);
      element.append(cell);
    }
    return element;
  }

  /**
   * @param {string} id of a run, or "all"
   * @param {string} label
   */
  box(id, label) {
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", ariaLabel: label, title: label });
    box.dataset.choose = id;
    box.dataset.focus = `choose:${id}`;
    return box;
  }

  /**
   * @param {string[]} ids
   * @param {boolean} on
   */
  choose(ids, on) {
    const { most } = /** @type {Data} */ (this.data);
    const before = this.chosen;
    this.chosen = on
      ? new Set([...before, ...ids].slice(0, most))
      : new Set([...before].filter((id) => !ids.includes(id)));
    this.mark();
    const full = on && before.size === this.chosen.size;
    write(find(this.root, ".runs-says", HTMLElement), full ? tooMany(most) : "");
    if (full) return;
    this.send?.("chosen", [...this.chosen]);
  }

  /** Boxes and rows say what is chosen. */
  mark() {
    const rows = this.data?.rows ?? [];
    for (const box of this.root.querySelectorAll("input")) {
      const { choose } = box.dataset;
      const all = rows.length > 0 && rows.every(({ id }) => this.chosen.has(id));
      box.checked = choose === "all" ? all : this.chosen.has(String(choose));
      box.closest("tbody tr")?.toggleAttribute("data-chosen", box.checked);
    }
  }
}

/** @type {(component: Component) => () => void} */
export default keepOne(".runs", (root) => new Table(root));
