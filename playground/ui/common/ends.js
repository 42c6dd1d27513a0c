// The names of lines at their ends, in place of a legend: elements over a chart, which cost it no
// drawing. A screen reader reads the chart's own name.

import { pageTheme } from "./plotly_page.js";

/**
 * @typedef {import("plotly.js-dist-min").PlotlyHTMLElement} PlotlyHTMLElement
 * @typedef {{_offset: number, _length: number, l2p: (value: number) => number}} Axis
 * @typedef {{data: any[], _fullLayout: {xaxis: Axis, yaxis: Axis, width: number}}} Drawn
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
 * The last point of a trace that has a place.
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
    this.layer = document.createElement("div");
    this.layer.className = "line-ends";
    this.layer.ariaHidden = "true";
    chart.after(this.layer);
    /** @type {PlotlyHTMLElement} */ (chart).on("plotly_afterplot", () => this.place());
    this.place();
  }

  /** Put each name where its line ends now. */
  place() {
    const { data, _fullLayout: layout } = /** @type {Drawn} */ (
      /** @type {unknown} */ (this.chart)
    );
    if (!layout?.xaxis) return;
    const { xaxis, yaxis, width } = layout;
    const { times } = pageTheme(this.chart);
    const [line, gap] = [LINE_HEIGHT * times, GAP * times];
    const ends = data.flatMap((trace) => {
      const point = trace.meta?.end && trace.visible !== false ? lastPoint(trace) : null;
      if (!point) return [];
      const [x, y] = [xaxis.l2p(point[0]), yaxis.l2p(point[1])];
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
    const names = ends.map(({ trace, x }, i) => this.name(trace, x, heights[i] - line / 2, width));
    const { offsetLeft, offsetTop } = this.chart;
    Object.assign(this.layer.style, { left: `${offsetLeft}px`, top: `${offsetTop}px` });
    this.layer.replaceChildren(...names);
  }

  /**
   * @param {any} trace
   * @param {number} x
   * @param {number} top
   * @param {number} width of the chart
   */
  name(trace, x, top, width) {
    const made = document.createElement("span");
    const sample = document.createElement("i");
    const style = STYLES[trace.line.dash ?? "solid"] ?? "dashed";
    sample.style.borderTop = `3px ${style} ${trace.line.color}`;
    made.append(sample, trace.name);
    made.title = trace.name;
    Object.assign(made.style, { left: `${x}px`, top: `${top}px`, maxWidth: `${width - x - 2}px` });
    return made;
  }
}
