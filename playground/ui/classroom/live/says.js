// What the line of a class says, and when there is something new to be shown.

import { said, t } from "../../common/translate.js";

/** @typedef {import("./view.d.ts").View} View */

/**
 * Which class it is, and as whom one is in it.
 *
 * @param {View | null} view
 * @param {Record<string, string>} names colours and animals, by the English that views have
 */
export function whose(view, names) {
  if (!view) return "";
  const { name } = view.you;
  return [view.class.name, names[name] ?? name].filter(Boolean).join(" · ");
}

/** @param {View | null} view */
export function now(view) {
  if (!view) return t("You are no longer in this class.");
  if (view.class.ended) return t("The lesson is over.");
  if (view.quiz) return t("There is a quiz for you.");
  if (!view.at) return t("Your teacher opens the first activity soon.");
  const { activity, phase, revealed } = view.at;
  const title = said(activity.title);
  if (revealed) return t("{title}: compare with the class", { title });
  if (phase === "predict") return t("{title}: predict", { title });
  return title;
}

/**
 * What of a view a page has to be drawn again for; the rest is shown as it comes.
 *
 * @param {View | null} view
 */
export function drawn(view) {
  if (!view) return "";
  const at = view.at;
  const what = at && [at.number, at.phase, at.revealed, Boolean(at.envelope)];
  return JSON.stringify([what, view.quiz, view.class.ended, view.locks]);
}
