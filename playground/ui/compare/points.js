// The points of a run's curves, from its events.

/**
 * @typedef {object} Point a finished epoch
 * @property {number} epoch
 * @property {number} seconds since the run began to train, its finished epochs only
 * @property {number} loss
 * @property {number} accuracy
 * @property {number} val_loss
 * @property {number} val_accuracy
 * @typedef {"epochs" | "steps" | "images" | "seconds"} Axis
 */

/**
 * The points after one more epoch; hearing it twice changes nothing.
 *
 * @param {Point[]} points
 * @param {any} data of the event
 */
export function withEpoch(points, data) {
  const last = points.at(-1);
  if (last && data.epoch <= last.epoch) return points;
  return [...points, { ...data, seconds: (last?.seconds ?? 0) + data.seconds }];
}

/**
 * Where a point stands on the axis that the runs are aligned by.
 *
 * @param {Point} point
 * @param {Axis} axis
 * @param {{steps: number, images: number}} run how many each epoch has
 */
export function position({ epoch, seconds }, axis, { steps, images }) {
  return { epochs: epoch, steps: epoch * steps, images: epoch * images, seconds }[axis];
}
