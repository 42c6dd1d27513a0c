// What all our charts share: plotly.js, once per page, and the page's own colours.

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
