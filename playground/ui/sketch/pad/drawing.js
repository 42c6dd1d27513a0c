// The drawing on the paper: its strokes, and those that were undone.

import { remember, remembered } from "./memory.js";
import { countPoints, thinned, visible } from "./strokes.js";

/**
 * @typedef {import("./strokes.js").Stroke} Stroke
 * @typedef {{version: number, strokes: Stroke[], png: string}} Sent what the server gets
 */

export class Drawing {
  /**
   * What this tab remembers is at least as new as what the server had when it wrote `data`, unless
   * the tab has none.
   *
   * @param {{version: number, strokes: Stroke[], most: number, largest: number}} data most: points
   *   of a drawing; largest: characters of what is sent
   */
  constructor(data) {
    const kept = remembered();
    const newest = kept !== null && kept.version >= data.version ? kept : data;
    this.unsent = kept !== null && kept.version > data.version;
    this.version = newest.version;
    this.strokes = [...newest.strokes]; // a copy: Streamlit may pass the same list again
    this.undone = "undone" in newest ? newest.undone : [];
    this.most = data.most;
    this.largest = data.largest;
  }

  get visible() {
    return visible(this.strokes);
  }

  /** @param {Stroke} stroke */
  add(stroke) {
    this.strokes.push(stroke);
    this.undone = [];
  }

  /** Take the last stroke back; false if there is none. */
  undo() {
    return move(this.strokes, this.undone);
  }

  /** Bring it back again; false if there is none. */
  redo() {
    return move(this.undone, this.strokes);
  }

  /** Empty the paper; false if there is nothing on it. */
  clear() {
    const last = this.strokes.at(-1);
    if (!last || last.tool === "clear") return false;
    this.add({ tool: "clear" });
    return true;
  }

  /**
   * Whether it takes another point; to make room, the line that is being drawn is thinned.
   *
   * @param {import("./strokes.js").Line | null} line
   */
  hasRoom(line) {
    const full = () => countPoints(this.visible) >= this.most;
    if (full() && line) line.points = thinned(line.points);
    return !full();
  }

  /**
   * What the server gets; null if it is too large: the server would end the connection, or refuse it.
   *
   * @param {string} png the picture's address
   * @returns {Sent | null}
   */
  toSend(png) {
    const sent = { version: this.version, strokes: this.visible, png };
    const fits = countPoints(sent.strokes) <= this.most;
    return fits && JSON.stringify(sent).length <= this.largest ? sent : null;
  }

  /** Count a change, and remember the drawing in this tab. */
  commit() {
    this.version += 1;
    this.unsent = false;
    const { version, strokes, undone } = this;
    remember({ version, strokes, undone });
  }
}

/**
 * @param {Stroke[]} from
 * @param {Stroke[]} to
 */
function move(from, to) {
  const stroke = from.pop();
  if (stroke) to.push(stroke);
  return stroke !== undefined;
}
