// A Plotly figure that changes in place. Python passes {figure, caption, leastWidth} (figure.py); an update
// keeps the element, the reader's zoom and the hover label. plotly.js stands above it.

const CONFIG = { displaylogo: false, displayModeBar: false, responsive: true };

/** The figure's layout in the page's colours; data colours are the figure's own. */
function themed(given, root) {
  const { color, family, grid, line, background } = pageTheme(root);
  const layout = { ...given, font: { color, family, size: 12, ...given.font } };
  const axis = { gridcolor: grid, linecolor: line, zerolinecolor: line };
  for (const name of Object.keys(layout)) {
    if (/^[xy]axis/.test(name)) layout[name] = { ...axis, ...layout[name] };
  }
  layout.hoverlabel = { bgcolor: background, bordercolor: line, font: { color, family } };
  // A finger that starts on a chart scrolls the page.
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
  return layout;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".figure");
  const { figure, caption, leastWidth } = data;
  root.style.height = `${figure.layout.height}px`; // from the start, so that the page holds still
  root.style.minWidth = `${leastWidth}px`;
  root.ariaLabel = caption;
  root.newest = figure;
  loadPlotly().then(
    (Plotly) => {
      // Others may have come while plotly.js was loading.
      if (root.newest !== figure || !root.isConnected) return;
      Plotly.react(root, structuredClone(figure.data), themed(figure.layout, root), CONFIG);
    },
    () => (root.textContent = "The chart could not be loaded. Please reload the page."),
  );
  return () => {
    if (root.newest === figure && !root.isConnected) window.Plotly?.purge(root);
  };
}
