// What follows from a step's gradients: what is drawn, and how strongly.

import { strongest } from "../data/portrait.js";

/**
 * @typedef {import("./ask.js").Step} Step
 * @typedef {import("../data/portrait.js").Portrait} Portrait
 * @typedef {import("../draw/links.js").Link} Link
 * @typedef {import("../draw/links.js").Spot} Spot
 * @typedef {import("../draw/links.js").Point} Point
 * @typedef {(layer: number, from: number, to: number) => [Point, Point] | null} Ends
 */

const MOST = 28; // between two columns
const PIXELS = 3;
const NEAR = 10; // pixels of the screen

/** @param {Iterable<number>} values */
function greatestOf(values) {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

/**
 * The greatest gradients of all that is shown: one scale for all layers.
 *
 * @param {Step} step
 */
export function scales({ layers }) {
  return {
    weight: Math.max(...layers.map(({ from, strongest: s }) => greatestOf([...from, ...s]))),
    bias: Math.max(...layers.map(({ bias }) => greatestOf(bias))),
  };
}

/**
 * How strongly a gradient is drawn, 0 to 1: by its root, so that a hundredth is still a tenth.
 *
 * @param {number} value
 * @param {number} greatest
 */
export const strength = (value, greatest) =>
  greatest && Number.isFinite(value) ? Math.sqrt(Math.abs(value) / greatest) : 0;

/**
 * The gradient of the loss with respect to each pixel's weight of a neuron of the first layer:
 * what the images' pixels times their deltas add up to, and L2's part.
 *
 * @param {Step} step
 * @param {Portrait} portrait
 * @param {number} i among the neurons shown
 */
export function pixelGradients({ images, layers, answer, l2 }, portrait, i) {
  const [{ delta }, first] = [layers[0], portrait.columns[0]];
  const k = first.shown.length;
  const found = new Float32Array(images[0].pixels.length);
  images.forEach(({ pixels }, n) => {
    const own = delta[n * k + i];
    pixels.forEach((pixel, p) => (found[p] += (pixel * answer.scale + answer.offset) * own));
  });
  if (l2) {
    const unit = (2 * l2 * first.scales[i]) / 127;
    found.forEach((_, p) => (found[p] += unit * first.pictures[i * found.length + p]));
  }
  return found;
}

/**
 * The strongest gradients between what is shown, as connections.
 *
 * @param {Step} step
 * @param {Spot | null} spot if one neuron is looked at, only its connections
 * @returns {Link[]}
 */
export function gradientLinks(step, spot) {
  const { weight: greatest } = scales(step);
  /** @type {Link[]} */
  const found = [];
  step.layers.forEach(({ bias, from, pixels, strongest: own }, layer) => {
    const k = bias.length;
    const parts = layer
      ? Array.from(from, (value, at) => ({
          index: at,
          value,
          from: Math.floor(at / k),
          to: at % k,
        }))
      : Array.from(own, (value, at) => {
          const to = Math.floor(at / PIXELS);
          return { index: at, value, from: pixels[to][at % PIXELS], to };
        });
    const wanted = parts.filter(({ from: start, to }) => {
      if (!spot) return true;
      if (spot.layer === layer) return spot.index === to;
      return spot.layer === layer - 1 && spot.index === start;
    });
    for (const { from: start, to, value } of strongest(wanted, MOST)) {
      const share = Math.sign(value) * strength(value, greatest);
      found.push({ layer, from: start, to, value, share });
    }
  });
  return found;
}

/**
 * The connection next to a point, if it is near.
 *
 * @param {Link[]} links
 * @param {Ends} ends
 * @param {Point} point
 */
export function nearest(links, ends, [x, y]) {
  /** @type {Link | null} */
  let best = null;
  let least = NEAR;
  for (const link of links) {
    const found = ends(link.layer, link.from, link.to);
    if (!found) continue;
    const [[x1, y1], [x2, y2]] = found;
    for (let step = 1; step < 32; step++) {
      // As drawLinks draws them: a Bézier curve that begins and ends horizontally.
      const [u, v] = [step / 32, 1 - step / 32];
      const middle = (x1 + x2) / 2;
      const px = v ** 3 * x1 + 3 * v * u * (v + u) * middle + u ** 3 * x2;
      const py = (v ** 3 + 3 * v * v * u) * y1 + (3 * v * u * u + u ** 3) * y2;
      const distance = Math.hypot(px - x, py - y);
      if (distance < least) [best, least] = [link, distance];
    }
  }
  return best;
}
