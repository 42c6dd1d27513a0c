// The teacher's board (board.py): the roster, how far the class is, and its charts. It obeys the
// views that come over the stream; no script runs for them, unless what the levers show changes.

import { subscriptions } from "../../board/stream/subscriptions.js";
import { leaving } from "../../common/arrival.js";
import { find, write } from "../../common/dom.js";
import { keepOne } from "../../common/held.js";
import { sparkline } from "../../runs/sparkline.js";
import { Charts } from "./charts.js";
import { levers, newest, present, trouble } from "./tiles.js";
import * as words from "./words.js";

/**
 * @typedef {import("./tiles.js").View} View
 * @typedef {import("./tiles.js").Tile} Tile
 * @typedef {object} Data what Python passes
 * @property {string} token
 * @property {View} view
 * @property {number} now the server's time, in seconds since 1970
 * @property {string} charts their address
 * @property {Record<string, string>} statuses as they are shown
 * @property {Record<string, string>} pages the titles of pages by their paths
 * @property {Record<string, string>} names colours and animals, by the English that views have
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{levers: string}, Data>} Component
 */

// The answer to one's own press comes first; and while many train, each beginning and end is news.
const SETTLE_MS = 2000;
const TICK_MS = 10_000;
const SETTING = "setting-"; // what the name of a chart by setting begins with

