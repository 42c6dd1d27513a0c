// The sketchpad (sketchpad.py): pointers and keys become strokes, and strokes a picture. Every
// change is kept in the tab and sent to Python.

import { find } from "../../common/dom.js";
import { Drawing } from "./drawing.js";
import { Input } from "./input.js";
import { Paper } from "./paper.js";
import { round, thinned } from "./strokes.js";
import { Tools } from "./tools.js";
import { cleared, filled, fillProblem, paperIsFull, redone, tooLarge, undone } from "./words.js";

/**
 * @typedef {import("./strokes.js").Stroke} Stroke
 * @typedef {import("./drawing.js").Sent} Sent
 * @typedef {object} Data what Python passes
 * @property {number} version
 * @property {Stroke[]} strokes
 * @property {number} most points of a drawing
 * @property {number} largest characters of what is sent
 * @property {string | null} guide a picture's address
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{drawing: Sent}, Data>} Component
 */

const LIVE_MS = 150;

/**
 * The pad of each element.
 *
 * @type {WeakMap<Element, Pad>}
 */
const pads = new WeakMap();

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  // Runs again at every change of data or theme: the pad that is there keeps its newer ink.
  const root = find(parentElement, ".sketchpad", HTMLElement);
  const pad = pads.get(root) ?? new Pad(root, data);
  pads.set(root, pad);
  root.dataset.ready = "";
  pad.send = (drawing) => setStateValue("drawing", drawing);
  pad.showGuide(data.guide);
  if (pad.drawing.unsent) pad.commit();
}

class Pad {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   */
  constructor(root, data) {
    this.status = find(root, ".sp-status", HTMLElement);
    this.guide = find(root, ".sp-guide", HTMLImageElement);
    /** @type {import("./strokes.js").Line | null} */
    this.line = null; // that is being drawn
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {(drawing: Sent) => void} */
    this.send = () => {};
    this.drawing = new Drawing(data);
    this.paper = new Paper(find(root, "canvas", HTMLCanvasElement));
    this.tools = new Tools(root, {
      onChoose: () => this.finish(),
      onChange: () => this.input.shapeRing(),
      onUndo: () => this.step(() => this.drawing.undo(), undone()),
      onRedo: () => this.step(() => this.drawing.redo(), redone()),
      onClear: () => this.step(() => this.drawing.clear(), cleared()),
    });
    this.input = new Input(this.paper, find(root, ".sp-ring", HTMLElement), this.tools, this);
    this.repaint();
  }

  /**
   * A picture to draw along, under the paper's ink and no part of it.
   *
   * @param {string | null} url
   */
  showGuide(url) {
    this.guide.hidden = !url;
    if (url && this.guide.src !== url) this.guide.src = url;
  }

  /** Whether the paper takes another point; says so if not. What is on it stays in any case. */
  hasRoom() {
    if (this.drawing.hasRoom(this.line)) return true;
    this.finish();
    this.say(paperIsFull(this.drawing.most));
    return false;
  }

  /** @param {import("./input.js").Point} point */
  begin({ x, y, width }) {
    const { tool } = this.tools;
    if (tool === "fill" || !this.hasRoom()) return false;
    this.say("");
    this.line = { tool, points: [x, y, width].map(round) };
    this.drawing.add(this.line);
    this.paper.begin(this.line);
    this.commitSoon();
    return true;
  }

  /** @param {import("./input.js").Point} point */
  extend({ x, y, width }) {
    if (!this.line) return;
    const [lastX, lastY] = this.line.points.slice(-3);
    // Half a unit is a 56th of a pixel of the network's picture.
    if (Math.hypot(x - lastX, y - lastY) < 0.5 || !this.hasRoom()) return;
    this.line.points.push(...[x, y, width].map(round));
    this.paper.extend(this.line);
    this.commitSoon();
  }

  finish() {
    const { line } = this;
    if (!line) return;
    this.line = null;
    line.points = thinned(line.points);
    this.paper.end(line);
    this.commit();
  }

  /** @param {import("./input.js").Position} position */
  fill({ x, y }) {
    if (!this.hasRoom()) return;
    const { grey } = this.tools;
    const problem = this.paper.fill(x, y, grey);
    this.say(problem ? fillProblem(problem) : filled());
    if (problem) return;
    this.drawing.add({ tool: "fill", x: round(x), y: round(y), grey });
    this.commit();
  }

  /**
   * Undo, redo or clear.
   *
   * @param {() => boolean} change
   * @param {string} done
   */
  step(change, done) {
    this.finish();
    if (!change()) return;
    this.repaint();
    this.say(done);
    this.commit();
  }

  repaint() {
    this.paper.repaint(this.drawing.visible);
    this.mark();
  }

  mark() {
    const { drawing } = this;
    this.tools.mark({
      undo: drawing.strokes.length > 0,
      redo: drawing.undone.length > 0,
      clear: drawing.visible.length > 0,
    });
  }

  /** @param {string} words */
  say(words) {
    this.status.textContent = words; // the same words, too, are read again
  }

  commitSoon() {
    this.timer ??= setTimeout(() => this.commit(), LIVE_MS);
  }

  commit() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.drawing.commit();
    this.mark();
    // On another page by now: the pad that comes next finds the newer version and sends it.
    if (!this.paper.canvas.isConnected) return;
    const sent = this.drawing.toSend(this.paper.png());
    if (sent) this.send(sent);
    else this.say(tooLarge(this.drawing.most, this.drawing.largest));
  }
}
