// What the envelope says, as playground/classroom/views/ tells it.

import { percent, plural, t } from "../../common/translate.js";

/**
 * @typedef {object} Opened
 * @property {string} name of who has trained the best one
 * @property {number} val its validation accuracy, 0 to 1
 * @property {number} test its test accuracy
 * @property {number} count runs that were judged
 * @property {number} optimism how much better the best of them looks than it is, on average
 * @property {{val: number, test: number}[]} results best on validation first
 * @typedef {object} At
 * @property {number} number
 * @property {{sealed: boolean}} activity
 * @property {boolean} sealed whether it is, and nobody may see a test figure yet
 * @property {boolean} judging
 * @property {Opened | null} envelope
 * @property {number} trained
 * @property {{val: number, test: number} | null} [yours] one's own best
 */

/** @param {number} difference of two shares */
function points(difference) {
  const value = (100 * Math.abs(difference)).toFixed(1);
  return t("{points} percentage points", { points: value });
}

/** @param {At} at */
export function standing({ sealed, judging, envelope, trained }) {
  if (envelope) {
    return plural(
      "The envelope is open: {count} run was judged on 10,000 test images.",
      "The envelope is open: {count} runs were judged on 10,000 test images.",
      envelope.count,
    );
  }
  if (judging) return t("The envelope is being opened: every run is judged on 10,000 test images.");
  if (!sealed) return "";
  return plural(
    "Sealed: nobody sees a test figure before the envelope is opened. {count} member has trained.",
    "Sealed: nobody sees a test figure before the envelope is opened. {count} members have trained.",
    trained,
  );
}

/** @param {Opened} opened */
export const best = ({ name, val, test }) =>
  t("Best on validation, by {name}: validation {val}, test {test}", {
    name,
    val: percent(val),
    test: percent(test),
  });

/** @param {{val: number, test: number}} yours */
export const own = ({ val, test }) =>
  t("Your best: validation {val}, test {test}", { val: percent(val), test: percent(test) });

/** @param {Opened} opened */
export function luck({ val, test, count, optimism }) {
  const change =
    test < val
      ? t("The best looked {points} better on validation than it is on test.", {
          points: points(val - test),
        })
      : t("The best is {points} better on test than on validation.", {
          points: points(test - val),
        });
  if (count < 2) return change;
  const expected = t(
    "Chance alone makes the best of {count} equal networks look {points} better than it is, on average.",
    { count, points: points(optimism) },
  );
  return `${change} ${expected}`;
}

/** @param {Opened} opened */
export function chartName({ results }) {
  const fell = results.filter(({ val, test }) => test < val).length;
  return plural(
    "From validation to test accuracy: {fell} of {count} run fell.",
    "From validation to test accuracy: {fell} of {count} runs fell.",
    results.length,
    { count: results.length, fell },
  );
}

export const validation = () => t("Validation");
export const test = () => t("Test");
