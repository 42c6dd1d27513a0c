// Pointers and keys on the chart.

import { COUNT, filled, moved, nearest, stroked } from "./samples.js";
import { clip, epochAt, locate } from "./scale.js";
import { position, removed } from "./words.js";

/**
 * @typedef {import("./samples.js").Samples} Samples
 * @typedef {object} Pad what is done to the curve
 * @property {import("./samples.js").History} history
 * @property {boolean} locked
 * @property {() => void} show what has changed
 * @property {() => void} commit the change
 * @property {() => void} commitSoon
 * @property {() => void} flush commit what is not committed yet
 * @property {(words: string) => void} say
 */

const STRIDE = 4; // samples between two that the keyboard goes to: eleven in all
const LIFTS = { coarse: 0.02, fine: 0.005 }; // of the axis

/** @type {Record<string, [across: number, up: number]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Input {
  /**
   * @param {SVGSVGElement} svg
   * @param {import("./plot.js").Plot} plot
   * @param {Pad} pad
   */
  constructor(svg, plot, pad) {
    this.svg = svg;
    this.plot = plot;
    this.pad = pad;
    /** @type {number | null} */
    this.pointer = null; // that draws
    /** @type {import("./samples.js").Position | null} */
    this.last = null; // where it was
    this.index = 0; // the keyboard's
    this.focused = false;
    this.lifting = false; // the newest step is of the keyboard at this index
    this.listen();
  }

  listen() {
    const { svg } = this;
    svg.onpointerdown = (event) => this.down(event);
    svg.onpointermove = (event) => this.move(event);
    svg.onpointerup = svg.onpointercancel = svg.onlostpointercapture = (event) => this.up(event);
    svg.oncontextmenu = (event) => event.preventDefault();
    svg.onkeydown = (event) => this.key(event);
    svg.onfocus = () => this.focus(svg.matches(":focus-visible"));
    svg.onblur = () => this.focus(false);
  }

  /** Where the keyboard is, to be shown; null while it is not used. */
  get cursor() {
    return this.focused && !this.pad.locked ? this.index : null;
  }

  // The pointer

  /** @param {PointerEvent} event */
  at({ clientX, clientY }) {
    const box = this.svg.getBoundingClientRect();
    return locate(this.plot.frame, clientX - box.left, clientY - box.top);
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0 || this.pointer !== null || this.pad.locked) return;
    this.pointer = event.pointerId;
    this.svg.setPointerCapture(event.pointerId);
    this.focused = this.lifting = false;
    this.pad.history.begin();
    this.pad.say("");
    const here = this.at(event);
    this.draw(here, here);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId !== this.pointer || !this.last) return;
    // Between two frames the pointer may have been in many places; all of them are the line.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.draw(this.last, this.at(each));
  }

  /**
   * @param {import("./samples.js").Position} from
   * @param {import("./samples.js").Position} to
   */
  draw(from, to) {
    const { history } = this.pad;
    history.now = stroked(history.now, from, to);
    this.last = to;
    this.index = nearest(to.x);
    this.pad.show();
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = this.last = null;
    this.pad.commit();
  }

  // The keyboard

  /** @param {boolean} focused */
  focus(focused) {
    this.focused = focused;
    this.lifting = false;
    if (focused && !this.pad.locked) this.announce();
    if (!focused) this.pad.flush();
    this.pad.show();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.pad.locked) return;
    const move = MOVES[event.key];
    const fine = event.shiftKey;
    if (move && move[1]) this.lift(move[1] * (fine ? LIFTS.fine : LIFTS.coarse), fine ? 1 : STRIDE);
    else if (move) this.go(this.index + move[0] * (fine ? 1 : STRIDE));
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(COUNT - 1);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove();
    else return;
    event.preventDefault();
    this.focused = true;
    this.pad.show();
  }

  /** @param {number} index */
  go(index) {
    this.index = nearest(index);
    this.lifting = false;
    this.announce();
  }

  /**
   * Raise or lower the curve here.
   *
   * @param {number} share of the axis
   * @param {number} reach
   */
  lift(share, reach) {
    const { low, high } = this.plot.frame;
    const { history } = this.pad;
    if (!this.lifting) history.begin();
    this.lifting = true;
    const now = filled(history.now)?.[this.index] ?? (low + high) / 2;
    const value = clip(now + share * (high - low), low, high);
    history.now = moved(history.now, this.index, value, reach);
    this.announce();
    this.pad.commitSoon();
  }

  /** Leave it to be interpolated here. */
  remove() {
    const { history } = this.pad;
    if (history.now[this.index] === null) return;
    history.begin();
    this.lifting = false;
    history.now = moved(history.now, this.index, null, 1);
    this.pad.say(removed());
    this.pad.commitSoon();
  }

  announce() {
    const { epochs } = this.plot.frame;
    const values = filled(this.pad.history.now);
    this.pad.say(position(epochAt(this.index, epochs), values ? values[this.index] : null));
  }
}
