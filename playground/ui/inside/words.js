// What the confusion matrix says.

import { plural } from "../common/translate.js";

/**
 * @param {number} count
 * @param {string} truth the true label
 * @param {string} predicted
 */
export function describeCell(count, truth, predicted) {
  return plural(
    "{count} image of {truth} called {predicted}",
    "{count} images of {truth} called {predicted}",
    count,
    { truth, predicted },
  );
}