class Board {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.calls = 0;
    this.token = "";
    this.leave = () => {};
    this.chosen = ""; // of the charts by setting
    /** @type {View | null} */
    this.view = null;
    this.ahead = 0; // the server's clock before this one's, in seconds
    this.known = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
    this.ticks = setInterval(() => this.roster(), TICK_MS);
    this.select = find(root, "select", HTMLSelectElement);
    this.select.onchange = () => {
      this.chosen = this.select.value;
      this.address();
      this.charts.askNow();
    };
    this.charts = new Charts(
      find(root, ".class-charts", HTMLElement),
      ({ name }) => !name.startsWith(SETTING) || name === this.chosen,
      (charts) => this.offer(charts),
      () => this.show("alert", words.chartsNotLoaded()),
    );
  }

  /**
   * Every run of the component's default export ends here.
   *
   * @param {Data} data
   * @param {Component["setTriggerValue"]} send
   */
  attach(data, send) {
    this.data = data;
    this.send = send;
    this.address();
    this.known = levers(data.view);
    if (data.token !== this.token) {
      this.leave();
      this.token = data.token;
      this.leave = subscriptions().attend(
        data.token,
        (view, at) => this.take(/** @type {View | null} */ (view), at),
        (connected) => this.show("alert", connected ? "" : words.connectionLost()),
      );
    }
    this.take(data.view, data.now);
  }

  /** Of the charts by setting, the one that is looked at comes with its figure. */
  address() {
    const setting = encodeURIComponent(this.chosen.replace(SETTING, ""));
    this.charts.url = `${this.data?.charts}&setting=${setting}`;
  }

  destroy() {
    this.leave();
    clearTimeout(this.telling);
    clearInterval(this.ticks);
    this.charts.destroy();
  }

  /**
   * @param {View | null} view
   * @param {number} at the server's time
   */
  take(view, at) {
    if (!view) {
      this.show("alert", words.classGone());
      return;
    }
    this.view = view;
    this.ahead = at - Date.now() / 1000;
    this.roster();
    this.charts.ask();
    this.tellSoon();
  }

  /** Have the levers follow, if another device or a member has changed what they show. */
  tellSoon() {
    // One that waits already is not put off: while many train, views come all the time.
    if (this.telling || !this.view || levers(this.view) === this.known) return;
    this.telling = setTimeout(() => {
      this.telling = undefined;
      if (!this.view || leaving()) return;
      const now = levers(this.view);
      if (now === this.known) return;
      this.known = now;
      this.send?.("levers", String(Date.now()));
    }, SETTLE_MS);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  show(name, text) {
    const part = find(this.root, `[data-part="${name}"]`, HTMLElement);
    write(part, text);
    part.hidden = !text;
  }

  roster() {
    const { view } = this;
    if (!view) return;
    const all = present(view.roster);
    const there = all.filter(({ here }) => here).length;
    this.show("present", words.present(there, all.length));
    this.show("progress", view.at ? words.progress(view.at, all.length) : "");
    this.show("nobody", all.length ? "" : words.nobody());
    const list = find(this.root, "ul", HTMLElement);
    /** @type {Map<string, HTMLElement>} */
    const old = new Map();
    for (const child of list.children) {
      if (child instanceof HTMLElement) old.set(child.dataset.testid ?? "", child);
    }
    const tiles = all.map((tile) => {
      const element = old.get(`member-${tile.number}`) ?? makeTile(tile.number);
      this.fill(element, tile);
      return element;
    });
    const changed = tiles.length !== list.children.length;
    if (changed || tiles.some((tile, i) => list.children[i] !== tile)) {
      list.replaceChildren(...tiles);
    }
  }

  /** @param {string} name */
  name(name) {
    return this.data?.names[name] ?? name;
  }

  /**
   * @param {HTMLElement} element
   * @param {Tile} tile
   */
  fill(element, tile) {
    const { view, data } = this;
    if (!view || !data) return;
    const part = (/** @type {string} */ name) =>
      find(element, `[data-part="${name}"]`, HTMLElement);
    const now = Date.now() / 1000 + this.ahead;
    const why = trouble(tile, view.at, now);
    element.dataset.here = String(tile.here);
    element.dataset.stuck = why ?? "";
    write(part("name"), this.name(tile.name));
    write(part("here"), tile.here ? words.here() : words.away());
    const page = tile.page === null ? "" : (data.pages[tile.page] ?? tile.page);
    const since = tile.since ? words.duration(now - tile.since) : "";
    write(part("page"), page ? `${page} · ${since}` : "");
    write(part("stuck"), why ? `⚠ ${words.help(why)}` : "");
    part("stuck").hidden = !why;
    this.fillRun(element, tile);
    const marks = this.marks(tile);
    write(part("marks"), marks.join(" · "));
  }

  /** @param {Tile} tile */
  marks({ answered, locked, explained }) {
    const { at } = /** @type {View} */ (this.view);
    if (!at) return [];
    const marks = [];
    if (at.activity.prediction && locked) marks.push(`✓ ${words.locked()}`);
    else if (at.activity.prediction) marks.push(answered ? words.answered() : words.noAnswer());
    if (explained) marks.push(`✓ ${words.explained()}`);
    return marks;
  }

  /**
   * @param {HTMLElement} element
   * @param {Tile} tile
   */
  fillRun(element, { run }) {
    const part = (/** @type {string} */ name) =>
      find(element, `[data-part="${name}"]`, HTMLElement);
    const status = run ? (this.data?.statuses[run.status] ?? run.status) : words.noRun();
    const going = run && !run.ended && run.epochs ? `, ${words.epochs(run.epochs, run.of)}` : "";
    write(part("status"), status + going);
    write(part("accuracy"), words.accuracy(newest(run)));
    const drawn = run ? `${run.id}:${run.val_accuracies.length}` : "";
    const spark = part("spark");
    if (spark.dataset.drawn === drawn) return;
    spark.dataset.drawn = drawn;
    if (run?.val_accuracies.length) sparkline(spark, run.val_accuracies, run.of);
    else spark.replaceChildren();
  }

  /** @param {import("./charts.js").Chart[]} charts */
  offer(charts) {
    this.show("no-charts", charts.length ? "" : words.noCharts());
    const offered = charts.filter(({ name }) => name.startsWith(SETTING));
    find(this.root, ".class-choose", HTMLElement).hidden = offered.length < 1;
    const names = offered.map(({ name }) => name);
    if (!names.includes(this.chosen)) {
      this.chosen = names[0] ?? "";
      this.address();
      if (this.chosen) queueMicrotask(() => this.charts.draw());
    }
    const now = [...this.select.options].map(({ value }) => value).join();
    if (now !== names.join()) {
      this.select.replaceChildren(...offered.map(({ name, title }) => new Option(title, name)));
    }
    this.select.value = this.chosen;
  }
}

/** @param {number} number of the member */
function makeTile(number) {
  const tile = document.createElement("li");
  tile.dataset.testid = `member-${number}`;
  for (const name of ["name", "here", "page", "status", "accuracy", "spark", "marks", "stuck"]) {
    const part = document.createElement(name === "name" ? "strong" : "span");
    part.dataset.part = name;
    tile.append(part);
  }
  return tile;
}

/** @type {(component: Component) => () => void} */
export default keepOne(".class-board", (root) => new Board(root));
