// What the table of runs says, in the visitor's language.

import { percent, spoken, t } from "../common/translate.js";

export const runs = () => t("Runs");
export const chooseAll = () => t("Choose all runs of this page");
/** @param {string} name */
export const chooseRun = (name) => t("Choose {name}", { name });
/** @param {number} most */
export const tooMany = (most) => t("At most {most} runs can be chosen.", { most });
/** @param {string} name */
export const openRun = (name) => t("Open {name} on Train", { name });
/** @param {string} name */
export const star = (name) => t("Star of {name}", { name });

/** The columns' names. */
export const heads = () => ({
  starred: t("Star"),
  name: t("Name"),
  curve: t("Validation accuracy by epoch"),
  accuracy: t("Training accuracy"),
  val_accuracy: t("Validation accuracy"),
  test_accuracy: t("Test accuracy"),
  epochs: t("Epochs"),
  seconds: t("Seconds"),
  status: t("Status"),
  started: t("Started"),
});

/** @param {number | null | undefined} share */
export const accuracy = (share) => (share == null ? "–" : percent(share));
/** @param {{sealed: boolean, testAccuracy: number | null}} row */
export const testAccuracy = (row) => (row.sealed ? t("sealed") : accuracy(row.testAccuracy));

/** @param {number} number */
export const seconds = (number) =>
  number.toLocaleString(spoken(), { maximumFractionDigits: number < 100 ? 1 : 0 });

/**
 * @param {number} done
 * @param {number} all
 */
export const epochsDone = (done, all) => t("{done} of {all}", { done, all });

/** @param {number[]} accuracies */
export function curve(accuracies) {
  if (!accuracies.length) return t("no epoch has ended yet");
  const [first, last] = [accuracies[0], accuracies.at(-1)].map(accuracy);
  return t("from {first} to {last}", { first, last });
}
