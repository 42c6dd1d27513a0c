// Who has answered the quiz, in a sentence.

import { t } from "../../common/translate.js";

/**
 * @typedef {object} Counted what is needed of a view
 * @property {"before" | "after" | null} quiz the one that is open
 * @property {{before: number, after: number}} quizzes how many have answered
 * @property {number} count of members
 */

/** @param {Counted} view */
export function says({ quiz, quizzes, count }) {
  if (quiz) return t("{done} of {count} have answered.", { done: quizzes[quiz], count });
  return t("The quiz is closed. Answered before the lesson: {before}, after it: {after}.", quizzes);
}
