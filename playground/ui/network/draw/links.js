// The strongest connections of the chosen item: lines whose width is |w·a|; a negative one has
// another colour and is dashed.

import { incoming, outgoing, pixelParts, strongest } from "../data/portrait.js";

/**
 * @typedef {import("../data/portrait.js").Portrait} Portrait
 * @typedef {[x: number, y: number]} Point
 * @typedef {object} Link from column `layer` - 1 to column `layer`; column -1 are the pixels
 * @property {number} layer
 * @property {number} from
 * @property {number} to
 * @property {number} value w·a
 * @property {number} share of the greatest one between these two columns, -1 to 1
 * @typedef {{layer: number, index: number}} Spot a neuron that is looked at
 */

const MOST = 28; // between two columns
const MOST_OF_ONE = 12;
const PIXELS_OF_ONE = 3;

/**
 * @param {Portrait} portrait
 * @param {Uint8Array} pixels
 * @param {{scale: number, offset: number}} scaling
 * @param {Spot | null} spot if one neuron is looked at, only its connections
 * @returns {Link[]}
 */
export function links(portrait, pixels, scaling, spot) {
  /** @type {Link[]} */
  const found = [];
  portrait.columns.forEach((here, layer) => {
    /** @type {{index: number, from: number, to: number, value: number}[]} */
    let between = [];
    const into = (/** @type {number} */ to) =>
      layer
        ? incoming(portrait, layer, to).map((part) => ({ ...part, from: part.index, to }))
        : pixelLinks(here, to, pixels, scaling);
    if (!spot)
      between = strongest(
        here.shown.flatMap((_, to) => into(to)),
        MOST,
      );
    else if (spot.layer === layer) between = strongest(into(spot.index), MOST_OF_ONE);
    else if (spot.layer === layer - 1) {
      const parts = outgoing(portrait, spot.layer, spot.index);
      const sent = parts.map((part) => ({ ...part, from: spot.index, to: part.index }));
      between = strongest(sent, MOST_OF_ONE);
    }
    const greatest = Math.abs(between[0]?.value ?? 1);
    for (const { from, to, value } of between) {
      found.push({ layer, from, to, value, share: value / greatest });
    }
  });
  return found;
}

/**
 * @param {import("../data/portrait.js").Column} first
 * @param {number} to
 * @param {Uint8Array} pixels
 * @param {{scale: number, offset: number}} scaling
 */
function pixelLinks(first, to, pixels, scaling) {
  /** @type {{index: number, from: number, to: number, value: number}[]} */
  let best = [];
  pixelParts(first, to, pixels, scaling).forEach((value, index) => {
    if (best.length === PIXELS_OF_ONE && Math.abs(value) <= Math.abs(best.at(-1)?.value ?? 0)) {
      return;
    }
    best = strongest([...best, { index, from: index, to, value }], PIXELS_OF_ONE);
  });
  return best;
}

/**
 * @param {HTMLCanvasElement} canvas as large as what it lies behind
 * @param {Link[]} all
 * @param {(layer: number, from: number, to: number) => [Point, Point] | null} ends
 * @param {[negative: string, positive: string]} colours
 */
export function drawLinks(canvas, all, ends, colours) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  context.scale(density, density);
  // The strongest lie on top.
  for (const { layer, from, to, share } of [...all].reverse()) {
    const found = ends(layer, from, to);
    if (!found) continue;
    const [[x1, y1], [x2, y2]] = found;
    const bend = (x2 - x1) / 2;
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    context.lineWidth = 0.5 + 3 * Math.abs(share);
    context.globalAlpha = 0.25 + 0.6 * Math.abs(share);
    context.strokeStyle = colours[share < 0 ? 0 : 1];
    context.setLineDash(share < 0 ? [5, 3] : []);
    context.stroke();
  }
}
