// A step in the network's picture: which columns it has reached, and gradients in place of weights.

import { put, quantised, signedPixels } from "../draw/paint.js";
import { set } from "../draw/elements.js";
import { neuronName } from "./contents.js";
import { digits } from "./formulas.js";
import { gradientLinks, pixelGradients, scales, strength } from "./gradients.js";
import * as words from "./words.js";

/**
 * @typedef {import("./ask.js").Step} Step
 * @typedef {import("./walk.js").StepName} StepName
 * @typedef {import("../draw/links.js").Link} Link
 * @typedef {import("../draw/links.js").Spot} Spot
 * @typedef {import("../draw/stage.js").Stage} Stage
 * @typedef {import("../data/portrait.js").Portrait} Portrait
 */

/**
 * Whether a step has come to a column: forward from the left, backward from the right.
 *
 * @param {StepName} step
 * @param {number} column
 * @param {number} columns how many
 * @param {number} reached how many the step has come to
 */
export function isReached(step, column, columns, reached) {
  if (step === "forward") return column < reached;
  return step !== "backward" || column >= columns - reached;
}

/**
 * Paint what `Stage.update` leaves as it is in training.
 *
 * @param {Stage} stage
 * @param {Portrait} portrait
 * @param {Step} step
 * @param {StepName} name
 * @param {number} reached
 * @param {string[]} labels
 */
export function paintStep(stage, portrait, step, name, reached, labels) {
  clearStep(stage);
  stage.root.dataset.slow = name;
  const columns = stage.columns.length;
  stage.columns.forEach((tiles, layer) => {
    const there = isReached(name, layer, columns, reached);
    for (const tile of tiles) tile.toggleAttribute("data-waiting", !there);
    if (name === "backward" && there) paintGradients(stage, portrait, step, layer, labels);
  });
}

/** @param {Stage} stage */
export function clearStep({ root, columns }) {
  delete root.dataset.slow;
  for (const tile of columns.flat()) {
    tile.removeAttribute("data-waiting");
    tile.removeAttribute("data-sign");
    tile.style.removeProperty("--nv-strength");
  }
}

/**
 * @param {Stage} stage
 * @param {Portrait} portrait
 * @param {Step} step
 * @param {number} layer
 * @param {string[]} labels
 */
function paintGradients({ columns, palette }, portrait, step, layer, labels) {
  const { bias: greatest } = scales(step);
  const { bias } = step.layers[layer];
  const last = layer === columns.length - 1;
  columns[layer].forEach((tile, i) => {
    const share = strength(bias[i], greatest);
    tile.style.setProperty("--nv-strength", share.toFixed(3));
    tile.dataset.sign = bias[i] < 0 ? "negative" : "positive";
    const name = neuronName(portrait, layer, portrait.columns[layer].shown[i], labels);
    set(tile, { "aria-label": words.neuronGradient(name, digits(bias[i])) });
    if (last) {
      const number = tile.querySelector(".nv-percent");
      const bar = tile.querySelector("i");
      // The whole number is in its name; there is room for seven characters.
      if (number) number.textContent = bias[i].toFixed(4).replace("-", "−");
      if (bar) bar.style.transform = `scaleX(${share})`;
      return;
    }
    const canvas = tile.querySelector("canvas");
    if (!canvas) return;
    const numbers = layer
      ? Int8Array.of(bias[i] < 0 ? -127 : 127)
      : quantised(pixelGradients(step, portrait, i));
    put(canvas, signedPixels(numbers, palette), layer ? 1 : 28);
  });
}

/**
 * The connections of a step; null for those of the answer, as without slow motion.
 *
 * @param {Step} step
 * @param {Portrait} portrait
 * @param {StepName} name
 * @param {Spot | null} spot
 * @returns {Link[] | null}
 */
export function linksOf(step, portrait, name, spot) {
  if (name === "forward" || name === "loss") return null;
  const all = gradientLinks(step, spot);
  if (name === "backward") return all;
  const { layer, from, to, gradient } = step.weight;
  const index = (/** @type {number} */ column, /** @type {number} */ neuron) =>
    column < 0 ? neuron : portrait.columns[column].shown.indexOf(neuron);
  const [start, end] = [index(layer - 1, from), index(layer, to)];
  const faint = all.map((link) => ({ ...link, share: link.share / 4 }));
  if (start < 0 || end < 0) return faint;
  const value = gradient ?? 0;
  return [{ layer, from: start, to: end, value, share: value < 0 ? -1 : 1 }, ...faint];
}
