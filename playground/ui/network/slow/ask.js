// A step by hand from the server: where it is asked for, and what it says. See steps.py.

import { bytes } from "../data/portrait.js";

/**
 * @typedef {import("../data/client.js").Source} Source
 * @typedef {object} Wanted
 * @property {number | null} epoch of a run
 * @property {number[][]} batches test images: of the updates that are done, then of this one
 * @property {number} look the index in the mini-batch of the image that is shown
 * @property {number[][]} shown the neurons of each hidden layer
 * @property {number[]} [weight] layer and neuron, or layer, from and to
 *
 * @typedef {object} Parameter the update of a weight or a bias
 * @property {number | null} value
 * @property {number | null} gradient
 * @property {number | null} after
 * @property {(number | null)[]} before what the optimizer remembers
 * @property {(number | null)[]} memory after the update
 *
 * @typedef {object} Origin
 * @property {number} layer
 * @property {number} from a pixel, or a neuron of the layer before
 * @property {number} to
 * @property {(number | null)[]} inputs of each image
 * @property {(number | null)[]} deltas of each image
 * @property {number | null} penalty L2's part of the gradient
 * @property {Parameter} bias of the neuron that it goes to
 * @typedef {Parameter & Origin} Weight one weight's update
 *
 * @typedef {object} Optimizer
 * @property {"sgd" | "momentum" | "rmsprop" | "adagrad" | "adam" | "adamw"} rule
 * @property {number} rate
 * @property {number} momentum
 * @property {number} number of this update, from 1
 * @property {boolean} remembered whether it is the run's own
 *
 * @typedef {object} Layer gradients of the neurons shown, k of them
 * @property {Float32Array} delta with respect to z, (n, k)
 * @property {Float32Array} bias (k)
 * @property {number | null} size root mean square of all of the layer's weights
 * @property {Float32Array} from (shown before, k); empty behind the pixels
 * @property {number[][]} pixels the three with the strongest gradients of each neuron
 * @property {Float32Array} strongest their gradients, (k, 3)
 *
 * @typedef {{index: number, label: number, pixels: Uint8Array}} Image
 * @typedef {import("../data/client.js").Answer} Answer
 * @typedef {object} Numbers
 * @property {Weight} weight
 * @property {number} updates done by hand before
 * @property {number} most_updates
 * @property {(number | null)[]} losses
 * @property {(number | null)[]} true_sums
 * @property {number | null} penalty
 * @property {number | null} loss
 * @property {Optimizer} optimizer
 * @property {string} loss_name
 * @property {number} l2
 * @property {number} dropout
 * @typedef {Numbers & {answer: Answer, images: Image[], probabilities: Float32Array,
 *   layers: Layer[]}} Step
 */

/** @param {string} text base64 of float32 */
const floats = (text) => new Float32Array(bytes(text).buffer);

/**
 * @param {Source} source
 * @param {Wanted} wanted
 * @param {boolean} [onlyWeight]
 */
export function address(source, { epoch, batches, look, shown, weight }, onlyWeight = false) {
  const query = new URLSearchParams(source.kind === "settings" ? source.query : "");
  if (source.kind === "run" && epoch !== null) query.set("epoch", String(epoch));
  query.set("batches", batches.map((batch) => batch.join(",")).join(";"));
  query.set("look", String(look));
  if (shown.length) query.set("shown", shown.map((layer) => layer.join(",")).join(";"));
  if (weight) query.set("weight", weight.join(","));
  if (onlyWeight) query.set("only", "weight");
  const path = source.kind === "run" ? `/api/runs/${source.id}/step` : "/api/step";
  return `${path}?${query}`;
}

/**
 * The answer with its arrays.
 *
 * @param {any} message
 * @returns {Step}
 */
export function decode(message) {
  return {
    ...message,
    answer: message,
    images: message.images.map((/** @type {any} */ image) => ({
      ...image,
      pixels: bytes(image.pixels),
    })),
    probabilities: floats(message.probabilities),
    layers: message.layers.map((/** @type {any} */ layer) => ({
      delta: floats(layer.delta),
      bias: floats(layer.bias),
      size: layer.size,
      from: floats(layer.from ?? ""),
      pixels: layer.pixels ?? [],
      strongest: floats(layer.strongest ?? ""),
    })),
  };
}

/**
 * @param {Source} source
 * @param {Wanted} wanted
 */
export async function askStep(source, wanted) {
  return decode(await get(address(source, wanted)));
}

/**
 * @param {Source} source
 * @param {Wanted} wanted
 * @returns {Promise<Weight>}
 */
export async function askWeight(source, wanted) {
  return (await get(address(source, wanted, true))).weight;
}

/** @param {string} from */
async function get(from) {
  const response = await fetch(from);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
