// The live board in the browser (board.py): it reads the run's events and shows them.

import { leaving } from "../common/arrival.js";
import { find, write } from "../common/dom.js";
import { Sentences } from "../common/sentences.js";
import { percent } from "../common/translate.js";
import { begins } from "./ahead.js";
import { bring } from "./bring.js";
import { visit } from "../common/visits.js";
import { Cells } from "./cells.js";
import { Charts } from "./charts.js";
import { Heard } from "./heard.js";
import { prepare } from "./ready.js";
import { Sound } from "./sound/sound.js";
import { subscriptions } from "./stream/subscriptions.js";
import {
  atEpoch,
  captions,
  change,
  chartsNotLoaded,
  connectionLost,
  exact,
  noSuchRun,
  pace,
  published,
  sealed,
  worstMistake,
} from "./words.js";

/**
 * @typedef {import("./events.d.ts").Event} Event
 * @typedef {import("./events.d.ts").Status} Status
 * @typedef {object} Data what Python passes
 * @property {string} runId
 * @property {Status} status as the script knows it
 * @property {Record<Status, string>} statuses as they are shown
 * @property {Record<string, string>} sentences translations of what the server says in English
 * @property {Status[]} ended the statuses of a run that has ended
 * @property {number} epochs of the whole run
 * @property {boolean} references whether the published results are shown
 * @property {{val_accuracy: number | null, test_accuracy: number | null} | null} before another run
 * @property {boolean} sealed whether it has no test result: its class has one in an envelope
 * @property {boolean} started whether it was started here
 * @property {string} nextRun the id of the run that a press of Train begins, empty if not known
 * @property {string} published in words
 * @property {Record<string, import("./traces.js").Figure>} figures by the charts' names
 * @property {import("./traces.js").Binding[]} bindings
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{status: string, cell: [number, number]}, Data>} Component
 * @typedef {Component["setTriggerValue"]} SetTriggerValue
 */

// The charts over epochs.
const CURVES = ["loss", "accuracy"];
const MATRICES = ["confusion", "test-confusion"];
const SETTLE_MS = 100;
const FALLBACK_MS = 1000;
const NO_FRAME = -1;

/**
 * The board of each component's parent element.
 *
 * @type {WeakMap<Node, Board>}
 */
const boards = new WeakMap();

/**
 * What the elements of boards were before they showed a run.
 *
 * @type {WeakMap<HTMLElement, HTMLElement>}
 */
const asWritten = new WeakMap();

class Board {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   * @param {SetTriggerValue} setTriggerValue
   */
  constructor(root, data, setTriggerValue) {
    this.root = root;
    this.runId = data.runId;
    this.ended = data.ended;
    this.statuses = data.statuses;
    this.sentences = new Sentences(data.sentences);
    this.epochs = data.epochs;
    this.setTriggerValue = setTriggerValue;
    // What Python passed last, and what it has been told or has told: see attach() and report().
    this.passed = this.known = data.status;
    /** @type {import("./words.js").Newest & {status: import("./events.d.ts").StatusChange}} */
    this.newest = { status: { status: data.status, reason: "" } };
    // Whether it was started here just now: then its first figures come soon.
    this.starts = data.started && !data.ended.includes(data.status);
    this.shown = false; // a figure of it is on the page
    this.seq = 0;
    /** @type {Event[]} */
    this.queue = [];
    this.calls = 0;
    this.frame = 0;
    this.fallback = 0;
    this.settling = 0;
    this.destroyed = false;
    this.labels = /** @type {any} */ (data.figures.confusion.data[0].x);
    this.before = data.before;
    this.published = data.published;
    this.charts = new Charts(root, data);
    this.sound = new Sound(root, data.ended);
    const matrix = this.charts.all.find(({ name }) => name === "confusion");
    if (matrix) matrix.onPress = (truth, predicted) => this.look(truth, predicted);
    for (const chart of this.charts.all) this.prepare(chart);
    this.heard = new Heard(data.statuses, data.ended, data.ended.includes(data.status));
    this.part("mistakes").onclick = () => {
      const { truth, predicted } = worstMistake(this.newest.epoch?.confusion ?? []);
      this.look(truth, predicted);
    };
    this.makeRoom(Boolean(data.figures.pinned), data.sealed);
    this.render();
    this.leave = this.connect();
    this.waiting = setTimeout(() => this.update(true), FALLBACK_MS);
    this.charts.load(this.starts, () => this.show("notice", chartsNotLoaded()));
    if (data.started) bring(root, data.runId);
  }

