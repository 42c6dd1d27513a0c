// From positions on the screen to values and back, and what is written beside the axes.

import { COUNT } from "./samples.js";

/**
 * @typedef {object} Frame the chart's area, in pixels, and what it shows
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {number} epochs at the right end; 0 at the left
 * @property {number} low at the bottom
 * @property {number} high at the top
 */

const STEPS = [1, 2, 5];

/** @param {number} value @param {number} low @param {number} high */
export const clip = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * Where a value after some epochs is, in pixels; a value outside of the axis at its end.
 *
 * @param {Frame} frame
 * @param {number} epoch
 * @param {number} value
 * @returns {[x: number, y: number]}
 */
export function pixel({ left, top, width, height, epochs, low, high }, epoch, value) {
  const up = (clip(value, low, high) - low) / (high - low);
  return [left + (width * epoch) / epochs, top + height * (1 - up)];
}

/**
 * The position and value under a pixel; beside the area those at its edge.
 *
 * @param {Frame} frame
 * @param {number} x
 * @param {number} y
 * @returns {import("./samples.js").Position}
 */
export function locate({ left, top, width, height, low, high }, x, y) {
  const up = 1 - clip((y - top) / height, 0, 1);
  return {
    x: (COUNT - 1) * clip((x - left) / width, 0, 1),
    y: low + up * (high - low),
  };
}

/** @param {number} index of a value @param {number} epochs */
export const epochAt = (index, epochs) => (index * epochs) / (COUNT - 1);

/**
 * Whole epochs to be written at the axis.
 *
 * @param {number} epochs
 * @param {number} most of them
 */
export function epochTicks(epochs, most) {
  let step = 1;
  for (let i = 1; epochs / step > most; i++) {
    step = STEPS[i % STEPS.length] * 10 ** Math.floor(i / STEPS.length);
  }
  const ticks = [];
  for (let epoch = 0; epoch <= epochs; epoch += step) ticks.push(epoch);
  return ticks;
}

/**
 * Six values from the bottom to the top.
 *
 * @param {number} low
 * @param {number} high
 */
export function valueTicks(low, high) {
  return [0, 1, 2, 3, 4, 5].map((i) => Math.round((low + ((high - low) * i) / 5) * 1e6) / 1e6);
}

/**
 * A line through pixels, as an SVG path.
 *
 * @param {[x: number, y: number][]} points
 */
export function path(points) {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}
