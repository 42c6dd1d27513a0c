// A learning curve drawn by hand (curve.py), and the real one over it once there is a run. Every
// change is kept in the tab and sent to Python.

import { subscriptions } from "../../board/stream/subscriptions.js";
import { find, write } from "../../common/dom.js";
import { pageTheme } from "../../common/plotly_page.js";
import { Input } from "./input.js";
import { remember, remembered } from "./memory.js";
import { Plot } from "./plot.js";
import { filled, History, nothing } from "./samples.js";
import { guessAt, withPoint } from "./real.js";
import { cleared, connectionLost, newest, noSuchRun, redone, summary, undone } from "./words.js";

/**
 * @typedef {import("./samples.js").Samples} Samples
 * @typedef {{version: number, values: number[] | null}} Sent
 * @typedef {object} Data what Python passes
 * @property {string} curve what the curve is called in this tab's memory
 * @property {number} version of the values
 * @property {number[] | null} values
 * @property {boolean} locked
 * @property {string | null} runId of the real curve
 * @property {import("./real.js").Metric} metric
 * @property {string} title
 * @property {number} epochs
 * @property {number} low
 * @property {number} high
 * @property {string[]} ended the statuses of a run that has ended
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{curve: Sent}, Data>} Component
 */

const SOON_MS = 400;

/**
 * The chart of each element.
 *
 * @type {WeakMap<Element, Pad>}
 */
const pads = new WeakMap();

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  // Runs again at every change of data or theme: the chart that is there keeps its newer curve.
  const root = find(parentElement, ".curve", HTMLElement);
  const pad = pads.get(root) ?? new Pad(root, data);
  pads.set(root, pad);
  const call = ++pad.calls;
  pad.send = (curve) => setStateValue("curve", curve);
  pad.attach(data);
  root.dataset.ready = "";
  // Streamlit may clean up after an outdated call while a newer one uses the chart.
  return () => {
    if (call === pad.calls && !root.isConnected) pad.destroy();
  };
}

class Pad {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.calls = 0;
    this.version = 0;
    this.changed = false; // since it was sent
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {(curve: Sent) => void} */
    this.send = () => {};
    this.history = new History(nothing());
    /** @type {import("./plot.js").Point[]} */
    this.points = [];
    this.leave = () => {};
    this.run = "";
    this.svg = find(root, "svg", SVGSVGElement);
    this.plot = new Plot(this.svg);
    this.input = new Input(this.svg, this.plot, this);
    this.button("undo").onclick = () => this.step(() => this.history.undo(), undone());
    this.button("redo").onclick = () => this.step(() => this.history.redo(), redone());
    this.button("clear").onclick = () => this.step(() => this.history.clear(), cleared());
    root.onkeydown = (event) => this.shortcut(event);
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.svg);
    this.begin(data);
  }

  get locked() {
    return this.data.locked;
  }

  /**
   * What this tab remembers is at least as new as what the server had, unless the tab has nothing.
   *
   * @param {Data} data
   */
  begin(data) {
    const kept = remembered(data.curve);
    const newer = kept !== null && kept.version >= data.version && !data.locked;
    this.version = newer ? kept.version : data.version;
    this.changed = newer && kept.version > data.version;
    this.history = new History(newer ? kept.samples : [...(data.values ?? nothing())]);
  }

  /** @param {Data} data */
  attach(data) {
    const before = this.data;
    this.data = data;
    if (data.locked) {
      clearTimeout(this.timer);
      this.changed = false;
      this.history.now = [...(data.values ?? nothing())];
    } else if (data.version > this.version) {
      this.version = data.version;
      this.history = new History([...(data.values ?? nothing())]);
    }
    this.root.toggleAttribute("data-locked", data.locked);
    if ((data.runId ?? "") !== this.run || data.metric !== before.metric) this.follow(data);
    this.resize();
    this.flush();
  }

  destroy() {
    this.leave();
    this.run = "";
    this.resizes.disconnect();
    pads.delete(this.root);
  }

  /** @param {string} value */
  button(value) {
    return find(this.root, `button[value="${value}"]`, HTMLButtonElement);
  }

  /** @param {Data} data */
  follow({ runId, metric, ended }) {
    this.leave();
    this.run = runId ?? "";
    this.points = [];
    if (!runId) return;
    const leave = subscriptions().subscribe(runId, 0, {
      onEvent: ({ kind, data }) => {
        if (kind === "epoch") this.points = withPoint(this.points, data, metric);
        if (kind === "status" && ended.includes(data.status)) leave();
        if (kind === "epoch") this.show();
      },
      onConnection: (connected) => this.tell(connected ? "" : connectionLost()),
      onGone: () => {
        leave();
        this.tell(noSuchRun());
      },
    });
    this.leave = leave;
  }

  resize() {
    const { epochs, low, high } = this.data;
    this.plot.resize({ epochs, low, high }, pageTheme(this.root).times);
    this.show();
  }

  show() {
    const { history, points, locked, data, input } = this;
    this.plot.render({ samples: history.now, points, cursor: input.cursor, locked });
    const able = {
      undo: history.past.length > 0,
      redo: history.future.length > 0,
      clear: history.now.some((value) => value !== null),
    };
    for (const [name, can] of Object.entries(able)) {
      this.button(name).setAttribute("aria-disabled", String(!can));
    }
    const values = filled(history.now);
    const last = points.at(-1);
    this.svg.setAttribute("aria-label", summary(data.title, values, last));
    this.svg.setAttribute("role", locked ? "img" : "application");
    this.svg.setAttribute("tabindex", locked ? "-1" : "0");
    const now = last ? newest(last, guessAt(values, last.epoch, data.epochs)) : "";
    write(find(this.root, ".curve-now", HTMLElement), now);
  }

  /**
   * Undo, redo or clear.
   *
   * @param {() => boolean} change
   * @param {string} done
   */
  step(change, done) {
    if (this.locked || !change()) return;
    this.input.lifting = false;
    this.show();
    this.say(done);
    this.changed = true;
    this.commit();
  }

  /** @param {KeyboardEvent} event */
  shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const letter = event.key.toLowerCase();
    if (letter !== "z" && letter !== "y") return;
    event.preventDefault();
    this.button(letter === "y" || event.shiftKey ? "redo" : "undo").click();
  }

  /** @param {string} words read out */
  say(words) {
    find(this.root, ".curve-status", HTMLElement).textContent = words; // the same words, too
  }

  /** @param {string} words about the connection */
  tell(words) {
    const part = find(this.root, ".curve-alert", HTMLElement);
    write(part, words);
    part.hidden = !words;
  }

  commitSoon() {
    this.changed = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), SOON_MS);
  }

  flush() {
    if (this.changed) this.commit();
  }

  /** Keep what was drawn in the tab, and send it. */
  commit() {
    clearTimeout(this.timer);
    const samples = this.history.now;
    if (this.locked) return;
    this.version += 1;
    this.changed = false;
    remember(this.data.curve, { version: this.version, samples });
    // On another page by now: the chart that comes next finds the newer version and sends it.
    if (this.root.isConnected) this.send({ version: this.version, values: filled(samples) });
  }
}
