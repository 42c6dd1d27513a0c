// How an event's values join the traces of a chart: figures/bindings.py says which go where.

import { thin } from "./thinning.js";

/**
 * @typedef {object} Binding which field of which event goes to which trace of which chart
 * @property {string} event
 * @property {string} chart
 * @property {number} trace
 * @property {string | null} x
 * @property {string | null} y
 * @property {string | null} customdata
 * @property {string | null} z
 * @property {string | null} row
 * @property {number | null} most
 *
 * @typedef {{x: (number | null)[], y: (number | null)[], z: number[][], customdata: unknown[], meta?: {end?: boolean}, texttemplate?: string, textfont?: object}} Trace
 *   the arrays of its kind; an x or y of null begins a trace, for the legend's sake
 * @typedef {{data: Trace[], layout: Record<string, any>}} Figure as Plotly's JSON
 * @typedef {{autorange?: boolean, range?: [number, number]}} Axis
 */

/**
 * Whether an axis shows this value as it is: it has room for a marker, or the reader zoomed.
 *
 * @param {number} value
 * @param {Axis} axis
 */
export function fits(value, { autorange, range }) {
  if (autorange === false) return true;
  if (!range) return false;
  const [low, high] = range;
  const room = (high - low) / 100;
  return value >= low + room && value <= high - room;
}

/**
 * Add an event's values to the trace that a binding names.
 *
 * @param {Figure} figure
 * @param {Binding} binding
 * @param {Record<string, any>} data of the event
 * @returns {boolean} whether the chart must be drawn whole: more than a line within it has changed
 */
export function addValues({ data: traces, layout }, binding, data) {
  const trace = traces[binding.trace];
  const field = (/** @type {string | null} */ name) => data[/** @type {string} */ (name)];
  if (binding.z) {
    trace.z = field(binding.z);
    return true;
  }
  if (binding.row) {
    trace.y.push(field(binding.y));
    trace.z.push(field(binding.row));
    return true;
  }
  if (!binding.y) {
    trace.x = [field(binding.x)];
    return true;
  }
  /** @type {number[][]} */
  const [x, y] = [binding.x, binding.y].map((name) => [field(name)].flat());
  // A trace's first point, behind the missing one it begins with, brings its name into the legend
  // and gives the axes, which have shown nothing until then, their range.
  const first = trace.x.every((value) => value === null);
  const inside = (/** @type {number[]} */ values, /** @type {Axis} */ axis) =>
    values.every((value) => fits(value, axis));
  const whole = first || !inside(x, layout.xaxis) || !inside(y, layout.yaxis);
  trace.x.push(...x);
  trace.y.push(...y);
  if (binding.most && trace.x.length > binding.most) thin(trace, binding.most);
  if (binding.customdata) trace.customdata.push(field(binding.customdata));
  return whole;
}
