// What the board that compares runs says, in the visitor's language.

import { percent, t } from "../common/translate.js";

export const compared = () => t("Runs compared");
export const setting = () => t("Setting");
export const connectionLost = () => t("Connection lost, trying again…");
export const noSuchRun = () => t("There is no such run.");
export const chartsNotLoaded = () => t("The charts could not be loaded. Please reload the page.");

/**
 * @param {string} status in the visitor's language
 * @param {{epoch: number, val_accuracy: number} | undefined} last epoch
 */
export function standing(status, last) {
  if (!last) return status;
  const accuracy = percent(last.val_accuracy);
  return t("{status}: {accuracy} after epoch {epoch}", { status, accuracy, epoch: last.epoch });
}

/**
 * What a chart shows, for those who do not see it.
 *
 * @param {string} title
 * @param {string[]} names
 */
export const chart = (title, names) => t("{title} of {names}", { title, names: names.join(", ") });
