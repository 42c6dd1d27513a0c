// What the board of a class and its projector say, in the visitor's language.

import { percent, plural, t } from "../../common/translate.js";

export const here = () => t("here");
export const away = () => t("away");
export const noRun = () => t("no run yet");
export const answered = () => t("answered");
export const locked = () => t("locked");
export const noAnswer = () => t("no answer yet");
export const explained = () => t("explained");
export const nobody = () => t("Nobody has joined yet. Show the code.");
export const chartsNotLoaded = () => t("The charts could not be loaded. Please reload the page.");
export const connectionLost = () => t("Connection lost, trying again…");
export const classGone = () => t("This class is no longer yours to see. Load the page again.");
export const noCharts = () => t("Charts appear with the first answers and runs.");
export const joinHere = () => t("Join this class");
export const orScan = () => t("Open this address or scan the code:");
export const waiting = () => t("The activity begins soon.");
export const over = () => t("The lesson is over.");

/** @param {import("./tiles.js").Trouble} trouble */
export function help(trouble) {
  return {
    failed: t("The run failed."),
    "no-answer": t("No answer for long."),
    "no-run": t("No run for long."),
    "same-page": t("Same page for long."),
  }[trouble];
}

/**
 * How long somebody has been at something.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  const minutes = Math.floor(Math.max(seconds, 0) / 60);
  return minutes < 1 ? t("just now") : t("{minutes} min", { minutes });
}

/** @param {number | null} share 0 to 1 */
export const accuracy = (share) =>
  share === null ? "" : t("{share} right", { share: percent(share) });

/**
 * Who is in the class.
 *
 * @param {number} there
 * @param {number} all
 */
export const present = (there, all) =>
  plural("{there} of {count} member here", "{there} of {count} members here", all, { there });

/**
 * How far the class is.
 *
 * @param {import("./tiles.js").At} at
 * @param {number} all
 */
export function progress(
  { answered: said, locked: fixed, trained, explained: told, activity },
  all,
) {
  const parts = [];
  if (activity.prediction) parts.push(t("{count} of {all} answered", { count: said, all }));
  if (activity.prediction) parts.push(t("{count} locked", { count: fixed }));
  parts.push(t("{count} trained", { count: trained }));
  if (activity.question) parts.push(t("{count} explained", { count: told }));
  return parts.join(" · ");
}

/**
 * @param {number} count
 * @param {number} all
 */
export const answers = (count, all) => t("{count} of {all} answered", { count, all });

/** @param {number} count */
export const joined = (count) =>
  plural("{count} has joined", "{count} have joined", count, { count });

/**
 * @param {number} done
 * @param {number} all
 */
export const epochs = (done, all) => t("epoch {epoch} of {all}", { epoch: done, all });
