// The names of lines at their ends, in place of a legend: elements over a chart, which cost it no
// drawing. A screen reader reads the chart's own name.

import { pageTheme } from "./plotly_page.js";

/**
 * @typedef {import("plotly.js-dist-min").PlotlyHTMLElement} PlotlyHTMLElement
 * @typedef {{_offset: number, _length: number, d2p: (value: any) => number}} Axis
 * @typedef {{data: any[], _fullLayout: {xaxis: Axis, yaxis: Axis, width: number,
 *   showlegend: boolean}}} Drawn
 */

const LINE_HEIGHT = 18; // pixels
const GAP = 8;

/** @type {Record<string, string>} */
const STYLES = { solid: "solid", dot: "dotted" };

/**
 * Heights as close as can be to those that are wanted, none closer to the next than a line is high.
 *
 * @param {number[]} wanted in pixels, in any order
 * @param {number} low
 * @param {number} high the greatest, unless there are too many
 * @param {number} line how high a line is
 * @returns {number[]} in the same order
 */
export function spread(wanted, low, high, line) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  /** @type {number[]} */
  const found = [];
  let least = low;
  for (const i of order) least = (found[i] = Math.max(wanted[i], least)) + line;
  let most = high;
  for (const i of order.toReversed()) most = (found[i] = Math.min(found[i], most)) - line;
  const over = low - Math.min(...found);
  return over > 0 ? found.map((height) => height + over) : found;
}

/**
 * The last point of a trace that has a position.
 *
 * @param {{x?: (number | null)[], y?: (number | null)[]}} trace
 */
export function lastPoint({ x = [], y = [] }) {
  for (let i = x.length - 1; i >= 0; i--) {
    const [across, up] = [x[i], y[i]];
    if (across !== null && up !== null && Number.isFinite(up)) return [across, up];
  }
  return null;
}

export class LineEnds {
  /** @param {HTMLElement} chart in which Plotly has drawn; its parent is positioned */
  constructor(chart) {
    this.chart = chart;
    this.times = 1; // as large as usual
    this.layer = document.createElement("div");
    this.layer.className = "line-ends";
    this.layer.ariaHidden = "true";
    chart.after(this.layer);
    /** @type {PlotlyHTMLElement} */ (chart).on("plotly_afterplot", () => this.draw());
    this.draw();
  }

  /** Put each name where its line ends, in a chart that was drawn whole. */
  draw() {
    this.times = pageTheme(this.chart).times;
    const { offsetLeft, offsetTop } = this.chart;
    Object.assign(this.layer.style, { left: `${offsetLeft}px`, top: `${offsetTop}px` });
    this.follow();
  }

  /** Put each name where its line ends, when only lines have grown: nothing is measured. */
  follow() {
    const { data, _fullLayout: layout } = /** @type {Drawn} */ (
      /** @type {unknown} */ (this.chart)
    );
    if (!layout?.xaxis) return;
    const { xaxis, yaxis, width, showlegend } = layout;
    const [line, gap] = [LINE_HEIGHT * this.times, GAP * this.times];
    const ends = data.flatMap((trace) => {
      const wanted = !showlegend && trace.meta?.end && trace.visible !== false;
      const point = wanted ? lastPoint(trace) : null;
      if (!point) return [];
      const [x, y] = [xaxis.d2p(point[0]), yaxis.d2p(point[1])];
      const seen = x >= 0 && x <= xaxis._length + 1 && y >= 0 && y <= yaxis._length + 1;
      return seen ? [{ trace, x: xaxis._offset + x + gap, y: yaxis._offset + y }] : [];
    });
    const top = yaxis._offset;
    const heights = spread(
      ends.map(({ y }) => y),
      top,
      top + yaxis._length,
      line,
    );
    while (this.layer.children.length > ends.length) this.layer.lastElementChild?.remove();
    ends.forEach(({ trace, x }, i) => {
      const name = this.layer.children[i] ?? this.layer.appendChild(emptyName());
      const transform = `translate(${x.toFixed(1)}px, ${(heights[i] - line / 2).toFixed(1)}px)`;
      writeName(/** @type {HTMLElement} */ (name), trace, transform, Math.floor(width - x - 2));
    });
  }
}

/**
 * How a sample of a trace looks: a line, or a ring or a dot where only marks are drawn.
 *
 * @param {any} trace
 * @returns {{borderTop?: string, border?: string, background?: string, mark: boolean}}
 */
export function sampleOf({ mode, line, marker }) {
  if (mode !== "markers") {
    const dash = STYLES[line.dash ?? "solid"] ?? "dashed";
    return { borderTop: `3px ${dash} ${line.color}`, mark: false };
  }
  const { color, symbol = "" } = marker;
  const background = symbol.endsWith("-open") ? "transparent" : color;
  return { border: `2px solid ${color}`, background, mark: true };
}

/** A sample of the line, and its name. */
function emptyName() {
  const made = document.createElement("span");
  made.append(document.createElement("i"), document.createTextNode(""));
  return made;
}

/**
 * Write what has changed: this is called for each event of a run.
 *
 * @param {HTMLElement} element
 * @param {any} trace
 * @param {string} transform a transformation, which needs no layout
 * @param {number} most how wide it may be, in pixels
 */
function writeName(element, trace, transform, most) {
  const { style } = element;
  if (style.transform !== transform) style.transform = transform;
  if (style.maxWidth !== `${most}px`) style.maxWidth = `${most}px`;
  const [sample, text] = element.childNodes;
  const { mark, ...look } = sampleOf(trace);
  const said = JSON.stringify(look);
  if (element.dataset.sample !== said) {
    element.dataset.sample = said;
    const shown = /** @type {HTMLElement} */ (sample);
    shown.removeAttribute("style");
    shown.toggleAttribute("data-mark", mark);
    Object.assign(shown.style, look);
  }
  if (text.textContent !== trace.name) {
    text.textContent = trace.name;
    element.title = trace.name;
  }
}
