// What all our charts share: plotly.js, once per page, its words and the page's own colours.

import { t } from "./translate.js";

/** @typedef {typeof import("plotly.js-dist-min")} Plotly */

/** @type {Promise<Plotly> | undefined} */
let loading;

/** Resolves to Plotly; rejects if it cannot be loaded, and then a later call tries again. */
export function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/vendor/plotly.min.js";
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
 * The page's colours for text, grid, lines and background, and its font.
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
