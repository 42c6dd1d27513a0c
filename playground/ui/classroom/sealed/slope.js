// Where the lines from validation to test accuracy stand in their picture.

export const [WIDTH, HEIGHT, MARGIN] = [320, 200, 16];

/**
 * @typedef {{val: number, test: number}} Result
 * @typedef {{from: number, to: number, result: Result}} Line heights in the picture, from the top
 */

/**
 * @param {Result[]} results
 * @returns {Line[]}
 */
export function lines(results) {
  const values = results.flatMap(({ val, test }) => [val, test]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = HEIGHT - 2 * MARGIN;
  /** @param {number} value */
  const height = (value) => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return Math.round(10 * (MARGIN + room * (1 - share))) / 10;
  };
  return results.map((result) => ({
    from: height(result.val),
    to: height(result.test),
    result,
  }));
}
