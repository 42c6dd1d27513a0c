// What is shown of a network: the item, and which neurons of each hidden layer. While a run trains,
// its worker makes the portraits of one choice for all who look: that of the owner's last press.

import { PAGE } from "../draw/controls.js";

/**
 * @typedef {"same" | "share" | "live"} Next what is asked for next: the neurons that are shown, those
 *   with the largest share in the answer, or what the run's worker shows
 * @typedef {"show" | "ask" | "join" | "leave"} Verdict on a portrait from the worker: show it, ask the
 *   worker for what is chosen here, ask the server what the worker shows, or leave it alone
 */

const FIRST_ITEM = "test-0";
const LIVE = "live"; // as an item: that which the worker shows

export class Choice {
  constructor() {
    this.item = FIRST_ITEM;
    /** @type {number[][]} all neurons of each hidden layer */
    this.order = [];
    /** @type {number[]} the index in `order` of the first neuron that is shown */
    this.first = [];
    /** @type {Next} */
    this.next = "share";
    this.own = false;
    this.chosen = false; // here, and the worker does not show it yet, or never will
    this.waiting = true; // for the answer to what is wanted
    this.asked = ""; // the key that the worker was asked for
    this.joined = ""; // the key for which the server was asked last what the worker shows
    this.version = 0; // an answer to what was asked before another choice is not for now
  }

  /**
   * Another network is shown.
   *
   * @param {object} of
   * @param {boolean} of.active whether it is a run's that has not ended
   * @param {boolean} of.own whether its worker shows what is chosen here
   */
  begin({ active, own }) {
    [this.order, this.first, this.own] = [[], [], own];
    // The first item is what a worker shows until somebody chooses.
    this.chosen = active && own && this.item !== FIRST_ITEM;
    this.change(active && !this.chosen ? "live" : "share");
  }

  /** @param {Next} next */
  change(next) {
    this.next = next;
    this.waiting = true;
    this.version++;
    [this.asked, this.joined] = ["", ""];
  }

  /**
   * Somebody chooses an item.
   *
   * @param {string} item
   * @param {boolean} sort whether the neurons may go by their share in the new answer
   */
  choose(item, sort) {
    this.item = item;
    this.chosen = true;
    this.change(sort && !this.leafed() ? "share" : "same");
  }

  /** @param {number} layer @param {number} by so many neurons */
  leaf(layer, by) {
    const units = this.order[layer].length;
    this.first[layer] = Math.min(Math.max(0, this.first[layer] + by), units - 1);
    this.chosen = true;
    this.change("same");
  }

  /** Whether another page than the first is shown of a layer. */
  leafed() {
    return this.first.some((first) => first > 0);
  }

  /** The neurons may go by their share, unless somebody has leafed on. */
  sort() {
    this.chosen = false;
    this.change(this.leafed() ? "same" : "share");
  }

  /** Show what the worker shows. */
  follow() {
    this.chosen = false;
    this.change("live");
  }

  /** The neurons shown of each hidden layer; nothing before they are known. */
  shown() {
    return this.order.map((all, i) => all.slice(this.first[i], this.first[i] + PAGE));
  }

  /** What to ask for now. */
  wanted() {
    if (this.next === "live") return { item: LIVE, shown: [] };
    return { item: this.item, shown: this.next === "share" ? [] : this.shown() };
  }

  /**
   * The answer to what was wanted.
   *
   * @param {Pick<import("./client.js").Answer, "item" | "order" | "portrait">} answer
   */
  take({ item, order, portrait }) {
    if (order) {
      const shown = portrait.layers.map((layer) => layer.shown);
      this.first = order.map((all, i) => startOf(all, shown[i]));
      this.order = order.map((all, i) => (this.first[i] < 0 ? before(shown[i], all) : all));
      this.first = this.first.map((first) => Math.max(0, first));
    }
    const drawing = () => `pixels-${item.pixels.replaceAll("+", "-").replaceAll("/", "_")}`;
    if (item.index !== null) this.item = `test-${item.index}`;
    else if (this.next === "live") this.item = drawing();
    this.next = "same";
    this.waiting = false;
  }

  /** Whether somebody who does not say what the worker shows has chosen something. */
  apart() {
    return this.chosen && !this.own;
  }

  /**
   * What to do with a portrait from the worker.
   *
   * @param {string} key of its choice
   * @param {string} wanted the key of what is shown here, or will be
   * @returns {Verdict}
   */
  meet(key, wanted) {
    if (key === wanted) {
      // While an answer is under way, this is still what was shown before.
      if (this.waiting) return "show";
      if (this.own) this.chosen = false;
      [this.asked, this.joined] = ["", ""];
      return "show";
    }
    if (this.apart() || (this.chosen && this.waiting)) return "leave";
    if (this.chosen) return this.ask(wanted) ? "ask" : "leave";
    if (this.joined === key) return "leave";
    this.follow();
    this.joined = key;
    return "join";
  }

  /**
   * Whether the worker is to be asked for this: once.
   *
   * @param {string} wanted
   */
  ask(wanted) {
    if (!this.own || !this.chosen || this.asked === wanted) return false;
    this.asked = wanted;
    return true;
  }

  /** The worker does not show what it was asked for: somebody has asked for something else since. */
  giveUp() {
    if (this.own) this.chosen = false;
  }
}

/**
 * Where neurons begin that follow one another in an order; -1 if they do not.
 *
 * @param {number[]} all
 * @param {number[]} shown
 */
function startOf(all, shown) {
  const first = all.indexOf(shown[0]);
  return shown.every((neuron, i) => all[first + i] === neuron) ? first : -1;
}

/** @param {number[]} shown @param {number[]} all with these before all others */
function before(shown, all) {
  const there = new Set(shown);
  return [...shown, ...all.filter((neuron) => !there.has(neuron))];
}
