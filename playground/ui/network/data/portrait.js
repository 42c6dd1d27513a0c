// What follows from a portrait's numbers: what comes into a neuron, and what a neuron sends on.

import { decodePortrait } from "../live.js";

/**
 * @typedef {import("../live.js").DecodedLayer} Column
 *   some neurons of a layer, k of them; item 0 is the chosen one
 * @typedef {{position: number, choice: string, columns: Column[]}} Portrait
 *   the output layer is the last column
 * @typedef {{index: number, value: number}} Part
 *   of a sum: where it comes from or goes to, among what is shown there
 */

/** @param {string} text in base64 */
export function bytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** @param {import("../live.js").Portrait} message */
export const decode = (message) => columns(decodePortrait(message));

/**
 * The portrait with its outputs as one more column.
 *
 * @param {import("../live.js").Decoded} decoded
 * @returns {Portrait}
 */
export function columns({ position, choice, layers, output }) {
  const units = output.bias.length;
  const shown = output.bias.map((_, i) => i);
  const state = new Uint8Array(units);
  const last = { ...output, units, shown, state, values: output.probabilities };
  return { position, choice, columns: [...layers, last] };
}

/**
 * The parts w·a of a neuron's sum that come from the neurons shown before it.
 *
 * @param {Portrait} portrait
 * @param {number} layer 1 or more: the first one has no neurons before it
 * @param {number} i among the neurons shown
 * @returns {Part[]}
 */
export function incoming(portrait, layer, i) {
  const [before, here] = portrait.columns.slice(layer - 1, layer + 1);
  const k = here.shown.length;
  return before.shown.map((_, j) => ({
    index: j,
    value: (before.values[j] * here.from[j * k + i] * here.fromScale) / 127,
  }));
}

/**
 * What a neuron adds to the sums of the neurons shown behind it.
 *
 * @param {Portrait} portrait
 * @param {number} layer of it; not the output layer
 * @param {number} i
 * @returns {Part[]}
 */
export function outgoing(portrait, layer, i) {
  const [here, next] = portrait.columns.slice(layer, layer + 2);
  const k = next.shown.length;
  return next.shown.map((_, j) => ({
    index: j,
    value: (here.values[i] * next.from[i * k + j] * next.fromScale) / 127,
  }));
}

/**
 * The parts w·x of a sum that come from the pixels, for a neuron that sees them.
 *
 * @param {Column} first the first layer
 * @param {number} i
 * @param {Uint8Array} pixels of the item
 * @param {{scale: number, offset: number}} scaling
 */
export function pixelParts(first, i, pixels, { scale, offset }) {
  const own = first.pictures.subarray(i * pixels.length, (i + 1) * pixels.length);
  const unit = first.scales[i] / 127;
  return Float32Array.from(pixels, (pixel, p) => own[p] * unit * (pixel * scale + offset));
}

/**
 * The parts with the greatest absolute values, the greatest first; none that is 0.
 *
 * @template {Part} T
 * @param {T[]} parts
 * @param {number} count
 */
export function strongest(parts, count) {
  return parts
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, count);
}

/** @param {Float32Array} values @param {number} [start] @param {number} [count] */
export function argmax(values, start = 0, count = values.length - start) {
  let best = start;
  for (let i = start; i < start + count; i++) if (values[i] > values[best]) best = i;
  return best - start;
}
