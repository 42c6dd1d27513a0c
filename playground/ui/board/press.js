// Presses on charts: on a cell of a matrix, on a point of a curve.

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

/**
 * @param {HTMLElement} element in which Plotly has drawn lines over epochs
 * @param {(epoch: number) => void} onPress the epoch may lie between two
 */
export function listenForEpochs(element, onPress) {
  const drawn = /** @type {import("plotly.js-dist-min").PlotlyHTMLElement} */ (element);
  drawn.on("plotly_click", ({ points: [point] }) => {
    if (typeof point?.x === "number") onPress(point.x);
  });
}
