// "Hear it learn": the run of a board as sounds, for those who cannot or need not look at it. Off by
// default; the choice is this browser's.

import { find } from "../../common/dom.js";
import { Player } from "./player.js";
import { Freshness, soundOf, thinned } from "./notes.js";

/**
 * @typedef {import("../events.d.ts").Event} Event
 * @typedef {import("../events.d.ts").Status} Status
 */

const STORE = "playground-hear";

/** A browser may refuse its storage. */
function chosen() {
  try {
    return localStorage.getItem(STORE) === "on";
  } catch {
    return false;
  }
}

/** @param {boolean} on */
function choose(on) {
  try {
    if (on) localStorage.setItem(STORE, "on");
    else localStorage.removeItem(STORE);
  } catch {
    // Then it is for this board alone.
  }
}

/**
 * The player of the page: a browser lets a page have few.
 *
 * @type {Player | undefined}
 */
let shared;

export class Sound {
  /**
   * @param {HTMLElement} root the board
   * @param {Status[]} ended the statuses of a run that has ended
   */
  constructor(root, ended) {
    this.ended = ended;
    this.freshness = new Freshness();
    /** @type {Event | undefined} */
    this.newest = undefined; // how far the run is
    this.player = shared ??= new Player();
    this.box = find(root, '[data-part="hear"]', HTMLInputElement);
    this.says = find(root, '[data-part="hear-says"]', HTMLElement);
    this.box.checked = chosen();
    this.says.hidden = !this.box.checked;
    this.box.onchange = () => this.turn(this.box.checked);
    if (this.box.checked) this.player.wakeAtPress();
  }

  /** @param {boolean} on */
  turn(on) {
    choose(on);
    this.says.hidden = !on;
    if (!on) return this.player.rest();
    this.player.wake();
    // So that one hears that one hears it.
    if (this.newest) this.play([this.newest]);
  }

  /** @param {Event[]} events that came together */
  hear(events) {
    const fresh = this.freshness.of(events, Date.now() / 1000);
    this.newest = events.findLast(({ kind }) => kind === "progress") ?? this.newest;
    if (this.box.checked && !document.hidden) this.play(fresh);
  }

  /** @param {Event[]} events */
  play(events) {
    for (const sound of thinned(events.flatMap((event) => soundOf(event, this.ended) ?? []))) {
      this.player.play(sound);
    }
  }

  destroy() {
    this.box.onchange = null;
  }
}