  /**
   * Say what a press on a chart does, and a key.
   *
   * @param {import("./chart.js").Chart} chart
   */
  prepare(chart) {
    const { name } = chart;
    if (MATRICES.includes(name)) {
      chart.cells = new Cells(chart.element, this.labels, () => chart.onPress);
    } else if (CURVES.includes(name)) {
      chart.onEpoch = (epoch) => visit(this.runId, epoch);
      chart.walking = {
        say: (stop, all) => atEpoch(name, stop, all),
        onEnter: ({ position }) => visit(this.runId, position),
      };
    } else chart.walking = {};
  }

  /**
   * Have the images of a cell shown.
   *
   * @param {number} truth
   * @param {number} predicted
   */
  look(truth, predicted) {
    if (this.newest.epoch) this.setTriggerValue("cell", [truth, predicted]);
  }

  /**
   * Make room for what not every run has.
   *
   * @param {boolean} pinned whether there is a pinned drawing
   * @param {boolean} isSealed whether words take the place of the test result
   */
  makeRoom(pinned, isSealed) {
    this.part("pinned").hidden = !pinned;
    if (!isSealed) return;
    for (const name of ["result", "sealed"]) this.part(name).hidden = false;
    write(find(this.root, '[data-testid="test-accuracy"]', HTMLElement), sealed());
  }

  /**
   * Every run of the component's default export ends here; nothing is built again.
   *
   * @param {Data} data
   * @param {SetTriggerValue} setTriggerValue
   */
  attach(data, setTriggerValue) {
    this.setTriggerValue = setTriggerValue;
    // An answer that was under way while the status changed says the old word again: it tells
    // nothing new, and must not cause another run of the script.
    if (data.status !== this.passed) this.passed = this.known = data.status;
    this.charts.takeTheme();
    for (const part of this.parts("references")) part.hidden = !data.references;
    this.charts.draw();
    this.before = data.before;
    return ++this.calls;
  }

  destroy() {
    if (this.destroyed) return;
    this.destroyed = true;
    this.leave();
    cancelAnimationFrame(this.frame);
    [this.fallback, this.settling, this.waiting].forEach(clearTimeout);
    this.charts.destroy();
    this.sound.destroy();
  }

  /**
   * @param {string} name
   * @returns {NodeListOf<HTMLElement>}
   */
  parts(name) {
    return this.root.querySelectorAll(`[data-part="${name}"]`);
  }

  /** @param {string} name */
  part(name) {
    return find(this.root, `[data-part="${name}"]`, HTMLElement);
  }

  /** @param {string} name */
  bar(name) {
    return find(this.root, `[data-part="${name}"]`, HTMLProgressElement);
  }

  /**
   * @param {string} name
   * @param {string} message
   */
  show(name, message) {
    write(this.part(name), message);
    this.part(name).hidden = !message;
  }

  connect() {
    const leave = subscriptions().subscribe(this.runId, this.seq, {
      onEvent: (event) => {
        this.seq = event.seq || this.seq;
        this.queue.push(event);
        if (event.kind === "status" && this.ended.includes(event.data.status)) leave();
        this.schedule();
      },
      onConnection: (connected) => this.show("connection", connected ? "" : connectionLost()),
      onGone: () => {
        leave();
        this.show("connection", noSuchRun());
      },
    });
    return leave;
  }

  /** One update per frame for all that has come; by a timer where a hidden page has no frames. */
  schedule() {
    if (this.frame) return;
    const go = () => {
      cancelAnimationFrame(this.frame);
      clearTimeout(this.fallback);
      this.frame = 0;
      this.update();
    };
    if (!this.newest.progress) {
      // What a run begins with is drawn at once: in a frame, the network is drawn before it.
      this.frame = NO_FRAME;
      queueMicrotask(go);
      return;
    }
    this.frame = requestAnimationFrame(go);
    this.fallback = window.setTimeout(go, FALLBACK_MS);
  }

