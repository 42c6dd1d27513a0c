// A small curve in a cell of the table of runs.

import { curve } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 96;
const HEIGHT = 24;
const PAD = 3;

/**
 * @param {number[]} accuracies one for each finished epoch
 * @param {number} epochs of the whole run, as wide as the curve becomes
 * @returns {[x: number, y: number][]} in a box of 96 × 24; the least is at the bottom
 */
export function points(accuracies, epochs) {
  const low = Math.min(...accuracies);
  const span = Math.max(...accuracies) - low;
  const last = Math.max(epochs, accuracies.length, 2) - 1;
  return accuracies.map((accuracy, i) => [
    Math.round(PAD + (i / last) * (WIDTH - 2 * PAD)),
    Math.round(HEIGHT - PAD - (span ? (accuracy - low) / span : 0.5) * (HEIGHT - 2 * PAD)),
  ]);
}

/**
 * @param {Element} cell
 * @param {number[]} accuracies
 * @param {number} epochs
 */
export function sparkline(cell, accuracies, epochs) {
  const make = (
    /** @type {string} */ name,
    /** @type {Record<string, string | number>} */ given,
  ) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(given)) element.setAttribute(key, String(value));
    return element;
  };
  const image = make("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    role: "img",
    "aria-label": curve(accuracies),
  });
  const found = points(accuracies, epochs);
  image.append(make("polyline", { points: found.join(" ") }));
  const end = found.at(-1);
  if (end) image.append(make("circle", { cx: end[0], cy: end[1], r: 2.5 }));
  cell.replaceChildren(image);
}
