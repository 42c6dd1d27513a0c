// One chart of the live board: a Plotly figure that grows in place with a run's events.

import { write } from "../common/dom.js";
import { LineEnds } from "../common/ends.js";
import { pinchable } from "../common/pinch.js";
import { enlarge, inkCells } from "../common/plotly_page.js";
import { Walk } from "../common/walk.js";
import { listenForCells, listenForEpochs } from "./press.js";
import { addValues } from "./traces.js";

/**
 * @typedef {import("../common/plotly_page.js").Plotly} Plotly
 * @typedef {Partial<import("plotly.js-dist-min").Config>} Config
 * @typedef {import("./traces.js").Figure} Figure
 * @typedef {import("./traces.js").Binding} Binding
 * @typedef {ReturnType<typeof import("../common/plotly_page.js").pageTheme>} Theme
 * @typedef {ReturnType<typeof setTimeout> | undefined} Timer
 */

/**
 * One after the other: a discarded update would leave its points undrawn.
 *
 * @type {Partial<import("plotly.js-dist-min").AnimationOpts>}
 */
const AT_ONCE = {
  mode: "afterall",
  frame: { duration: 0, redraw: false },
  transition: { duration: 0 },
};

// An animation is drawn in frames, and a page that is covered or short of time may get none, though
// it is not hidden. What has not been drawn after so long is drawn whole.
export const LATE_MS = 1000;

/**
 * The loss of every step has thousands of points: four updates a second show it as well.
 *
 * @type {Record<string, number>}
 */
export const REST_MS = { "step-loss": 250 };

/**
 * What has a size in a trace.
 *
 * @param {any} trace
 */
const sizes = ({ line, marker, textfont }) => ({ line, marker, textfont });

/** A figure, and how much of it is drawn. */
export class Chart {
  /**
   * @param {string} name
   * @param {Figure} figure its own: it grows
   * @param {HTMLElement} element
   */
  constructor(name, figure, element) {
    this.name = name;
    this.figure = figure;
    this.element = element;
    /** Its sizes as they were given. */
    this.given = structuredClone({ layout: figure.layout, data: figure.data.map(sizes) });
    this.rest = REST_MS[name] ?? 0;
    this.drawnAt = -this.rest; // milliseconds
    this.drawn = false;
    this.dirty = true; // something has changed since it was drawn,
    this.whole = false; // and more than lines that have grown
    /** @type {Set<number>} */
    this.touched = new Set(); // the traces that have grown
    this.unseen = false; // what was drawn has not come to the screen
    /** @type {LineEnds | undefined} */
    this.ends = undefined; // the names at the ends of its lines
    /** @type {ResizeObserver | undefined} */
    this.resizes = undefined;
    /** @type {import("./press.js").OnPress | undefined} */
    this.onPress = undefined; // a cell of a matrix was pressed
    /** @type {((epoch: number) => void) | undefined} */
    this.onEpoch = undefined; // a point of a curve was pressed
    /** @type {import("../common/walk.js").Options | undefined} */
    this.walking = undefined; // how it is walked from the keyboard
    /** @type {Walk | undefined} */
    this.walk = undefined;
    /** @type {import("./cells.js").Cells | undefined} */
    this.cells = undefined; // a matrix as a table
    this.onResize = () => {}; // its element has another size, or its first one
    /** @type {Promise<unknown> | undefined} */
    this.newest = undefined; // the animation
    /** @type {Timer} */
    this.later = undefined;
    /** @type {Timer} */
    this.late = undefined;
  }

  /**
   * Take an event's values; draw() shows them.
   *
   * @param {Binding} binding
   * @param {Record<string, any>} data
   */
  apply(binding, data) {
    if (addValues(this.figure, binding, data)) this.whole = true;
    this.touched.add(binding.trace);
    this.dirty = true;
  }

  /** Have it drawn whole next. */
  change() {
    this.dirty = this.whole = true;
  }

  /** Whether it is not on the page yet, though there is a place for it. */
  get missing() {
    return !this.drawn && !this.element.parentElement?.hidden;
  }

