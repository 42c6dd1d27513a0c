// The chart: axes, the drawn curve and the real one, as SVG.

import { lastPoint, spread } from "../../common/ends.js";
import { filled, pieces } from "./samples.js";
import { epochAt, epochTicks, path, pixel, valueTicks } from "./scale.js";
import { begin, drawn, epoch, real } from "./words.js";

/**
 * @typedef {import("./samples.js").Samples} Samples
 * @typedef {import("./scale.js").Frame} Frame
 * @typedef {{epoch: number, value: number}} Point of the real curve
 * @typedef {object} Shown
 * @property {Samples} samples
 * @property {Point[]} points of the real curve
 * @property {number | null} cursor where the keyboard is; null while it is not used
 * @property {boolean} locked
 * @property {string} [drawnName] what the drawn curve is called
 * @property {string} [realName] what the real one is called
 */

const SVG = "http://www.w3.org/2000/svg";
const LINE = 18; // how high a line of text is, at the usual size
const ROOM = { left: 44, top: 12, right: 64, bottom: 44 };
const EPOCH_ROOM = 36; // of a number at the axis

export class Plot {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    /** @type {Frame} */
    this.frame = { left: 0, top: 0, width: 1, height: 1, epochs: 1, low: 0, high: 1 };
    this.layer = Object.fromEntries(
      ["axes", "guess", "real", "names", "cursor"].map((name) => {
        const made = element("g", { class: `curve-${name}` });
        this.svg.append(made);
        return [name, made];
      }),
    );
  }

  /**
   * @param {{epochs: number, low: number, high: number}} axes
   * @param {number} times as large as usual the text is
   */
  resize({ epochs, low, high }, times) {
    const { clientWidth, clientHeight } = this.svg;
    const { left, top, right, bottom } = ROOM;
    this.times = times;
    this.frame = {
      ...{ left: left * times, top: top * times, epochs, low, high },
      width: Math.max(clientWidth - (left + right) * times, 1),
      height: Math.max(clientHeight - (top + bottom) * times, 1),
    };
    this.svg.setAttribute("viewBox", `0 0 ${clientWidth || 1} ${clientHeight || 1}`);
    this.axes();
  }

  axes() {
    const { frame } = this;
    const { left, top, width, height, epochs, low, high } = frame;
    const times = this.times ?? 1;
    const made = valueTicks(low, high).flatMap((value) => {
      const [, y] = pixel(frame, 0, value);
      return [
        element("line", { x1: left, x2: left + width, y1: y, y2: y }),
        text(String(value), { x: left - 8, y, "text-anchor": "end", dy: "0.35em" }),
      ];
    });
    const ticks = epochTicks(epochs, Math.max(Math.floor(width / (EPOCH_ROOM * times)), 1));
    for (const at of ticks) {
      const [x] = pixel(frame, at, low);
      made.push(
        element("line", { x1: x, x2: x, y1: top, y2: top + height }),
        text(String(at), { x, y: top + height + LINE * times, "text-anchor": "middle" }),
      );
    }
    const middle = { x: left + width / 2, "text-anchor": "middle" };
    made.push(text(epoch(), { ...middle, y: top + height + 2 * LINE * times }));
    this.layer.axes.replaceChildren(...made);
  }

  /** @param {Shown} shown */
  render({ samples, points, cursor, locked, drawnName = drawn(), realName = real() }) {
    const { frame } = this;
    const values = filled(samples);
    this.guess(samples, values, locked);
    const positions = points.map((point) => pixel(frame, point.epoch, point.value));
    this.layer.real.replaceChildren(
      element("path", { d: path(positions) }),
      ...positions.map(([cx, cy]) => element("circle", { cx, cy, r: 4 })),
    );
    this.names(values, positions, drawnName, realName);
    this.cursor(cursor, values);
  }

  /**
   * @param {Samples} samples
   * @param {number[] | null} values
   * @param {boolean} locked
   */
  guess(samples, values, locked) {
    const { frame } = this;
    const { left, top, width, height, epochs } = frame;
    const at = (/** @type {number} */ i, /** @type {number} */ value) =>
      pixel(frame, epochAt(i, epochs), value);
    const made = [];
    if (values)
      made.push(element("path", { class: "open", d: path(values.map((v, i) => at(i, v))) }));
    for (const piece of pieces(samples)) {
      const line = piece.map(([i, value]) => at(i, value));
      if (line.length > 1) made.push(element("path", { d: path(line) }));
      else made.push(element("circle", { cx: line[0][0], cy: line[0][1], r: 5 }));
    }
    if (!values && !locked) {
      const middle = { x: left + width / 2, y: top + height / 2, "text-anchor": "middle" };
      made.push(text(begin(), { ...middle, class: "curve-hint" }));
    }
    this.layer.guess.replaceChildren(...made);
  }

  /**
   * The curves' names where they end.
   *
   * @param {number[] | null} values
   * @param {[x: number, y: number][]} positions of the real curve
   * @param {string} drawnName
   * @param {string} realName
   */
  names(values, positions, drawnName, realName) {
    const { frame } = this;
    const { top, height } = frame;
    const ends = [];
    if (values) {
      const [x, y] = pixel(frame, frame.epochs, values[values.length - 1]);
      ends.push({ name: drawnName, kind: "guess", x, y });
    }
    const last = lastPoint({ x: positions.map(([x]) => x), y: positions.map(([, y]) => y) });
    if (last) ends.push({ name: realName, kind: "real", x: last[0], y: last[1] });
    const line = LINE * (this.times ?? 1);
    // Names that do not stand above each other need not make room.
    const apart = ends.length === 2 && Math.abs(ends[0].x - ends[1].x) > ROOM.right;
    const heights = apart
      ? ends.map(({ y }) => y)
      : spread(
          ends.map(({ y }) => y),
          top,
          top + height,
          line,
        );
    this.layer.names.replaceChildren(
      ...ends.map(({ name, kind, x }, i) =>
        text(name, { x: x + 12, y: heights[i], dy: "0.35em", class: `curve-name-${kind}` }),
      ),
    );
  }

  /**
   * @param {number | null} index
   * @param {number[] | null} values
   */
  cursor(index, values) {
    if (index === null) {
      this.layer.cursor.replaceChildren();
      return;
    }
    const { frame } = this;
    const { top, height, epochs, low, high } = frame;
    const value = values ? values[index] : (low + high) / 2;
    const [x, y] = pixel(frame, epochAt(index, epochs), value);
    this.layer.cursor.replaceChildren(
      element("line", { x1: x, x2: x, y1: top, y2: top + height }),
      element("circle", { cx: x, cy: y, r: 9 }),
    );
  }
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/**
 * @param {string} words
 * @param {Record<string, string | number>} attributes
 */
function text(words, attributes) {
  const made = element("text", attributes);
  made.textContent = words;
  return made;
}
