// Pointers and keys on the paper, and a ring where they are.

import { SIDE } from "./strokes.js";
import { toolMoved } from "./words.js";

/**
 * @typedef {{x: number, y: number}} Position in units
 * @typedef {Position & {width: number}} Point of a line
 * @typedef {object} Pad what is done to the paper
 * @property {import("./strokes.js").Line | null} line that is being drawn
 * @property {(point: Point) => boolean} begin a line; false if there is no room
 * @property {(point: Point) => void} extend the line
 * @property {() => void} finish the line
 * @property {(position: Position) => void} fill
 * @property {(words: string) => void} say
 */

/** @type {Record<string, [dx: number, dy: number]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Input {
  /**
   * @param {import("./paper.js").Paper} paper
   * @param {HTMLElement} ring
   * @param {import("./tools.js").Tools} tools
   * @param {Pad} pad
   */
  constructor(paper, ring, tools, pad) {
    this.paper = paper;
    this.ring = ring;
    this.tools = tools;
    this.pad = pad;
    /** @type {number | null} */
    this.pointer = null; // that draws, null for the keyboard
    /** @type {Position} */
    this.cursor = { x: SIDE / 2, y: SIDE / 2 }; // the keyboard's
    this.listen(paper.canvas);
    this.shapeRing();
  }

  /** @param {HTMLCanvasElement} canvas */
  listen(canvas) {
    canvas.onpointerdown = (event) => this.down(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.up(event);
    canvas.onlostpointercapture = (event) => this.up(event);
    canvas.onpointerleave = () => this.hideRing();
    canvas.oncontextmenu = (event) => event.preventDefault();
    canvas.onkeydown = (event) => this.key(event);
    canvas.onfocus = () => canvas.matches(":focus-visible") && this.showRing(this.cursor);
    canvas.onblur = () => {
      if (this.pointer === null) this.pad.finish();
      this.hideRing();
    };
  }

  // The pointer

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  point(event) {
    // A pen tells how hard it is pressed, from 0 to 1.
    const share = event.pointerType === "pen" ? 0.4 + event.pressure : 1;
    return { ...this.paper.position(event), width: this.tools.size * share };
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0 || this.pointer !== null) return;
    this.pad.finish();
    this.cursor = this.paper.position(event);
    if (this.tools.tool === "fill") {
      this.pad.fill(this.cursor);
      return;
    }
    this.pointer = event.pointerId;
    this.paper.canvas.setPointerCapture(event.pointerId);
    this.pad.begin(this.point(event));
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerType === "mouse" || event.pointerId === this.pointer) {
      this.showRing(this.paper.position(event));
    }
    if (event.pointerId !== this.pointer) return;
    // Between two frames the pointer may have been in many places; all of them are the line.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.pad.extend(this.point(each));
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    if (event.type === "pointerup") this.pad.extend(this.point(event));
    this.pad.finish();
    if (event.pointerType !== "mouse") this.hideRing();
  }

  // The keyboard

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    if (move) this.moveCursor(move, event.shiftKey ? 1 : 6);
    else if (event.key === " " || event.key === "Enter") {
      if (event.repeat) return;
      this.press();
    } else if (event.key === "Escape") this.pad.finish();
    else return;
    event.preventDefault();
    this.showRing(this.cursor);
  }

  /**
   * @param {[dx: number, dy: number]} direction
   * @param {number} units
   */
  moveCursor([dx, dy], units) {
    const clip = (/** @type {number} */ value) => Math.min(Math.max(value, 0), SIDE);
    this.cursor = { x: clip(this.cursor.x + dx * units), y: clip(this.cursor.y + dy * units) };
    this.pad.extend({ ...this.cursor, width: this.tools.size });
  }

  /** Put the pen down or up, or fill. */
  press() {
    const { tool, size } = this.tools;
    if (tool === "fill") {
      this.pad.fill(this.cursor);
    } else if (this.pad.line) {
      this.pad.finish();
      this.pad.say(toolMoved(tool, false));
    } else if (this.pad.begin({ ...this.cursor, width: size })) {
      this.pad.say(toolMoved(tool, true));
    }
  }

  // The ring

  /** As wide as the line, and square for a fill. */
  shapeRing() {
    this.ring.style.width = `${(this.tools.size / SIDE) * 100}%`;
    this.ring.dataset.tool = this.tools.tool;
  }

  /** @param {Position} position */
  showRing({ x, y }) {
    this.ring.hidden = false;
    this.ring.style.left = `${(x / SIDE) * 100}%`;
    this.ring.style.top = `${(y / SIDE) * 100}%`;
    this.ring.dataset.down = String(this.pad.line !== null);
  }

  hideRing() {
    this.ring.hidden = true;
  }
}
