// What the confusion matrix says.

/**
 * @param {number} count
 * @param {string} truth the true label
 * @param {string} predicted
 */
export function describeCell(count, truth, predicted) {
  return `${count} ${count === 1 ? "image" : "images"} of ${truth} called ${predicted}`;
}
