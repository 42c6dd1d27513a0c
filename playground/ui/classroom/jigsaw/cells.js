// What the cells of a jigsaw say, as playground/classroom/views/ tells it.

import { percent, plural, t } from "../../common/translate.js";

/**
 * @typedef {object} Cell
 * @property {"open" | "dealt" | "trains" | "done" | "failed"} standing
 * @property {number | null} mean validation accuracy of its runs, 0 to 1
 * @property {number} runs with a result
 */

// How much of the colour the lowest result has; the highest has all.
const LEAST = 0.1;

/** @param {Cell} cell */
export function says({ standing, mean }) {
  switch (standing) {
    case "done":
      return mean === null ? "–" : percent(mean);
    case "trains":
      return t("trains");
    case "failed":
      return t("failed");
    case "dealt":
      return t("taken");
    default:
      return t("open");
  }
}

/** @param {Cell} cell @param {boolean} mine */
export function adds({ runs }, mine) {
  const words = [];
  if (mine) words.push(t("yours"));
  if (runs > 1) words.push(plural("mean of {count} run", "mean of {count} runs", runs));
  return words.join(" · ");
}

/** @param {Cell[]} cells */
export function progress(cells) {
  const done = cells.filter(({ standing }) => standing === "done").length;
  return plural(
    "{count} of {all} cells has a result.",
    "{count} of {all} cells have a result.",
    done,
    {
      count: done,
      all: cells.length,
    },
  );
}

/**
 * How much colour each cell has, 0 to 1; 0 without a result.
 *
 * @param {Cell[]} cells
 */
export function shares(cells) {
  const means = cells.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  const [low, high] = [Math.min(...means), Math.max(...means)];
  return cells.map(({ mean }) => {
    if (mean === null) return 0;
    return LEAST + (1 - LEAST) * (high > low ? (mean - low) / (high - low) : 1);
  });
}

/** @param {unknown} value of a setting, as JSON has it */
export function shown(value) {
  if (Array.isArray(value)) return value.join("-") || t("none");
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  return String(value);
}