  /**
   * @param {Plotly} plotly
   * @param {Config} config
   */
  draw(plotly, config) {
    if (!this.dirty || this.element.parentElement?.hidden) return;
    const now = performance.now();
    const wait = this.drawnAt + this.rest - now;
    if (wait > 0) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.draw(plotly, config), wait);
      return;
    }
    this.drawnAt = now;
    if (!this.drawn) {
      const { data, layout } = /** @type {any} */ (this.figure);
      this.fit();
      plotly.newPlot(this.element, data, layout, config);
      pinchable(plotly, this.element);
      if (this.figure.data.some(({ meta }) => meta?.end)) this.ends = new LineEnds(this.element);
      if (this.onPress) listenForCells(this.element, this.onPress);
      if (this.onEpoch) listenForEpochs(this.element, this.onEpoch);
      if (this.walking) this.walk = new Walk(this.element, this.walking);
      this.cells?.draw();
      this.resizes = new ResizeObserver(() => {
        this.onResize();
        this.resize(plotly);
      });
      this.resizes.observe(this.element);
    } else if (this.whole || this.unseen || document.hidden) {
      this.fit();
      plotly.redraw(this.element); // the same element, its zoom and its hover label
    } else {
      this.grow(plotly, config);
    }
    Object.assign(this, { drawn: true, dirty: false, whole: false, touched: new Set() });
  }

  /**
   * Draw only the lines that grew, at a third of the cost; it needs the frames of a seen page.
   *
   * @param {Plotly} plotly
   * @param {Config} config
   */
  grow(plotly, config) {
    const traces = [...this.touched];
    const data = traces.map((i) => ({ x: this.figure.data[i].x, y: this.figure.data[i].y }));
    const update = plotly.animate(this.element, /** @type {any} */ ({ data, traces }), AT_ONCE);
    this.newest = update;
    this.ends?.follow();
    this.walk?.follow();
    this.late ??= setTimeout(() => {
      Object.assign(this, { late: undefined, unseen: true, dirty: true });
      this.draw(plotly, config);
    }, LATE_MS);
    update.then(() => {
      if (this.newest !== update) return;
      clearTimeout(this.late);
      Object.assign(this, { late: undefined, unseen: false });
    });
  }

  /** Take the size of its element: without it, a chart would be drawn a second time for it. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width) Object.assign(this.figure.layout, { width, height });
  }

  /** @param {Plotly} plotly */
  resize(plotly) {
    const { width, height } = /** @type {any} */ (this.element)._fullLayout ?? {};
    const { clientWidth, clientHeight } = this.element;
    if (!clientWidth || (width === clientWidth && height === clientHeight)) return;
    plotly.relayout(this.element, { width: clientWidth, height: clientHeight });
  }

  /** Its run has ended: so does its axis, and its lines are drawn to their last points. */
  end() {
    const { xaxis } = this.figure.layout;
    if (xaxis.autorangeoptions) xaxis.autorangeoptions = { include: [0] };
    this.rest = 0;
    this.change();
  }

  /** @param {Theme} theme the page's own colours for text, lines and labels */
  takeTheme({ color, family, grid, line, background, times = 1 }) {
    const { data, layout } = this.figure;
    inkCells(data, color);
    enlarge({ ...layout, width: undefined }, { ...this.given.layout, width: undefined }, times);
    this.given.data.forEach((given, i) => enlarge(data[i], given, times));
    Object.assign(layout.font, { color, family });
    for (const axis of [layout.xaxis, layout.yaxis]) {
      Object.assign(axis, { gridcolor: grid, linecolor: line });
    }
    layout.hoverlabel = { bgcolor: background, bordercolor: line, font: { color, family } };
    // A line's label does not hide what lies behind it.
    const veil = /^#[0-9a-f]{6}$/i.test(background) ? `${background}b0` : background;
    for (const note of layout.annotations ?? []) note.bgcolor = veil;
    layout.modebar = { bgcolor: "transparent", color: line, activecolor: color };
    this.change();
  }

  /** @param {string} text what it shows, which a screen reader reads, too */
  caption(text) {
    if (this.element.getAttribute("aria-label") === text) return;
    this.element.setAttribute("aria-label", text);
    const caption = this.element.parentElement?.querySelector("figcaption");
    if (caption) write(caption, text);
    this.walk?.refresh();
    this.cells?.write(this.figure.data[0].z);
  }

  /** @param {Plotly | undefined} plotly */
  destroy(plotly) {
    [this.later, this.late].forEach(clearTimeout);
    this.resizes?.disconnect();
    if (this.drawn) plotly?.purge(this.element);
  }
}
