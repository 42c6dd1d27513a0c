// The numbers under each step's sentence.

import { make } from "../draw/elements.js";
import { put, quantised, signedPixels } from "../draw/paint.js";
import { strongest } from "../data/portrait.js";
import { neuronAt } from "../words.js";
import { biasGradientLine, digits, gradientLine, setting, updateLines } from "./formulas.js";
import { pixelGradients } from "./gradients.js";
import * as words from "./words.js";

/**
 * @typedef {import("./ask.js").Step} Step
 * @typedef {import("../draw/links.js").Spot} Spot
 * @typedef {import("../data/portrait.js").Portrait} Portrait
 */

const LARGEST = 3;
const VANISHED = 100;

/** @param {string[]} texts */
const lines = (texts) => texts.map((text) => make("div", {}, text));

/**
 * The loss of each image, their mean and the penalty.
 *
 * @param {Step} step
 * @param {string[]} labels
 */
export function lossLines(
  { images, probabilities, losses, loss, penalty, loss_name, l2, true_sums },
  labels,
) {
  const each = images.map(({ label }, i) => {
    const p = probabilities[10 * i + label];
    const value = digits(losses[i]);
    let formula = words.crossEntropy(digits(p), value);
    if (loss_name === "mse") {
      formula = words.squares(digits(p), digits(10 * (losses[i] ?? NaN) - (p - 1) ** 2), value);
    } else if (loss_name === "binary_crossentropy") {
      const z = true_sums[i] ?? NaN;
      // −log σ(z), without overflow.
      const own = Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      formula = words.binary(digits(z), digits(10 * (losses[i] ?? NaN) - own), value);
    }
    return `${labels[label]}: ${formula}`;
  });
  const mean = (loss ?? NaN) - (penalty ?? NaN);
  const whole = words.meanLoss(losses.map(digits), digits(mean));
  const more = l2 ? [words.withPenalty(setting(l2), digits(penalty), digits(loss))] : [];
  return { each, whole: [whole, ...more] };
}

/** @param {Step} step @param {string[]} labels */
export function lossContent(step, labels) {
  const { each, whole } = lossLines(step, labels);
  const total = make("div", { "data-testid": "slow-loss", "data-loss": step.loss ?? "NaN" });
  total.append(...lines(whole));
  return [...lines(each), total];
}

/** @param {Step} step */
export function backwardContent({ layers }) {
  const sizes = layers.map(({ size }) => size ?? NaN);
  const greatest = Math.max(...sizes);
  const bars = sizes.map((size, i) => {
    const bar = make("i", {});
    bar.style.transform = `scaleX(${size / greatest || 0})`;
    const name = i < sizes.length - 1 ? words.ofLayer(i + 1) : words.ofOutput();
    return make(
      "div",
      { class: "nv-size" },
      make("span", {}, name),
      make("span", { class: "nv-size-bar", "aria-hidden": "true" }, bar),
      make("span", {}, digits(size)),
    );
  });
  const times = sizes[sizes.length - 1] / sizes[0];
  const said = times > VANISHED ? lines([words.vanished(Math.round(times))]) : [];
  const hint = lines([words.pointHint()]);
  return [make("div", {}, words.sizes()), ...bars, ...said, ...hint];
}

/**
 * @param {Step} step
 * @param {Portrait} portrait
 * @param {Spot} spot
 * @param {string[]} labels
 */
export function spotLines({ layers }, portrait, { layer, index }, labels) {
  const { bias, delta, from, pixels, strongest: own } = layers[layer];
  const k = bias.length;
  const name = neuronName(portrait, layer, portrait.columns[layer].shown[index], labels);
  const each = Array.from({ length: delta.length / k }, (_, n) => digits(delta[n * k + index]));
  const parts = layer
    ? portrait.columns[layer - 1].shown.map((neuron, j) => ({
        index: neuron,
        value: from[j * k + index],
      }))
    : pixels[index].map((pixel, j) => ({
        index: pixel,
        value: own[index * pixels[index].length + j],
      }));
  const best = strongest(parts, LARGEST).map(
    ({ index: start, value }) => `${sourceOf(layer, start)} ${digits(value)}`,
  );
  return [
    words.neuronGradient(name, digits(bias[index])),
    words.deltas(each.join(" · ")),
    best.length ? words.largest(best.join(" · ")) : words.zeroGradient(),
  ];
}

/**
 * @param {Step} step
 * @param {Portrait} portrait
 * @param {Spot} spot
 * @param {string[]} labels
 * @param {Uint32Array} palette
 */
export function spotContent(step, portrait, spot, labels, palette) {
  const said = lines(spotLines(step, portrait, spot, labels));
  if (spot.layer || !step.layers[0].bias[spot.index]) return [make("div", {}, ...said)];
  const canvas = make("canvas", { class: "nv-product", "aria-hidden": "true" });
  put(canvas, signedPixels(quantised(pixelGradients(step, portrait, spot.index)), palette), 28);
  return [canvas, make("div", {}, ...said, make("div", {}, words.gradientPicture(step.l2 > 0)))];
}

/** @param {number} layer @param {number} start a pixel, or a neuron of the layer before */
const sourceOf = (layer, start) => (layer ? neuronAt(start + 1, layer) : words.pixelAt(start));

/**
 * A neuron as text calls it; an output by its label.
 *
 * @param {Portrait} portrait
 * @param {number} layer
 * @param {number} neuron
 * @param {string[]} labels
 */
export function neuronName(portrait, layer, neuron, labels) {
  return layer === portrait.columns.length - 1 ? labels[neuron] : neuronAt(neuron + 1, layer + 1);
}

/**
 * How one weight and its neuron's bias change.
 *
 * @param {Step} step
 * @param {Portrait} portrait
 * @param {string[]} labels
 */
export function updateContent({ weight, optimizer }, portrait, labels) {
  const to = neuronName(portrait, weight.layer, weight.to, labels);
  const name = words.weightBetween(sourceOf(weight.layer, weight.from), to);
  const ofWeight = parameterContent("slow-weight", name, weight, [
    gradientLine(weight),
    ...updateLines(weight, optimizer, "w"),
  ]);
  ofWeight.dataset.weight = [weight.layer, weight.from, weight.to].join();
  const ofBias = parameterContent("slow-bias", words.biasOf(to), weight.bias, [
    biasGradientLine(weight),
    ...updateLines(weight.bias, optimizer, "b"),
  ]);
  ofBias.dataset.weight = [weight.layer, weight.to].join();
  return [ofWeight, ofBias];
}

/**
 * @param {string} id
 * @param {string} name
 * @param {import("./ask.js").Parameter} parameter
 * @param {string[]} said
 */
function parameterContent(id, name, { value, gradient, after }, said) {
  const found = make("div", {
    "data-testid": id,
    "data-value": value ?? "NaN",
    "data-gradient": gradient ?? "NaN",
    "data-after": after ?? "NaN",
  });
  found.append(make("strong", {}, name), ...lines(said));
  return found;
}
