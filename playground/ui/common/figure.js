// A Plotly figure that changes in place (figure.py): an update keeps the element, the reader's zoom
// and the hover label.

import { find } from "./dom.js";
import { LineEnds } from "./ends.js";
import { pinchable } from "./pinch.js";
import { inkCells, loadPlotly, pageTheme, plotlyWords } from "./plotly_page.js";
import { t } from "./translate.js";
import { Walk } from "./walk.js";

/**
 * @typedef {{data: import("plotly.js-dist-min").Data[], layout: Record<string, any>}} Figure
 *   as Plotly's JSON; its layout has a height
 * @typedef {{figure: Figure, caption: string, leastWidth: number}} Data
 *   what Python passes; the least width is in pixels
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{}, Data>} Component
 */

const MOST_FOR_NAMES = 0.3; // of a figure's width

/** @type {Partial<import("plotly.js-dist-min").Config>} */
const CONFIG = { displaylogo: false, displayModeBar: false, responsive: true };

/**
 * The newest figure of each element.
 *
 * @type {WeakMap<Element, Figure>}
 */
const newest = new WeakMap();

/**
 * The names at the ends of an element's lines, where a figure has such.
 *
 * @type {WeakMap<Element, LineEnds>}
 */
const ends = new WeakMap();

/**
 * How each element is walked from the keyboard.
 *
 * @type {WeakMap<Element, Walk>}
 */
const walks = new WeakMap();

/**
 * The figure's layout in the page's colours; data colours are the figure's own.
 *
 * @param {Record<string, any>} given
 * @param {Element} root
 */
function themed(given, root) {
  const { color, family, grid, line, background } = pageTheme(root);
  /** @type {Record<string, any>} */
  const layout = { ...given, font: { color, family, ...given.font } };
  const axis = { gridcolor: grid, linecolor: line, zerolinecolor: line };
  for (const name of Object.keys(layout)) {
    if (/^[xy]axis/.test(name)) layout[name] = { ...axis, ...layout[name] };
  }
  layout.hoverlabel = { bgcolor: background, bordercolor: line, font: { color, family } };
  // A finger that starts on a chart scrolls the page.
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
  return layout;
}

/**
 * Where names at the ends of lines would take too much of the room, as on a phone, a legend.
 *
 * @param {Record<string, any>} layout
 * @param {number} width
 */
export function orLegend(layout, width) {
  const { margin } = layout;
  if (!(margin?.r > MOST_FOR_NAMES * width)) return layout;
  return { ...layout, showlegend: true, margin: { ...margin, r: margin.l } };
}

/** @param {Component} component */
export default function ({ data, parentElement }) {
  const root = find(parentElement, ".figure", HTMLElement);
  const { figure, caption, leastWidth } = data;
  root.style.height = `${figure.layout.height}px`; // from the start, so that the page holds still
  root.style.minWidth = `${leastWidth}px`;
  root.ariaLabel = caption;
  newest.set(root, figure);
  /** @type {import("./plotly_page.js").Plotly | undefined} */
  let plotly;
  loadPlotly().then(
    (loaded) => {
      plotly = loaded;
      // Others may have come while plotly.js was loading.
      if (newest.get(root) !== figure || !root.isConnected) return;
      const traces = structuredClone(figure.data);
      inkCells(traces, pageTheme(root).color);
      const named = figure.data.some((trace) => /** @type {any} */ (trace).meta?.end);
      const layout = named ? orLegend(figure.layout, root.clientWidth) : figure.layout;
      plotly.react(root, traces, themed(layout, root), {
        ...CONFIG,
        ...plotlyWords(),
      });
      // One that is wider than its box is moved in it.
      if (!leastWidth) pinchable(plotly, root);
      if (named && !ends.has(root)) ends.set(root, new LineEnds(root));
      if (!walks.has(root)) walks.set(root, new Walk(root));
    },
    () => (root.textContent = t("The chart could not be loaded. Please reload the page.")),
  );
  return () => {
    if (newest.get(root) === figure && !root.isConnected) plotly?.purge(root);
  };
}
