// Two fingers zoom a chart's x axis and move it, two taps show all again. One finger scrolls the page:
// the browser keeps that to itself (`touch-action` in touch.css), and what is left comes as pointers.

/**
 * @typedef {import("./plotly_page.js").Plotly} Plotly
 * @typedef {{x: number, y: number}} Position in pixels of the page
 * @typedef {[low: number, high: number]} Range in the axis' own numbers
 * @typedef {{range: Range, autorange: boolean}} Home what is shown when nothing is zoomed
 * @typedef {{_offset: number, _length: number, range: Range, autorange?: boolean}} Axis
 */

const CLOSEST = 100; // so many times as close as all of it
const TAP_MS = 350; // from one tap to the next
const TAP_PX = 30;

/**
 * The range that keeps what was between two fingers between them.
 *
 * @param {Range} range when they came
 * @param {[Position, Position]} from where they were then, with x from the axis' left end
 * @param {[Position, Position]} to where they are
 * @param {number} length of the axis in pixels
 * @param {Range} all beyond which nothing is shown
 * @returns {Range}
 */
export function pinched(range, from, to, length, all) {
  const apart = ([a, b] = from) => Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1);
  const middle = ([a, b] = from) => (a.x + b.x) / 2 / length;
  const most = all[1] - all[0];
  const wanted = ((range[1] - range[0]) * apart(from)) / apart(to);
  const span = Math.min(Math.max(wanted, most / CLOSEST), most);
  const value = range[0] + middle(from) * (range[1] - range[0]);
  const low = Math.min(Math.max(value - middle(to) * span, all[0]), all[1] - span);
  return [low, low + span];
}

/**
 * Whether two taps are one double tap.
 *
 * @param {Position & {at: number}} one
 * @param {Position & {at: number}} other
 */
export const isDouble = (one, other) =>
  other.at - one.at < TAP_MS && Math.hypot(one.x - other.x, one.y - other.y) < TAP_PX;

/**
 * Whether a figure has lines over one axis of numbers.
 *
 * @param {{type?: string}[]} traces
 * @param {{xaxis?: {type?: string}, xaxis2?: object}} layout as Plotly has filled it in
 */
export const hasLines = (traces, { xaxis, xaxis2 }) =>
  ["linear", "log"].includes(xaxis?.type ?? "") &&
  !xaxis2 &&
  traces.every(({ type = "scatter" }) => type === "scatter");

/**
 * Have fingers zoom a chart of lines, once; nothing where a mouse points.
 *
 * @param {Plotly} plotly
 * @param {HTMLElement} element in which Plotly has drawn
 */
export function pinchable(plotly, element) {
  if (!globalThis.matchMedia?.("(pointer: coarse)").matches || "pinch" in element.dataset) return;
  const { data, _fullLayout: layout } = /** @type {any} */ (element);
  if (!layout || !hasLines(data, layout)) return;
  const pinch = new Pinch(plotly, element);
  element.dataset.pinch = "";
  // Plotly has its own for some, and ends them there.
  const options = { capture: true, passive: true };
  element.addEventListener("pointerdown", (event) => pinch.down(event), options);
  element.addEventListener("pointermove", (event) => pinch.move(event), options);
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
    element.addEventListener(name, (event) => pinch.up(event), options);
  }
}

class Pinch {
  /**
   * @param {Plotly} plotly
   * @param {HTMLElement} element
   */
  constructor(plotly, element) {
    this.plotly = plotly;
    this.element = element;
    /** @type {Map<number, Position>} */
    this.fingers = new Map();
    /** @type {{range: Range, from: [Position, Position]} | undefined} */
    this.began = undefined;
    /** @type {Home | undefined} */
    this.home = undefined; // while it is zoomed,
    /** @type {Range | undefined} */
    this.zoomed = undefined; // to this
    this.tap = { x: 0, y: 0, at: -Infinity };
    this.frame = 0;
  }

  /** @returns {Axis} */
  get axis() {
    return /** @type {any} */ (this.element)._fullLayout.xaxis;
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.pointerType !== "touch") return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.fingers.size !== 2) return;
    const { range, autorange } = this.axis;
    // Somebody else may have changed it since.
    if (!this.home || range.join() !== this.zoomed?.join()) {
      this.home = { range: [...range], autorange: Boolean(autorange) };
    }
    this.began = { range: [...range], from: this.positions() };
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.fingers.has(event.pointerId)) return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (!this.began || this.frame) return;
    this.frame = requestAnimationFrame(() => this.show());
  }

  /** @param {PointerEvent} event */
  up(event) {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    if (this.frame) {
      // A page that is short of time had no frame for the last movements.
      cancelAnimationFrame(this.frame);
      this.show();
    }
    const alone = this.fingers.size === 1 && !this.began;
    this.fingers.delete(event.pointerId);
    if (!this.fingers.size) this.began = undefined;
    if (!alone || event.type === "pointercancel") return;
    const tap = { ...finger, at: event.timeStamp };
    if (this.home && isDouble(this.tap, tap)) this.reset();
    this.tap = tap;
  }

  /** The two fingers, with x from the axis' left end. */
  positions() {
    const left = this.element.getBoundingClientRect().left + this.axis._offset;
    const [a, b] = [...this.fingers.values()].map(({ x, y }) => ({ x: x - left, y }));
    return /** @type {[Position, Position]} */ ([a, b]);
  }

  show() {
    this.frame = 0;
    const { began, home } = this;
    if (!began || !home || this.fingers.size !== 2) return;
    const { range, from } = began;
    const next = pinched(range, from, this.positions(), this.axis._length, home.range);
    this.zoomed = next;
    const update = /** @type {any} */ ({ "xaxis.range": next, "xaxis.autorange": false });
    void this.plotly.relayout(this.element, update);
  }

  reset() {
    const { home } = this;
    this.home = undefined;
    if (!home) return;
    const { range, autorange } = home;
    const update = autorange ? { "xaxis.autorange": true } : { "xaxis.range": range };
    void this.plotly.relayout(this.element, /** @type {any} */ (update));
  }
}
