// The real curve, from a run's events.

import { COUNT } from "./samples.js";

/**
 * @typedef {"loss" | "accuracy" | "val_loss" | "val_accuracy"} Metric
 * @typedef {{epoch: number, value: number}} Point
 */

/**
 * The points after one more epoch; hearing it twice changes nothing.
 *
 * @param {Point[]} points
 * @param {import("../../board/events.d.ts").EpochEnd} data of the event
 * @param {Metric} metric
 * @returns {Point[]}
 */
export function withPoint(points, data, metric) {
  const last = points.at(-1);
  if (last && data.epoch <= last.epoch) return points;
  const value = data[metric];
  return Number.isFinite(value) ? [...points, { epoch: data.epoch, value }] : points;
}

/**
 * What was drawn for an epoch's end.
 *
 * @param {number[] | null} values
 * @param {number} epoch
 * @param {number} epochs of the chart
 */
export function guessAt(values, epoch, epochs) {
  if (!values || epoch < 0 || epoch > epochs) return null;
  const at = (epoch / epochs) * (COUNT - 1);
  const [low, high] = [Math.floor(at), Math.ceil(at)];
  return values[low] + (at - low) * (values[high] - values[low]);
}