  /** @param {boolean} [late] whether nothing is waited for any longer */
  update(late = false) {
    const events = this.queue.splice(0);
    for (const event of events) this.apply(event);
    const { progress, status } = this.newest;
    if (late || progress || !this.starts || this.ended.includes(status.status)) {
      clearTimeout(this.waiting);
      this.charts.begin();
    }
    this.sound.hear(events);
    this.render();
    const { seq, root } = this;
    this.charts.draw(() =>
      setTimeout(() => {
        const at = performance.timeOrigin + performance.now();
        root.dispatchEvent(new CustomEvent("board:drawn", { bubbles: true, detail: { seq, at } }));
      }),
    );
    if (!progress || this.shown) return;
    this.shown = true;
    root.dispatchEvent(new Event("board:begun", { bubbles: true })); // see ../network/live.js
  }

  /** @param {Event} event */
  apply(event) {
    const { kind, data } = event;
    Object.assign(this.newest, { [kind]: data });
    // The history, too, comes event by event: only a status that stays is told.
    if (kind === "status") this.reportSoon();
    this.heard.take(event, this.newest);
    this.charts.apply(kind, data);
  }

  reportSoon() {
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.report(), SETTLE_MS);
  }

  report() {
    const { status } = this.newest.status;
    if (status === this.known || this.ended.includes(this.known)) return;
    // A run of this page now would keep the reader on it (see arrival.js).
    if (leaving()) return this.reportSoon();
    this.known = status;
    this.setTriggerValue("status", status);
  }

  render() {
    const { status, progress, epoch, test, notice } = this.newest;
    const ended = this.ended.includes(status.status);
    this.root.dataset.status = status.status;
    write(this.part("status"), this.statuses[status.status]);
    write(this.part("reason"), status.reason ? `. ${this.sentences.read(status.reason)}` : "");
    if (notice) this.show("notice", this.sentences.read(notice.message));

    write(this.part("pace"), pace(this.newest, this.epochs, ended));
    this.part("bars").hidden = ended;
    this.bar("epoch-bar").value = progress ? progress.step / progress.steps : 0;
    this.bar("run-bar").value = progress ? progress.epoch / progress.epochs : 0;

    write(this.part("accuracy"), epoch ? percent(epoch.accuracy) : "–");
    write(this.part("val-accuracy"), epoch ? percent(epoch.val_accuracy) : "–");
    if (test) this.renderTest(test);
    this.part("mistakes").hidden = !epoch;
    this.charts.caption({
      ...captions(this.newest, this.labels, this.heard.trends),
      references: published(this.published, test),
    });
    if (ended) this.charts.end();
  }

  /** @param {import("./events.d.ts").Evaluation} test */
  renderTest(test) {
    this.root.toggleAttribute("data-tested", true);
    this.part("result").hidden = false;
    for (const part of this.parts("test")) part.hidden = false;
    write(find(this.root, '[data-testid="test-accuracy"]', HTMLElement), percent(test.accuracy));
    write(find(this.root, '[data-testid="test-loss"]', HTMLElement), exact(test.loss));
    const { train_accuracy: trained } = test;
    this.part("trained").hidden = trained == null; // older runs have none
    if (trained != null) write(this.part("accuracy"), percent(trained));
    const [validation, tested] = [this.newest.epoch?.val_accuracy, test.accuracy];
    this.show("val-change", change(validation, this.before?.val_accuracy));
    this.show("test-change", change(tested, this.before?.test_accuracy));
  }
}

/**
 * Without a run there are only places for its curves.
 *
 * @param {Component} component
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = find(parentElement, ".live-board", HTMLElement);
  let board = boards.get(parentElement);
  if (board && (board.destroyed || board.root !== root || board.runId !== data?.runId)) {
    board.destroy();
    boards.delete(parentElement);
    board = undefined;
  }
  begins(data?.nextRun ?? "");
  if (!data?.runId) {
    prepare();
    return () => {};
  }
  board ??= new Board(untouched(root), data, setTriggerValue);
  boards.set(parentElement, board);
  const attached = board;
  const call = attached.attach(data, setTriggerValue);
  // Streamlit may clean up after an outdated call while a newer one uses the board.
  return () => {
    if (call === attached.calls) attached.destroy();
  };
}

/**
 * A board's element as Python wrote it: nothing of another run's is left in it.
 *
 * @param {HTMLElement} root
 */
function untouched(root) {
  const written = asWritten.get(root);
  const fresh = /** @type {HTMLElement} */ ((written ?? root).cloneNode(true));
  if (!written) {
    asWritten.set(root, fresh);
    return root;
  }
  asWritten.set(fresh, written);
  root.replaceWith(fresh);
  return fresh;
}
