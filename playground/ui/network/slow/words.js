// What slow motion says: functions of what is shown.

import { percent, plural, t } from "../../common/translate.js";
import { whole as wholeNumber } from "../words.js";

/** @typedef {import("./walk.js").StepName} StepName */

export const open = () => t("Slow motion");
export const openHint = () =>
  t("One training step by hand, slowly: forward, loss, backward, update.");
export const whileTraining = () =>
  t("Slow motion is for a network that does not train. Pause the run, or wait until it has ended.");
export const close = () => t("Close slow motion");
export const previous = () => t("Previous step");
export const next = () => t("Next");
export const nextStep = () => t("Next step");
export const play = () => t("Play the steps");
export const hold = () => t("Hold");
export const steps = () => t("The four steps of training");

/** @param {StepName} step */
export function stepName(step) {
  /** @type {Record<StepName, () => string>} */
  const names = {
    forward: () => t("1 Forward"),
    loss: () => t("2 Loss"),
    backward: () => t("3 Backward"),
    update: () => t("4 Update"),
  };
  return names[step]();
}

/** @param {string} activation @param {boolean} hidden whether there are hidden layers */
export function forward(activation, hidden) {
  if (!hidden) {
    return t(
      "Forward: the pixels flow into ten neurons. Each one takes its weighted sum z = w·x + b, " +
        "and softmax makes probabilities of the ten sums.",
    );
  }
  return t(
    "Forward: the pixels flow through the network. Each neuron takes its weighted sum " +
      "z = w·x + b, and the activation function {activation} makes its output of it. " +
      "At the end softmax makes ten probabilities.",
    { activation },
  );
}

/** @param {string} name */
export function loss(name) {
  if (name === "mse") {
    return t(
      "Loss: how wrong the answers are. For each image, mse squares what each of the ten " +
        "probabilities p is off from 1 for the true label or 0 for another, and takes the mean.",
    );
  }
  if (name === "binary_crossentropy") {
    return t(
      "Loss: how wrong the answers are. For each image, binary_crossentropy asks ten questions " +
        "of yes or no: −log σ(z) for the true label, −log(1 − σ(z)) for the others, and takes " +
        "the mean.",
    );
  }
  return t(
    "Loss: how wrong the answers are. For each image, {name} is −log of the probability p that " +
      "the network gives to the true label: 0 if p is 1, and the larger the smaller p is.",
    { name },
  );
}

export const backward = () =>
  t(
    "Backward: the gradient flows back from the loss, layer by layer. For each weight it says " +
      "how the loss changes with it. Solid orange: the loss grows with the weight; dashed blue: " +
      "it falls. Faint: the gradient has nearly vanished; one scale holds for all layers.",
  );

/** @param {string} optimizer @param {string} rate */
export const update = (optimizer, rate) =>
  t(
    "Update: {optimizer} changes every weight and every bias a little against its gradient, " +
      "w ← w − … and b ← b − …, with learning rate {rate}. Press a neuron or a connection to " +
      "see another weight and another bias.",
    { optimizer, rate },
  );

/** @param {number} count @param {string} before @param {string} now */
export const applied = (count, before, now) =>
  plural(
    "{count} update by hand is done. The loss of this mini-batch is {now}; it was {before}.",
    "{count} updates by hand are done. The loss of this mini-batch is {now}; it was {before}.",
    count,
    { before, now },
  );

/** @param {number} count @param {string} now */
export const appliedNext = (count, now) =>
  plural(
    "{count} update by hand is done. The loss of the next mini-batch is {now}.",
    "{count} updates by hand are done. The loss of the next mini-batch is {now}.",
    count,
    { now },
  );

export const images = () => t("Images in the mini-batch");
/** @param {string} label @param {string} called @param {number} share */
export const answered = (label, called, share) =>
  t("{label}: the network says {called}, {share}", { label, called, share: percent(share) });

