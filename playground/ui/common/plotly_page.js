// What all charts of ours share: plotly.js, once per page, and the page's own colours.

/** Resolves to Plotly; rejects if it cannot be loaded, and then a later call tries again. */
function loadPlotly() {
  window.plotlyLoading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.createElement("script");
    script.src = "/vendor/plotly.min.js";
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window.plotlyLoading = undefined;
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return window.plotlyLoading;
}

/** The page's colours for text, grid, lines and background, and its font. */
function pageTheme(element) {
  const css = getComputedStyle(element);
  const [color, family, grid, line, background] = [
    "text-color", "font", "border-color-light", "border-color", "background-color",
  ].map((name) => css.getPropertyValue(`--st-${name}`).trim()); // prettier-ignore
  return { color, family, grid, line, background };
}
