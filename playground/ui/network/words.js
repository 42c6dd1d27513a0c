// What the living network says: functions of what is shown.

import { percent, plural, spoken, t } from "../common/translate.js";

/** @typedef {{name: string, value: number}} Named a part of a sum, and where it comes from */

/** @param {number} number */
export function short(number) {
  if (!Number.isFinite(number)) return t("not a number");
  const size = Math.abs(number);
  if (size && (size < 0.001 || size >= 10000)) return minus(number.toExponential(2));
  return minus(number.toFixed(3));
}

/** @param {string} text */
const minus = (text) => text.replace(/^-/, "−");

/** @param {number} number */
export const whole = (number) => number.toLocaleString(spoken());

export const networkName = () => t("Layers and neurons of the network");
export const inputName = () => t("Input: an image of 28 × 28 pixels");
export const flattenName = () => t("Flatten: the pixels as a row of 784 numbers");
export const outputsName = () => t("Output layer: ten neurons, softmax");

/**
 * @param {number} number of the layer, from 1
 * @param {number} units
 * @param {string} activation
 */
export const layerName = (number, units, activation) =>
  t("Hidden layer {number}: {units} neurons, {activation}", {
    number,
    units: whole(units),
    activation,
  });

/** @param {number} state */
export function stateName(state) {
  if (state === 1) return t("dead: 0 or less for all ten items below");
  if (state === 2) return t("saturated: at an end of its range for most of the ten items below");
  return "";
}

/**
 * A neuron as a screen reader says it.
 *
 * @param {{layer: number, neuron: number, z: number, value: number, activation: string, state: number}} of
 */
export function neuronName({ layer, neuron, z, value, activation, state }) {
  const name = t("Neuron {neuron} of layer {layer}: z = {z}, {activation} gives {value}", {
    neuron,
    layer,
    z: short(z),
    activation,
    value: short(value),
  });
  return state ? `${name}; ${stateName(state)}` : name;
}

/** @param {string} label @param {number} probability @param {boolean} right */
export function outputName(label, probability, right) {
  const values = { label, probability: percent(probability) };
  return right
    ? t("{label}: {probability}, the true label", values)
    : t("{label}: {probability}", values);
}

/**
 * How a sum comes about.
 *
 * @param {number} inputs how many
 * @param {number} z
 * @param {number} bias
 */
export const sumOf = (inputs, z, bias) =>
  t("z = w·x + b = {product} + ({bias}) = {z}, from {inputs} inputs", {
    product: short(z - bias),
    bias: short(bias),
    z: short(z),
    inputs: whole(inputs),
  });

/** @param {string} activation @param {number} z @param {number} value */
export const activated = (activation, z, value) =>
  t("{activation}({z}) = {value}", { activation, z: short(z), value: short(value) });

/** @param {Named[]} parts */
export const listed = (parts) =>
  parts.map(({ name, value }) => `${name} ${value > 0 ? "+" : ""}${short(value)}`).join(" · ") ||
  t("nothing");

/** @param {string} parts */
export const comesIn = (parts) => t("Most comes from: {parts}", { parts });
/** @param {string} parts */
export const sendsTo = (parts) => t("It sends most to: {parts}", { parts });
/** @param {string} parts */
export const speaksFor = (parts) => t("For it: {parts}", { parts });
/** @param {string} parts */
export const speaksAgainst = (parts) => t("Against it: {parts}", { parts });
/** @param {number} value */
export const theRest = (value) =>
  t("All other neurons of that layer add {value}.", { value: short(value) });

/** @param {number} neuron @param {number} layer */
export const neuronAt = (neuron, layer) => t("neuron {neuron} of layer {layer}", { neuron, layer });

export const pixelsHint = () =>
  t("The picture shows w·x of each pixel: what it adds to the sum, or takes from it.");

export const hint = () =>
  t("Point at a neuron to see its numbers. Solid orange adds, dashed blue takes away.");

/** @param {number} first @param {number} last @param {number} units */
export const page = (first, last, units) =>
  t("{first}–{last} of {units}", { first, last, units: whole(units) });

/** @param {number} layer */
export const pageBack = (layer) => t("Previous neurons of layer {layer}", { layer });
/** @param {number} layer */
export const pageOn = (layer) => t("Next neurons of layer {layer}", { layer });

export const layersTitle = () => t("Layers");
export const addLayer = () => t("Add a hidden layer");
export const removeLayer = () => t("Remove the last hidden layer");
/** @param {number} layer @param {number} units */
export const moreUnits = (layer, units) =>
  t("More neurons in layer {layer}: {units}", { layer, units: whole(units) });
/** @param {number} layer @param {number} units */
export const fewerUnits = (layer, units) =>
  t("Fewer neurons in layer {layer}: {units}", { layer, units: whole(units) });

/** @param {string} activation */
export const curveName = (activation) => t("The curve of {activation}", { activation });

/** @param {string} activation @param {string} next */
export const changeCurve = (activation, next) =>
  t("The curve of {activation}: change every hidden layer to {next}", { activation, next });

export const ofRun = () => t("This run");
export const ofSettings = () => t("These settings");

/** @param {number} epoch */
export function afterEpoch(epoch) {
  if (!epoch) return t("Before training");
  if (Number.isInteger(epoch)) return t("After epoch {epoch}", { epoch: whole(epoch) });
  return t("After {epochs} epochs", { epochs: epoch.toFixed(1) });
}
export const epochName = () => t("Moment of the run");
export const play = () => t("Play as a film");
export const pause = () => t("Hold the film");

export const excitedBy = () => t("Excited most by");
/** @param {{name: string, value: number}[]} parts */
export const valuesOf = (parts) =>
  parts.map(({ name, value }) => `${name} ${short(value)}`).join(" · ");
export const hardest = () => t("Hardest");
export const hardestHint = () =>
  t("The test image whose true label gets the lowest probability; press again for the next one");
export const testImage = () => t("Test image");
export const nextMistake = () => t("Next mistake");
export const drawn = () => t("Your drawing");
export const pinned = () => t("Pinned drawing");
export const facesName = () => t("Ten test images, one of each label");
/** @param {number} right */
export const facesRight = (right) =>
  plural("{count} of 10 is right", "{count} of 10 are right", right);
/** @param {string} label @param {string} called @param {boolean} right */
export const faceName = (label, called, right) =>
  right ? t("{label}: right", { label }) : t("{label}: wrong, called {called}", { label, called });
/** @param {string} called @param {string | null} label */
export function verdict(called, label) {
  if (label === null) return t("The network says {called}.", { called });
  return called === label
    ? t("The network says {called}, which is right.", { called })
    : t("The network says {called}, but it is {label}.", { called, label });
}
export const follow = () => t("Back to live");
export const apart = () =>
  t("What the owner of this run looks at changes live. What you choose changes after each epoch.");
export const notShown = () =>
  t("These weights cannot be shown now. Choose another epoch, or load the page again.");
export const inputTitle = () => t("Item, flattened");
export const outputTitle = () => t("Output");
export const trueMark = () => t("◀ true");
/** @param {number} number */
export const layerTitle = (number) => t("Layer {number}", { number });
/** @param {number} z @param {number} probability */
export const softmaxOf = (z, probability) =>
  t("softmax makes {probability} of z = {z}", { z: short(z), probability: percent(probability) });

export const sealed = () =>
  t(
    "This run is sealed: who sees the mistakes on the test images one after the other can count them.",
  );
