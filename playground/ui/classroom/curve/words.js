// What the chart for a drawn curve says, in the visitor's language.

import { t } from "../../common/translate.js";

export const drawn = () => t("You");
export const real = () => t("Real");
export const epoch = () => t("Epoch");
export const begin = () => t("Draw your curve here");
export const undone = () => t("Undone.");
export const redone = () => t("Redone.");
export const cleared = () => t("Cleared. Undo brings the curve back.");
export const removed = () => t("Point removed.");
export const connectionLost = () => t("Connection lost, trying again…");
export const noSuchRun = () => t("There is no such run.");

/** @param {number} value of an epoch, with at most one decimal */
const short = (value) => String(Math.round(value * 10) / 10);

/**
 * Where the keyboard is, and how high the curve is there.
 *
 * @param {number} at epoch
 * @param {number | null} value null where there is no curve yet
 */
export function position(at, value) {
  return value === null
    ? t("After epoch {epoch}: no curve yet.", { epoch: short(at) })
    : t("After epoch {epoch}: {value}", { epoch: short(at), value: value.toFixed(2) });
}

/**
 * The curves in a sentence, for those who do not see them.
 *
 * @param {string} title of the chart
 * @param {number[] | null} values of the drawn curve
 * @param {{epoch: number, value: number} | undefined} last point of the real curve
 */
export function summary(title, values, last) {
  if (!values) return last ? `${title}. ${newest(last, null)}` : t("{title}, empty", { title });
  const [from, to] = [values[0], values[values.length - 1]].map((value) => value.toFixed(2));
  const mine = t("{title}: your curve goes from {from} to {to}.", { title, from, to });
  return last ? `${mine} ${newest(last, null)}` : mine;
}

/**
 * The newest point of the real curve, beside what was drawn for it.
 *
 * @param {{epoch: number, value: number}} last
 * @param {number | null} guess
 */
export function newest({ epoch: at, value }, guess) {
  const said = value.toFixed(4);
  return guess === null
    ? t("After epoch {epoch}: really {value}.", { epoch: at, value: said })
    : t("After epoch {epoch}: really {value}, you drew {guess}.", {
        epoch: at,
        value: said,
        guess: guess.toFixed(2),
      });
}
