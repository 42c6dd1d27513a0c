// The map of a jigsaw (grid.py): a table whose cells fill with the views that come.

import { subscriptions } from "../../board/stream/subscriptions.js";
import { find, write } from "../../common/dom.js";
import { keepOne } from "../../common/held.js";
import { Seldom } from "../../common/seldom.js";
import { adds, progress, says, shares, shown } from "./cells.js";

/**
 * @typedef {import("./cells.js").Cell} Cell
 * @typedef {[setting: string, values: unknown[]]} Axis
 * @typedef {object} At
 * @property {Cell[] | null} grid
 * @property {{index: number} | null} [cell] one's own
 * @property {{jigsaw: {axes: [rows: Axis, columns: Axis]} | null}} activity
 * @typedef {{at: At | null, presented?: object | null}} View
 * @typedef {object} Data what Python passes
 * @property {string} token
 * @property {View} view as this run of the script has drawn it
 * @property {Record<string, string>} names of settings, as they are shown
 * @property {boolean} large whether a whole room reads it
 */

/** @param {string} text @param {Partial<HTMLTableCellElement>} [options] */
function head(text, options = {}) {
  return Object.assign(document.createElement("th"), { textContent: text, ...options });
}

class Grid {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.says = new Seldom(find(root, ".class-grid-says", HTMLElement));
    this.calls = 0;
    this.token = "";
    this.shape = "";
    /** @type {Record<string, string>} */
    this.names = {};
    this.large = false;
    this.leave = () => {};
  }

  /** @param {Data} data */
  attach({ token, view, names, large }) {
    this.names = names;
    this.large = large;
    this.root.classList.toggle("class-grid-large", large);
    if (token !== this.token) {
      this.leave();
      this.says.leave();
      this.token = token;
      this.leave = subscriptions().attend(token, (seen) => this.show(/** @type {any} */ (seen)));
    }
    this.show(view);
  }

  /** @param {[rows: Axis, columns: Axis]} axes */
  build([[rowSetting, rows], [columnSetting, columns]]) {
    const shape = JSON.stringify([rowSetting, rows, columnSetting, columns]);
    if (shape === this.shape) return;
    this.shape = shape;
    this.says.leave();
    const table = document.createElement("table");
    table.ariaLabel = this.root.ariaLabel;
    const top = table.createTHead().insertRow();
    const name = this.names[columnSetting] ?? columnSetting;
    top.append(document.createElement("td"));
    top.append(head(name, { scope: "colgroup", colSpan: columns.length }));
    const heads = columns.map((value) => head(shown(value), { scope: "col" }));
    const corner = head(this.names[rowSetting] ?? rowSetting, { scope: "col" });
    table.tHead?.insertRow().append(corner, ...heads);
    const body = table.createTBody();
    for (const value of rows) {
      const row = body.insertRow();
      row.append(head(shown(value), { scope: "row" }));
      for (let i = 0; i < columns.length; i++) {
        row.insertCell().append(document.createElement("b"), document.createElement("small"));
      }
    }
    find(this.root, ".class-grid-scroll", HTMLElement).replaceChildren(table);
  }

  /** @param {View | null} view null for one who is not in the class any more */
  show(view) {
    const { grid, cell: own, activity } = view?.at ?? {};
    this.root.hidden = !grid || (this.large && Boolean(view?.presented));
    if (!grid || !activity?.jigsaw) return;
    this.build(activity.jigsaw.axes);
    const all = shares(grid);
    const boxes = this.root.querySelectorAll("tbody td");
    grid.forEach((cell, index) => {
      const box = /** @type {HTMLTableCellElement | undefined} */ (boxes[index]);
      if (!box) return;
      const mine = index === own?.index;
      write(find(box, "b", HTMLElement), says(cell));
      write(find(box, "small", HTMLElement), adds(cell, mine));
      box.dataset.state = cell.standing;
      box.toggleAttribute("data-mine", mine);
      box.style.setProperty("--share", String(all[index]));
    });
    this.says.tell(progress(grid));
  }

  destroy() {
    this.leave();
    this.says.leave();
    this.token = "";
    this.leave = () => {};
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".class-grid", (root) => new Grid(root));
export default show;
