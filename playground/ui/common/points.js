// The points of a chart in the order in which they are walked, and what is said of each.

import { percent, spoken, t } from "./translate.js";

/**
 * @typedef {{trace: any, name: string, x: any, y: any, value: unknown}} Value of a trace at a stop
 * @typedef {{position: any, values: Value[]}} Stop values that are said together: of one position on
 *   the axis, or of one cell of a heat map
 * @typedef {{stops: Stop[], columns: number, cells: boolean}} Points `columns` of them are a row;
 *   of lines all are in one
 */

/** @param {any} trace */
const shown = ({ visible, hoverinfo, type }) =>
  visible !== false &&
  visible !== "legendonly" &&
  hoverinfo !== "skip" &&
  [undefined, "scatter", "scattergl", "bar", "heatmap"].includes(type);

/** @param {unknown} value */
const there = (value) => value != null && !Number.isNaN(value);

/** An array of a trace, which Python may have sent as bytes. @param {any} given @returns {any[]} */
const list = (given) => given?._inputArray ?? (given?.length === undefined ? [] : given);

/** @param {any[]} values */
const named = (values) => values.some((one) => typeof one === "string");

/** Whether a trace has its positions on the upright axis, as bars that lie. @param {any} trace */
const upright = ({ orientation, x, y }) =>
  orientation === "h" || (named(list(y)) && !named(list(x)));

/**
 * The traces that say where there are stops: those with a name at their end, if there are such.
 * Beside them lines are there to be seen, and marks are said where they stand at a stop.
 *
 * @param {any[]} traces
 */
function split(traces) {
  const main = traces.filter(({ meta }) => meta?.end);
  if (!main.length) return { main: traces, marks: [] };
  return { main, marks: traces.filter(({ mode }) => mode === "markers") };
}

/**
 * @param {any[]} data Plotly's traces
 * @returns {Points}
 */
export function points(data) {
  const traces = data.filter(shown);
  const map = traces.find(({ type }) => type === "heatmap");
  if (map) return ofMap(map);
  const { main, marks } = split(traces);
  /** @type {Map<unknown, Stop>} */
  const stops = new Map();
  for (const trace of [...main, ...marks]) {
    const turned = upright(trace);
    const [x, y] = [list(trace.x), list(trace.y)];
    const length = Math.min(x.length, y.length);
    for (let i = 0; i < length; i++) {
      if (!there(x[i]) || !there(y[i])) continue;
      const [position, value] = turned ? [y[i], x[i]] : [x[i], y[i]];
      const known = stops.get(position);
      if (!known && !main.includes(trace)) continue;
      const one = { trace, name: trace.name ?? "", x: x[i], y: y[i], value };
      if (known) known.values.push(one);
      else stops.set(position, { position, values: [one] });
    }
  }
  const all = [...stops.values()];
  if (all.every(({ position }) => typeof position === "number"))
    all.sort((a, b) => a.position - b.position);
  return { stops: all, columns: all.length, cells: false };
}

/**
 * @param {any} trace a heat map
 * @returns {Points}
 */
function ofMap(trace) {
  const [x, y, z] = [list(trace.x), list(trace.y), list(trace.z)];
  const columns = z[0]?.length ?? 0;
  const stops = z.flatMap((row, i) =>
    [...row].map((value, j) => ({
      position: x[j] ?? j,
      values: [{ trace, name: "", x: x[j] ?? j, y: y[i] ?? i, value }],
    })),
  );
  return { stops, columns, cells: true };
}

/**
 * Where a key leads; null if it leads nowhere. In a heat map, whose first row is the upper one or
 * the lower one, up and down go from row to row.
 *
 * @param {string} key
 * @param {number} at
 * @param {Points} among
 * @param {boolean} [upwards] whether the rows begin below
 */
export function target(key, at, { stops, columns, cells }, upwards = false) {
  const last = stops.length - 1;
  const many = cells ? columns : Math.max(2, Math.round(stops.length / 10));
  const down = cells ? (upwards ? -columns : columns) : -1;
  const moves = /** @type {Record<string, number>} */ ({
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowDown: at + down,
    ArrowUp: at - down,
    PageUp: at + (cells ? -down : many),
    PageDown: at + (cells ? down : -many),
    Home: 0,
    End: last,
  });
  const to = moves[key];
  if (to === undefined || last < 0) return null;
  if (!cells) return Math.min(Math.max(to, 0), last);
  // A row's end is an end, and so are the first row and the last.
  const sideways = key === "ArrowLeft" || key === "ArrowRight";
  const away = to < 0 || to > last;
  const other = sideways && Math.floor(to / columns) !== Math.floor(at / columns);
  return away || other ? at : to;
}

/** @param {unknown} value */
export function number(value) {
  if (typeof value !== "number") return String(value);
  return value.toLocaleString(spoken(), { maximumSignificantDigits: 4 });
}

/**
 * A value as its axis writes it: as a percentage, where its ticks are such.
 *
 * @param {unknown} value
 * @param {any} trace
 * @param {Record<string, any>} layout
 */
function measured(value, trace, layout) {
  const axis = upright(trace) ? (trace.xaxis ?? "x") : (trace.yaxis ?? "y");
  const ticks = layout[`${axis[0]}axis${axis.slice(1)}`]?.tickformat ?? "";
  if (typeof value !== "number" || !ticks.endsWith("%")) return number(value);
  return percent(value);
}

/** @param {any} axis of a layout */
const title = (axis) => plain(axis?.title?.text ?? "");

/** Without the tags that Plotly draws. @param {string} text */
const plain = (text) => text.replace(/<br>/g, " ").replace(/<[^>]*>/g, "");

/**
 * What is said of a stop.
 *
 * @param {Points} among
 * @param {number} at
 * @param {Record<string, any>} layout
 */
export function said({ stops, cells }, at, layout) {
  const { position, values } = stops[at];
  const [first] = values;
  if (cells) {
    const value = there(first.value) ? number(first.value) : t("nothing");
    const axis = (/** @type {any} */ one, /** @type {unknown} */ value_) =>
      `${title(one)} ${number(value_)}`.trim();
    return `${axis(layout.yaxis, first.y)}, ${axis(layout.xaxis, first.x)}: ${value}`;
  }
  const axis = title(upright(first.trace) ? layout.yaxis : layout.xaxis);
  return t("{position}, {at} of {count}: {values}", {
    position: `${axis} ${number(position)}`.trim(),
    at: number(at + 1),
    count: number(stops.length),
    values: values
      .map(({ trace, name, value }) => `${plain(name)} ${measured(value, trace, layout)}`.trim())
      .join(", "),
  });
}
