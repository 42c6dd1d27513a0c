// A press on a cell of a chart that is a matrix.

/** @typedef {(row: number, column: number) => void} OnPress */

/**
 * @param {HTMLElement} element in which Plotly has drawn a heat map
 * @param {OnPress} onPress
 */
export function listenForCells(element, onPress) {
  const drawn = /** @type {import("plotly.js-dist-min").PlotlyHTMLElement} */ (element);
  drawn.on("plotly_click", ({ points: [cell] }) => {
    const index = /** @type {unknown} */ (cell?.pointIndex);
    if (Array.isArray(index)) onPress(index[0], index[1]);
  });
}
