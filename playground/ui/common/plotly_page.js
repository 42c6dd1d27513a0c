// What all our charts share: plotly.js, once per page, its words and the page's own colours.

import { t } from "./translate.js";

/** @typedef {typeof import("plotly.js-dist-min")} Plotly */

const USUAL = 16; // pixels, the text of a page

/** @type {Promise<Plotly> | undefined} */
let loading;

/** Resolves to Plotly; rejects if it cannot be loaded, and then a later call tries again. */
export function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    // Beside our modules, so that its address, too, has their version (assets.py).
    script.src = new URL("../vendor/plotly.min.js", import.meta.url).href;
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      loading = undefined;
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return loading;
}

/**
 * What plotly.js itself says, in the visitor's language: a part of its configuration.
 *
 * @returns {Partial<import("plotly.js-dist-min").Config>}
 */
export function plotlyWords() {
  const dictionary = {
    "Download plot as a PNG": t("Download plot as a PNG"),
    "Double-click to zoom back out": t("Double-click to zoom back out"),
    "Double-click on legend to isolate one trace": t("Double-click on legend to isolate one trace"),
  };
  return { locale: "visitor", locales: { visitor: { dictionary } } };
}

/**
 * The page's colours for text, grid, lines and background, its font, and how many times as large
 * as usual its text is.
 *
 * @param {Element} element
 */
export function pageTheme(element) {
  const css = getComputedStyle(element);
  const value = (/** @type {string} */ name) => css.getPropertyValue(`--st-${name}`).trim();
  return {
    color: value("text-color"),
    family: value("font"),
    grid: value("border-color-light"),
    line: value("border-color"),
    background: value("background-color"),
    times: parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL,
  };
}

/**
 * Write the numbers in a matrix of tints in the page's own colour: on a colour that is half
 * transparent, plotly.js would choose one for a page that is white.
 *
 * @param {any[]} traces
 * @param {string} color
 */
export function inkCells(traces, color) {
  for (const trace of traces) {
    const tints = Array.isArray(trace.colorscale) && trace.colorscale[0][1].startsWith("rgba");
    if (trace.type === "heatmap" && tints) trace.textfont = { ...trace.textfont, color };
  }
}

const SIZES = ["size", "width", "standoff", "l", "r", "t", "b"];
const PARTS = [
  "font",
  "title",
  "xaxis",
  "yaxis",
  "margin",
  "pad",
  "line",
  "marker",
  "textfont",
  "annotations",
];

/**
 * Make text, lines and margins of a figure as many times as large as they were given.
 *
 * @param {any} part of the figure, which changes
 * @param {any} given the same part as it was
 * @param {number} times
 */
export function enlarge(part, given, times) {
  for (const name of SIZES) if (typeof given[name] === "number") part[name] = given[name] * times;
  for (const name of PARTS) {
    if (Array.isArray(given[name])) {
      given[name].forEach((/** @type {any} */ one, /** @type {number} */ i) =>
        enlarge(part[name][i], one, times),
      );
    } else if (given[name] && part[name]) enlarge(part[name], given[name], times);
  }
}