/** @param {string} p @param {string} value */
export const crossEntropy = (p, value) => t("−log({p}) = {value}", { p, value });
/** @param {string} p @param {string} others @param {string} value */
export const squares = (p, others, value) =>
  t("(({p} − 1)² + {others} of the nine others) / 10 = {value}", { p, others, value });
/** @param {string} z @param {string} others @param {string} value */
export const binary = (z, others, value) =>
  t("(−log σ({z}) + {others} of the nine others) / 10 = {value}", { z, others, value });
/** @param {string[]} losses @param {string} mean */
export const meanLoss = (losses, mean) =>
  losses.length === 1
    ? t("Loss = {mean}", { mean })
    : t("Loss = ({losses}) / {count} = {mean}", {
        losses: losses.join(" + "),
        count: losses.length,
        mean,
      });
/** @param {string} l2 @param {string} penalty @param {string} whole */
export const withPenalty = (l2, penalty, whole) =>
  t("With L2, {l2} · Σw² = {penalty}: loss = {loss}", { l2, penalty, loss: whole });

export const pointHint = () => t("Point at a neuron to see its gradients.");
export const sizes = () => t("Size of the gradient");
/** @param {number} layer */
export const ofLayer = (layer) => t("Layer {number}", { number: layer });
export const ofOutput = () => t("Output");
/** @param {number} times */
export const vanished = (times) =>
  t(
    "In layer 1 the gradient is {times} times smaller than in the output layer: on its way back " +
      "it is multiplied by the slope of each activation function, and converges to 0.",
    { times: wholeNumber(times) },
  );

/** @param {string} name @param {string} gradient */
export const neuronGradient = (name, gradient) =>
  t("Gradient at {name}: dL/db = {gradient}", { name, gradient });
/** @param {string} each */
export const deltas = (each) => t("δ = dL/dz of each image: {deltas}", { deltas: each });
/** @param {string} parts */
export const largest = (parts) => t("Largest dL/dw: {parts}", { parts });
export const zeroGradient = () =>
  t("No gradient passes here: the slope of its activation function is 0, or nothing comes back.");
/** @param {boolean} l2 */
export const gradientPicture = (l2) =>
  l2
    ? t(
        "The picture shows dL/dw of each pixel: δ times the pixel, added up over the images, and " +
          "what L2 adds.",
      )
    : t("The picture shows dL/dw of each pixel: δ times the pixel, added up over the images.");

/** @param {number} pixel */
export const pixelAt = (pixel) =>
  t("pixel in row {row}, column {column}", {
    row: Math.floor(pixel / 28) + 1,
    column: (pixel % 28) + 1,
  });
/** @param {string} from @param {string} to */
export const weightBetween = (from, to) => t("The weight from {from} to {to}", { from, to });
/** @param {string} name */
export const biasOf = (name) => t("The bias of {name}", { name });

export const again = () => t("Apply and repeat");
export const againHint = () => t("Apply the update, and walk through the same mini-batch again");
export const onward = () => t("Apply, next mini-batch");
export const reset = () => t("Reset");
export const resetHint = () => t("Back to the weights before the first update by hand");
/** @param {number} count */
export const enough = (count) =>
  plural(
    "That is all by hand: {count} update. Train does the rest.",
    "That is all by hand: {count} updates. Train does the rest.",
    count,
  );
/** @param {string} losses */
export const trail = (losses) => t("Loss from update to update: {losses}", { losses });

/** @param {{remembered: boolean, dropout: number, run: boolean}} of */
export function note({ remembered, dropout, run }) {
  const said = [
    t("By hand, test images stand in for training images. Nothing of this is kept."),
    ...(run
      ? [
          remembered
            ? t("The optimizer goes on as the run left it.")
            : t("The optimizer starts fresh here: of this epoch its memory is not kept."),
        ]
      : []),
    ...(dropout ? [t("Dropout is left out: all neurons take part.")] : []),
  ];
  return said.join(" ");
}
export const failed = () => t("This step cannot be shown now. Close slow motion and try again.");
