// What a curve has done since its first epoch, in words.

import { percent, t } from "../common/translate.js";
import { exact } from "./words.js";

/** @typedef {import("./events.d.ts").EpochEnd} Epoch */

/**
 * @param {Epoch[]} epochs finished ones, in order
 * @param {"loss" | "accuracy"} quantity
 * @returns {string} empty before there are two
 */
export function trend(epochs, quantity) {
  if (epochs.length < 2) return "";
  const [first, last] = [epochs[0], epochs[epochs.length - 1]];
  const validation = /** @type {const} */ (`val_${quantity}`);
  const better = (/** @type {Epoch} */ one, /** @type {Epoch} */ other) =>
    quantity === "loss" ? one[validation] < other[validation] : one[validation] > other[validation];
  const best = epochs.reduce((found, one) => (better(one, found) ? one : found));
  const written = quantity === "loss" ? exact : percent;
  const sentences = [
    t("Since epoch {epoch}:", { epoch: first.epoch }),
    ofTraining(first[quantity], last[quantity], written),
    ofValidation(first[validation], last[validation], written),
  ];
  if (best !== last) {
    const value = written(best[validation]);
    sentences.push(t("It was best after epoch {epoch}: {value}.", { epoch: best.epoch, value }));
  }
  return sentences.join(" ");
}

/** @param {number} from @param {number} to @param {(value: number) => string} written */
function ofTraining(from, to, written) {
  const values = { from: written(from), to: written(to) };
  if (values.from === values.to) return t("training has stayed at {to},", values);
  if (to < from) return t("training has fallen from {from} to {to},", values);
  return t("training has risen from {from} to {to},", values);
}

/** @param {number} from @param {number} to @param {(value: number) => string} written */
function ofValidation(from, to, written) {
  const values = { from: written(from), to: written(to) };
  if (values.from === values.to) return t("validation has stayed at {to}.", values);
  if (to < from) return t("validation has fallen from {from} to {to}.", values);
  return t("validation has risen from {from} to {to}.", values);
}
